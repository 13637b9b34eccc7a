"""Joining on the paper route, end to end through HTTP (S20 to S27, S31 to S50)."""

import pytest

from members.enums import ConsentChoice, MembershipState, PaperSlot
from members.models import Company, Consent, JoinDraft, OutboxMail, Paper, User
from tests.client import CheckingClient
from tests.factories.members import (
    AgencyFactory,
    CompanyFactory,
    MemberFactory,
    legal_texts_in_force,
)
from tests.factories.uploads import pdf, upload_of
from tests.members import steps

pytestmark = pytest.mark.django_db


def test_a_company_joins_by_papers_from_the_first_page_to_the_last():
    """S20, S31, S50: four steps, then a waiting company with its master, papers and consents."""
    agency = AgencyFactory()
    client = steps.with_checked_id(steps.at_step_three(agency=agency))

    response = client.post(steps.COMPANY, steps.joining_entries(), follow=True)

    assert response.redirect_chain == [(steps.DONE, 302)]
    company = Company.objects.get()
    person = company.people.get()
    assert company.business_number == "1248100998"
    assert company.membership_state == MembershipState.WAITING
    assert company.originals_agency == agency
    assert person.is_company_master
    assert person.check_password(steps.PASSWORD)
    assert person.mobile == "01012345678"
    assert company.products.get().hs_code == "8480710000"
    assert company.figures.count() == 3
    paper = company.papers.get()
    assert paper.slot == PaperSlot.JOIN_BUNDLE
    assert paper.file.is_encrypted
    assert company.membership_events.get().to_state == MembershipState.WAITING
    assert company.originals.get().cover_code in response.content.decode()


def test_every_step_says_what_membership_is_for_and_where_one_is():
    """S20, S21: the sentence and the indicator on each page; companies only."""
    client = steps.with_checked_id(steps.at_step_three())
    pages = [client.get(address).content.decode() for address in (steps.TERMS, steps.VERIFY)]
    pages.append(client.get(steps.COMPANY).content.decode())
    client.post(steps.COMPANY, steps.joining_entries())
    pages.append(client.get(steps.DONE).content.decode())

    assert all("지속적으로 소통하기 위해 회원제를 운영" in page for page in pages)
    assert all('aria-current="step"' in page for page in pages)
    assert "회원은 기업만 가입할 수 있습니다." in pages[0]
    assert "회원은 기업전용입니다." in pages[1]


def test_joining_records_every_answer_with_the_text_that_was_shown():
    """S22, S23, S24, S25: person, version and hash, time, address; the optional one declined."""
    client = steps.with_checked_id(steps.at_step_three())

    client.post(steps.COMPANY, steps.joining_entries())

    consents = Consent.objects.select_related("text")
    assert consents.count() == 4
    assert all(consent.text_hash == consent.text.content_hash for consent in consents)
    assert all(consent.address == "127.0.0.1" for consent in consents)
    declined = consents.get(choice=ConsentChoice.DECLINED)
    assert not declined.text.is_required


def test_joining_mails_the_person_and_the_agency():
    """S20, S32: what comes next, with the envelope's number; no personal secret in it."""
    client = steps.with_checked_id(steps.at_step_three())

    client.post(steps.COMPANY, steps.joining_entries())

    joined = OutboxMail.objects.get(kind="joined")
    assert joined.to == "lee@hanbit.example"
    assert Company.objects.get().originals.get().cover_code in joined.body
    assert steps.PASSWORD not in joined.body
    assert OutboxMail.objects.filter(kind="joining_to_screen").exists()


def test_the_closing_page_stays_but_the_draft_is_empty():
    """S50: reload shows the same page; nothing typed is left in the draft."""
    client = steps.with_checked_id(steps.at_step_three())
    client.post(steps.COMPANY, steps.joining_entries())

    response = client.get(steps.DONE)

    assert "회원가입 신청을 마쳤습니다." in response.content.decode()
    draft = JoinDraft.objects.get()
    assert set(draft.values) == {"done"}
    assert not draft.files.exists()
    assert client.get(steps.COMPANY).headers["Location"] == steps.DONE


