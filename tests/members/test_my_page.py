"""My page: membership, record, people, consents, papers (S31, S42 to S47, S58, S64)."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from members.enums import (
    ConsentChoice,
    LegalKind,
    MembershipState,
    PaperSlot,
    PaperState,
)
from members.models import Company, Consent, Paper
from tests.factories.members import (
    AgencyFactory,
    CompanyFactory,
    ConsentFactory,
    LegalTextFactory,
    MemberFactory,
    OriginalsFileFactory,
    PaperFactory,
    StaffFactory,
    legal_texts_in_force,
)
from tests.factories.uploads import pdf, upload_of
from tests.members import steps

pytestmark = pytest.mark.django_db

OPEN_TO_ALL_STATES = ["/my/", "/my/membership/", "/my/consents/", "/my/papers/", "/my/sessions/"]
MEMBERS_ONLY = ["/my/profile/", "/my/products/", "/my/figures/", "/my/people/"]


@pytest.mark.parametrize("address", [*OPEN_TO_ALL_STATES, *MEMBERS_ONLY])
def test_a_member_opens_every_page(log_in, address):
    """S64: provisional and full alike."""
    for traits in ({}, {"provisional": True}):
        assert log_in(MemberFactory(**traits)).get(address).status_code == 200


@pytest.mark.parametrize("state", ["waiting", "refused", "suspended"])
def test_other_states_open_what_is_theirs(log_in, state):
    """S64: papers and explanation; the rest leads to the explanation."""
    client = log_in(MemberFactory(**{state: True}))

    assert all(client.get(address).status_code == 200 for address in OPEN_TO_ALL_STATES)
    assert all(
        client.get(address).headers["Location"] == "/my/membership/" for address in MEMBERS_ONLY
    )


def test_staff_are_sent_to_their_own_home(log_in):
    """S63: a staff account has no company's pages."""
    client = log_in(StaffFactory())

    assert client.get("/my/").headers["Location"] == "/admin/"
    assert client.get("/my/consents/").status_code == 403


def test_visitors_are_asked_to_log_in(client):
    """S4."""
    assert client.get("/my/").headers["Location"] == "/login/?next=/my/"


@pytest.mark.parametrize("state", MembershipState.values)
def test_every_state_says_what_it_means(log_in, state):
    """S64: the state's name and a sentence."""
    company = CompanyFactory(membership_state=state, membership_reason="사유가 여기 있습니다.")

    content = log_in(MemberFactory(company=company)).get("/my/membership/").content.decode()

    assert company.get_membership_state_display() in content
    assert "사유가 여기 있습니다." in content


def test_missing_originals_are_named(log_in, at):
    """S32, S33: what is missing, where it goes, since when it is marked."""
    person = MemberFactory(provisional=True)
    agency = AgencyFactory(name="원본접수진흥원")
    OriginalsFileFactory(
        company=person.company,
        agency=agency,
        cover_code="K7MQ29XT",
        received_slots=[PaperSlot.BUSINESS_REGISTRATION],
    )

    content = log_in(person).get("/my/").content.decode()

    assert "인감증명서(원본)" in content
    assert "사업자등록증(사본) 원본" not in content
    assert "원본접수진흥원" in content
    assert "K7MQ29XT" in content
    assert "미제출로 표시" in content


def test_the_profile_is_saved(log_in):
    """S42: contact person and company; figures and products stay."""
    person = MemberFactory()
    entries = {
        name: value
        for name, value in steps.required_record_entries().items()
        if name.startswith(("person-", "company-"))
    }

    response = log_in(person).post("/my/profile/", entries)

    assert response.headers["Location"] == "/my/profile/"
    company = Company.objects.get(pk=person.company.pk)
    person.refresh_from_db()
    assert (company.name, person.name) == ("한빛금속㈜", "이담당")
    assert company.record_confirmed_at is not None
    assert not company.figures.exists()


