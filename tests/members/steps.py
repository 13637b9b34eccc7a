"""Joining through HTTP, step by step, as a browser without scripts does it."""

from datetime import date

from django.utils import timezone

from tests.client import CheckingClient
from tests.factories.members import AgencyFactory, legal_texts_in_force
from tests.factories.uploads import pdf, upload_of

PASSWORD = "우산 아래 빗소리 42"
LOGIN_NAME = "hanbitmetal"
NUMBER = "124-81-00998"

TERMS, VERIFY, COMPANY, DONE = (
    "/join/terms/",
    "/join/verify/",
    "/join/company/",
    "/join/done/",
)


def figure_years():
    """Return the three calendar years before this one."""
    this_year = timezone.localdate().year
    return [this_year - 3, this_year - 2, this_year - 1]


def account_entries():
    return {
        "account-username": LOGIN_NAME,
        "account-password": PASSWORD,
        "account-password_again": PASSWORD,
    }


def papers_entries():
    return {"papers-join_bundle": upload_of("가입서류.pdf", pdf())}


def required_record_entries():
    """Return every starred field of S37 to S44 and none of the others."""
    entries = {
        "person-name": "이담당",
        "person-department": "해외영업팀",
        "person-position": "과장",
        "person-phone": "042-820-9623",
        "person-mobile": "010-1234-5678",
        "person-email": "lee@hanbit.example",
        "company-name": "한빛금속㈜",
        "company-representative": "김대표",
        "company-representative_sex": "F",
        "company-founded_date": date(2011, 4, 5).isoformat(),
        "company-head_office_road": "대전광역시 유성구 대학로 99",
        "company-phone": "042-123-4567",
        "company-email": "office@hanbit.example",
        "company-industry": "금속 가공",
        "company-business_type": "제조",
        "company-main_product": "정밀 금형",
        "company-employees": "24",
        "company-assets_million_krw": "3,200",
    }
    for year in figure_years():
        entries[f"figures-sales_{year}"] = "5,400"
        entries[f"figures-exports_{year}"] = "0"
    return entries


def product_entries(*rows):
    """Return the entries of a product formset."""
    entries = {"products-TOTAL_FORMS": str(len(rows)), "products-INITIAL_FORMS": "0"}
    for index, row in enumerate(rows):
        entries |= {f"products-{index}-{name}": value for name, value in row.items()}
    return entries


def joining_entries(**changes):
    """Return a whole right step 3; a value of None leaves the field out."""
    entries = {
        **account_entries(),
        **papers_entries(),
        **required_record_entries(),
        **product_entries({"name": "정밀 금형", "hs_code": "8480.71-0000"}),
        **changes,
    }
    return {name: value for name, value in entries.items() if value is not None}


def answers(texts, choice="agreed"):
    """Return step 1's answers; the optional text is declined."""
    return {
        f"text_{text.uuid.hex}": choice if text.is_required else "declined"
        for text in texts
        if text.kind != "privacy_policy"
    }


def at_step_two():
    """Return a client with its consents given."""
    texts = legal_texts_in_force()
    client = CheckingClient()
    response = client.post(TERMS, answers(texts))
    assert response.headers["Location"] == VERIFY
    return client


def at_step_three(*, number=NUMBER, agency=None):
    """Return a client that chose the paper route."""
    client = at_step_two()
    agency = agency or AgencyFactory()
    response = client.post(VERIFY, {"business_number": number, "agency": agency.code})
    assert response.headers["Location"] == COMPANY
    return client


def with_checked_id(client, name=LOGIN_NAME):
    """Press 중복확인 as the page's script does."""
    answer = client.post("/join/id-check/", {"id": name}).json()
    assert answer["available"], answer
    return client


def errors_of(response):
    """Return the errors of step 3 as {form prefix-field: messages}."""
    found = {}
    for form in response.context["forms"].forms:
        rows = form.forms if hasattr(form, "forms") else [form]
        for row in rows:
            for name, messages in row.errors.items():
                found[row.add_prefix(name)] = messages
    return found