STARRED = [
    *steps.account_entries(),
    *steps.papers_entries(),
    *steps.required_record_entries(),
]


@pytest.mark.parametrize("name", STARRED)
def test_leaving_a_starred_field_out_is_refused_at_that_field(name):
    """S34, S35, S36, S37, S38, S39, S40, S41, S42, S43, S44: every required mark of the manual."""
    client = steps.with_checked_id(steps.at_step_three())

    response = client.post(steps.COMPANY, steps.joining_entries(**{name: None}))

    assert response.status_code == 200
    assert name in steps.errors_of(response)
    assert not Company.objects.exists()


def test_only_the_starred_fields_are_needed():
    """S37, S39, S40, S41, S42, S43, S44, S47: everything without an asterisk may stay empty."""
    client = steps.with_checked_id(steps.at_step_three())
    entries = steps.joining_entries(**{"products-0-name": None, "products-0-hs_code": None})

    response = client.post(steps.COMPANY, entries)

    assert response.headers["Location"] == steps.DONE
    assert not Company.objects.get().products.exists()


def test_the_starred_fields_are_marked_on_the_page():
    """S34 to S44: the marks on the screen are those of the forms."""
    client = steps.at_step_three()

    shown = client.get(steps.COMPANY).context["forms"]

    required = {
        bound.html_name
        for form in shown.forms
        if not hasattr(form, "forms")
        for bound in form
        if bound.field.required
    }
    assert required == set(STARRED)


def test_a_year_before_the_company_was_founded_may_stay_empty():
    """S43, S44: a younger firm has no figures for it, which is not the same as 0."""
    client = steps.with_checked_id(steps.at_step_three())
    first, second, _ = steps.figure_years()
    entries = steps.joining_entries(
        **{
            "company-founded_date": f"{second}-07-01",
            f"figures-sales_{first}": "",
            f"figures-exports_{first}": "",
        }
    )

    response = client.post(steps.COMPANY, entries)

    assert response.headers["Location"] == steps.DONE
    assert Company.objects.get().figures.get(year=first).sales_million_krw is None


@pytest.mark.parametrize("address", [steps.VERIFY, steps.COMPANY])
def test_later_steps_are_not_reached_without_the_earlier_ones(client, address):
    """S20: no draft, no step."""
    legal_texts_in_force()

    assert client.get(address).headers["Location"] == steps.TERMS
    assert client.post(address, {}).headers["Location"] == steps.TERMS


def test_step_three_is_not_reached_without_step_two():
    """S20: the number and the agency come first."""
    client = steps.at_step_two()

    assert client.get(steps.COMPANY).headers["Location"] == steps.VERIFY
    assert client.post(steps.COMPANY, {}).headers["Location"] == steps.VERIFY


def test_required_consents_cannot_be_declined(client):
    """S26: all required ones are needed to go on; the page says which."""
    texts = legal_texts_in_force()

    response = client.post(steps.TERMS, steps.answers(texts, "declined"))

    assert response.status_code == 200
    assert len(response.context["form"].errors) == 3
    assert not JoinDraft.objects.exists()


def test_the_optional_consent_is_not_needed(client):
    """S25: leaving the mail consent unanswered goes on and counts as declined."""
    texts = legal_texts_in_force()
    given = steps.answers(texts)
    optional = next(text for text in texts if not text.is_required)
    del given[f"text_{optional.uuid.hex}"]

    client.post(steps.TERMS, given)

    assert JoinDraft.objects.get().choices[str(optional.uuid)] == "declined"


def test_agreeing_to_all_required_leaves_the_optional_one(client):
    """S26: «전체 필수 선택동의» without scripts ticks the required ones and writes nothing."""
    texts = legal_texts_in_force()

    response = client.post(steps.TERMS, {"agree_required": "1"})

    form = response.context["form"]
    shown = {text: form[form.name_of(text)].value() for text in form.texts}
    assert all((value == "agreed") == text.is_required for text, value in shown.items())
    assert len(shown) == len(texts) - 1
    assert not JoinDraft.objects.exists()


def test_nothing_is_ticked_beforehand(client):
    """S22: a consent is given by the person."""
    legal_texts_in_force()

    content = client.get(steps.TERMS).content.decode()

    assert "checked" not in content.split("<main")[1].split("</main>")[0]
    assert "메일" in content