def test_errors_of_the_profile_stand_at_their_fields(log_in):
    """S42: nothing is written."""
    person = MemberFactory()

    response = log_in(person).post("/my/profile/", {"person-name": "새 이름"})

    assert response.status_code == 200
    assert "company-name" in response.content.decode()
    person.refresh_from_db()
    assert person.name != "새 이름"


def test_products_and_figures_are_saved_apart_with_proofs(log_in):
    """S43, S44, S45, S46, S47: each on its own page."""
    person = MemberFactory()
    client = log_in(person)
    figures = {
        name: value
        for name, value in steps.required_record_entries().items()
        if name.startswith("figures-")
    }

    client.post("/my/figures/", {**figures, "figures-sales_proof": upload_of("매출.pdf", pdf())})
    client.post("/my/products/", steps.product_entries({"name": "정밀 금형"}))

    assert person.company.figures.count() == 3
    assert person.company.products.get().name == "정밀 금형"
    assert person.company.papers.get().slot == PaperSlot.SALES_PROOF


def test_my_page_asks_for_last_year_s_figures_until_they_are_there(log_in):
    """S45: members are asked to update every year."""
    person = MemberFactory()
    client = log_in(person)
    asked = client.get("/my/").content.decode()
    person.company.figures.create(year=steps.figure_years()[-1], sales_million_krw=1)

    content = client.get("/my/").content.decode()

    assert "지난해 실적을 입력해 주십시오." in asked
    assert "지난해 실적을 입력해 주십시오." not in content


def test_a_proof_is_put_away_by_its_tick(log_in):
    """S43: 매출증빙 자료 that is wrong goes; its row stays."""
    person = MemberFactory()
    paper = PaperFactory(company=person.company, slot=PaperSlot.SALES_PROOF)
    figures = {
        name: value
        for name, value in steps.required_record_entries().items()
        if name.startswith("figures-")
    }

    log_in(person).post(
        "/my/figures/", {**figures, "figures-drop_sales_proof": paper.file.uuid.hex}
    )

    paper.refresh_from_db()
    assert paper.replaced_at is not None


def queries_of(client, address):
    """Return how many queries a page costs once the process is warm."""
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        client.get(address)
    return len(queries)


def test_people_of_one_s_own_company_only(log_in):
    """S63: owner and colleague, no stranger; no query per row."""
    person, stranger = MemberFactory(), MemberFactory(name="낯선이")
    client = log_in(person)
    with_one = queries_of(client, "/my/people/")
    MemberFactory.create_batch(2, company=person.company, colleague=True, name="동료")

    with_three = queries_of(client, "/my/people/")
    content = client.get("/my/people/").content.decode()

    assert with_one == with_three < 10
    assert content.count('<th scope="row" data-label="이름">동료</th>') == 2
    assert stranger.name not in content


def test_mail_consent_is_withdrawn_and_given_again(log_in):
    """S25: decision A18, each change is a row."""
    texts = {text.kind: text for text in legal_texts_in_force()}
    person = MemberFactory()
    ConsentFactory(person=person, text=texts[LegalKind.EMAIL])
    client = log_in(person)

    client.post("/my/consents/", {"email": "withdraw"})
    client.post("/my/consents/", {"email": "agree"})

    choices = Consent.objects.order_by("pk").values_list("choice", flat=True)
    assert list(choices) == [
        ConsentChoice.AGREED,
        ConsentChoice.WITHDRAWN,
        ConsentChoice.AGREED,
    ]


def test_the_history_of_consents_costs_the_same_for_one_and_for_three(log_in):
    """S58: no query per row."""
    person = MemberFactory()
    ConsentFactory(person=person, recipient=AgencyFactory())
    client = log_in(person)
    with_one = queries_of(client, "/my/consents/")
    for kind in (LegalKind.PRIVACY, LegalKind.EMAIL):
        ConsentFactory(person=person, text__kind=kind, recipient=AgencyFactory())

    assert queries_of(client, "/my/consents/") == with_one < 10