def test_new_texts_are_asked_again():
    """S22: a version that takes effect during a joining leads back to step 1."""
    client = steps.with_checked_id(steps.at_step_three())
    legal_texts_in_force()

    response = client.post(steps.COMPANY, steps.joining_entries())

    assert response.headers["Location"] == steps.TERMS
    assert not Company.objects.exists()


def test_without_texts_in_force_nobody_can_join(client):
    """S22: there is nothing to consent to yet."""
    content = client.get(steps.TERMS).content.decode()

    assert "지금은 가입할 수 없습니다." in content


def test_a_number_that_is_a_member_is_told_so_at_step_two():
    """S40: leads to recovery and says nothing of whose it is."""
    company = CompanyFactory(business_number="1248100998", name="비밀산업")
    client = steps.at_step_two()

    response = client.post(
        steps.VERIFY, {"business_number": steps.NUMBER, "agency": AgencyFactory().code}
    )

    content = response.content.decode()
    assert "이미 가입한 사업자등록번호입니다." in content
    assert "/find/id/" in content
    assert company.name not in content


def test_the_agency_for_originals_must_be_chosen():
    """S32: decision A9, 접수 기관 is required on the paper route."""
    client = steps.at_step_two()

    response = client.post(steps.VERIFY, {"business_number": steps.NUMBER})

    assert "agency" in response.context["form"].errors


def test_a_wrong_number_is_refused_at_step_two():
    """S31: the number has a check digit."""
    client = steps.at_step_two()

    response = client.post(
        steps.VERIFY, {"business_number": "123-45-67890", "agency": AgencyFactory().code}
    )

    assert "business_number" in response.context["form"].errors


def test_the_consent_form_can_be_printed(client):
    """S31: 기업정보활용동의서 with the text in force."""
    legal_texts_in_force()

    content = client.get("/join/consent-form/").content.decode()

    assert "기업정보의 제공·활용" in content
    assert "직인" in content


def test_cancelling_destroys_what_was_entered():
    """S26, S50: 취소 leaves nothing, the file's bytes neither."""
    client = steps.at_step_three()
    client.post(steps.COMPANY, steps.joining_entries(save="1"))
    stored = JoinDraft.objects.get().files.get().file

    response = client.post("/join/cancel/")

    assert response.headers["Location"] == "/"
    assert not JoinDraft.objects.exists()
    stored.refresh_from_db()
    assert stored.destroyed_at is not None
    assert not stored.content.storage.exists(stored.content.name)


def test_several_files_of_papers_are_taken():
    """S36: decision A16, several files instead of one ZIP."""
    client = steps.with_checked_id(steps.at_step_three())
    files = [upload_of("동의서.pdf", pdf()), upload_of("사업자등록증.pdf", pdf(b"%2"))]

    client.post(steps.COMPANY, steps.joining_entries(**{"papers-join_bundle": files}))

    names = set(Paper.objects.values_list("file__display_name", flat=True))
    assert names == {"동의서.pdf", "사업자등록증.pdf"}


def test_a_member_who_is_logged_in_has_joined_already(log_in):
    """S20: the steps are for visitors."""
    client = log_in(MemberFactory())

    assert client.get(steps.TERMS).headers["Location"] == "/my/"


def test_public_steps_set_no_session_cookie():
    """S20: only the CSRF cookie of a form."""
    legal_texts_in_force()
    client = CheckingClient()

    response = client.get(steps.TERMS)

    assert set(response.cookies) <= {"csrftoken"}


def test_the_new_person_can_log_in_and_sees_the_waiting_page():
    """S64: waiting may log in and mend the papers, nothing else."""
    client = steps.with_checked_id(steps.at_step_three())
    client.post(steps.COMPANY, steps.joining_entries())

    client.post("/login/", {"username": steps.LOGIN_NAME, "password": steps.PASSWORD})

    assert "심사 대기" in client.get("/my/").content.decode()
    assert client.get("/my/profile/").headers["Location"] == "/my/membership/"
    assert User.objects.get().sessions.count() == 1