def test_the_list_of_papers_costs_the_same_for_one_and_for_three(log_in):
    """S31: no query per row."""
    person = MemberFactory(waiting=True)
    PaperFactory(company=person.company)
    client = log_in(person)
    with_one = queries_of(client, "/my/papers/")
    PaperFactory.create_batch(2, company=person.company)

    assert queries_of(client, "/my/papers/") == with_one < 8


def test_a_waiting_company_sends_a_paper_again(log_in):
    """S31, S64: the new file replaces the old one, sensitive ones are encrypted."""
    person = MemberFactory(waiting=True)
    old = PaperFactory(
        company=person.company, slot=PaperSlot.SEAL_CERTIFICATE, state=PaperState.REDO
    )

    response = log_in(person).post(
        "/my/papers/",
        {"slot": PaperSlot.SEAL_CERTIFICATE, "uploads": upload_of("인감증명서.pdf", pdf())},
    )

    assert response.headers["Location"] == "/my/papers/"
    old.refresh_from_db()
    new = Paper.objects.current().get(company=person.company)
    assert old.replaced_at is not None
    assert new.file.is_encrypted
    assert new.state == PaperState.RECEIVED


def test_a_refused_company_that_sends_papers_waits_again(log_in):
    """S64: with an event in the history."""
    person = MemberFactory(refused=True)

    log_in(person).post(
        "/my/papers/",
        {"slot": PaperSlot.BUSINESS_REGISTRATION, "uploads": upload_of("등록증.pdf", pdf())},
    )

    company = Company.objects.get(pk=person.company.pk)
    assert company.membership_state == MembershipState.WAITING
    assert company.membership_reason == ""
    assert company.membership_events.get().from_state == MembershipState.REFUSED


def test_a_full_member_cannot_send_joining_papers(log_in):
    """S64: the page says so and takes nothing."""
    client = log_in(MemberFactory())

    client.post(
        "/my/papers/",
        {"slot": PaperSlot.BUSINESS_REGISTRATION, "uploads": upload_of("등록증.pdf", pdf())},
    )

    assert not Paper.objects.exists()


def test_a_paper_is_taken_back_by_its_owner_and_a_colleague_but_no_stranger(log_in):
    """S31: found within what one owns."""
    owner = MemberFactory()
    colleague = MemberFactory(company=owner.company, colleague=True)
    paper = PaperFactory(company=owner.company)
    address = f"/my/papers/{paper.uuid}/"

    assert log_in(owner).get(address).status_code == 200
    assert log_in(colleague).get(address)["Content-Disposition"].startswith("attachment")
    assert log_in(MemberFactory()).get(address).status_code == 404


def test_texts_in_force_are_public_with_their_earlier_versions(client, at):
    """S22: version, date, and what held before."""
    old = LegalTextFactory(version="2025-01", effective_at=at.replace(year=at.year - 1))
    LegalTextFactory(
        version="2026-01",
        sections=[{"heading": "제1조(새 목적)", "body": ["<b>글</b>입니다."]}],
    )

    content = client.get("/legal/terms/").content.decode()
    earlier = client.get(f"/legal/terms/{old.version}/").content.decode()

    assert "제1조(새 목적)" in content
    assert "&lt;b&gt;글&lt;/b&gt;" in content
    assert "2025-01 판" in content
    assert "예전 판입니다." in earlier


@pytest.mark.parametrize("kind", [*LegalKind.values, "privacy-policy"])
def test_a_text_that_is_not_published_yet_says_so(client, kind):
    """S22: no error page, and no cookie on a public page."""
    response = client.get(f"/legal/{kind}/")

    assert "아직 게시한 내용이 없습니다." in response.content.decode()
    assert not response.cookies


def test_an_unknown_kind_or_version_is_not_found(client):
    """S22."""
    LegalTextFactory(unpublished=True, version="9.9")

    assert client.get("/legal/nothing/").status_code == 404
    assert client.get("/legal/terms/9.9/").status_code == 404
