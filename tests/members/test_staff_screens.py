"""The staff's screens: who sees which company, decisions with history (domain.md section 3)."""

import pytest
from django.urls import reverse

from members.enums import AccessAction, MembershipState, PaperState
from members.membership import ORIGINALS
from members.models import AccessRecord, OutboxMail
from tests.factories.members import (
    AgencyFactory,
    CompanyFactory,
    MemberFactory,
    OriginalsFileFactory,
    OutboxMailFactory,
    PaperFactory,
    ProductFactory,
    StaffFactory,
    YearlyFiguresFactory,
)

pytestmark = pytest.mark.django_db

COMPANIES = reverse("companies_modeladmin_index")
JOINING = reverse("joining_modeladmin_index")
ORIGINALS_LIST = reverse("originals_modeladmin_index")


def detail_of(company, path="companies"):
    return reverse(f"{path}_modeladmin_inspect", args=[company.uuid])


def is_refused(answer):
    """Tell whether the admin led back to its front page, as Wagtail does for a 403."""
    return answer.status_code == 302 and answer.url == reverse("wagtailadmin_home")


@pytest.fixture
def officer():
    return StaffFactory()


@pytest.fixture
def desk(log_in, officer):
    """The officer's browser."""
    return log_in(officer)


@pytest.fixture
def operator_desk(log_in):
    """The operator's browser, with the reason stated."""
    desk = log_in(StaffFactory(operator=True))
    desk.post(reverse("members_admin:reason"), {"reason": "민원 확인"})
    return desk


@pytest.fixture
def own(officer):
    """A company that chose the officer's agency."""
    return CompanyFactory(name="우리기업", originals_agency=officer.agency)


@pytest.fixture
def joining(officer):
    """A company whose papers wait at the officer's agency."""
    company = CompanyFactory(name="새기업", waiting=True, originals_agency=officer.agency)
    MemberFactory(company=company, email="master@company.example")
    return company


@pytest.fixture
def foreign():
    """A company that has nothing to do with the officer's agency."""
    return CompanyFactory(name="남의기업", originals_agency=AgencyFactory())


# --- companies ------------------------------------------------------------------------------------


def test_an_officer_lists_the_own_agencys_companies_only(desk, own, foreign):
    """domain.md 3: companies that chose the own agency for originals."""
    page = desk.get(COMPANIES).content.decode()

    assert "우리기업" in page
    assert "남의기업" not in page


def test_a_strangers_company_does_not_exist(desk, foreign):
    """domain.md 3: nothing of another agency's company, not even that it is there."""
    assert desk.get(detail_of(foreign)).status_code == 404


def test_a_companys_record_is_shown_whole(desk, own):
    """S39 to S48: what the company typed, with people, products, figures and papers."""
    MemberFactory(company=own, name="박담당")
    ProductFactory(company=own, name="정밀 금형")
    YearlyFiguresFactory(company=own, sales_million_krw=5_400)
    PaperFactory(company=own, file__display_name="등록증.pdf")

    page = desk.get(detail_of(own)).content.decode()

    for word in ("박담당", "정밀 금형", "5400", "등록증.pdf", "대학로 99"):
        assert word in page


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_of_companies_costs_the_same_for_any_length(
    log_in, officer, rows, django_assert_num_queries
):
    """House style 3.4: list pages with 1 and 3 rows and one query count."""
    CompanyFactory.create_batch(rows, originals_agency=officer.agency)
    desk = log_in(officer)
    desk.get(COMPANIES)

    with django_assert_num_queries(17):
        desk.get(COMPANIES)


def test_comms_never_reach_companies(log_in, own):
    """security.md 2.36: comms staff reach applicants: refused."""
    desk = log_in(StaffFactory(comms=True))

    for address in (COMPANIES, JOINING, ORIGINALS_LIST):
        assert is_refused(desk.get(address))
    assert desk.get(detail_of(own)).status_code == 404


def test_members_never_reach_the_admin(log_in, own):
    """S63: staff and members never have the same session rights."""
    assert log_in(MemberFactory(company=own)).get(COMPANIES).status_code == 403


def test_each_look_is_recorded_with_its_subjects(desk, officer, own):
    """security.md 1, art. 8: 100 % of staff reads recorded with subjects."""
    desk.get(COMPANIES)
    desk.get(detail_of(own))

    records = AccessRecord.objects.order_by("pk")
    assert [record.what for record in records] == ["기업 목록", "기업 상세: 우리기업"]
    assert all(record.subjects == [f"company:{own.uuid}"] for record in records)
    assert all(record.actor == officer for record in records)


# --- the operator's reason ------------------------------------------------------------------------


def test_the_operator_states_a_reason_first(log_in, own):
    """domain.md 3: the operator sees company records with reason."""
    desk = log_in(StaffFactory(operator=True))

    asked = desk.get(COMPANIES)
    assert asked.status_code == 302
    form = desk.get(asked.url)
    assert "열람 사유" in form.content.decode()
    assert not AccessRecord.objects.exists()

    back = desk.post(reverse("members_admin:reason"), {"reason": "민원 확인", "next": COMPANIES})
    assert back.url == COMPANIES
    assert "우리기업" in desk.get(COMPANIES).content.decode()
    assert AccessRecord.objects.get().reason == "민원 확인"


def test_the_reason_never_leads_elsewhere(operator_desk):
    """security.md ASVS 3.7.2: next stays on our host."""
    for target in ("//evil.example/", "https://evil.example/", "/\\evil.example"):
        answer = operator_desk.post(
            reverse("members_admin:reason"), {"reason": "민원 확인", "next": target}
        )
        assert answer.url == reverse("wagtailadmin_home")


def test_a_stated_reason_holds_half_an_hour(log_in, own, time_machine):
    """domain.md 3: the reason is asked again."""
    time_machine.move_to("2026-11-22 09:00:00+09:00", tick=False)
    desk = log_in(StaffFactory(operator=True))
    desk.post(reverse("members_admin:reason"), {"reason": "민원 확인"})
    for minute in (10, 20, 29):
        time_machine.move_to(f"2026-11-22 09:{minute}:00+09:00", tick=False)
        assert desk.get(COMPANIES).status_code == 200

    time_machine.move_to("2026-11-22 09:30:00+09:00", tick=False)

    assert desk.get(COMPANIES).status_code == 302


# --- joining --------------------------------------------------------------------------------------


def test_waiting_companies_are_listed_for_screening(desk, joining, own):
    """S32: an officer screens those who chose the agency."""
    page = desk.get(JOINING).content.decode()

    assert "새기업" in page
    assert "우리기업" not in page


def test_papers_are_approved_to_provisional(desk, joining, officer):
    """S32: 스캔파일을 통해 임시 허가."""
    paper = PaperFactory(company=joining)
    page = desk.get(detail_of(joining, "joining")).content.decode()
    assert paper.file.display_name in page

    desk.post(reverse("members_admin:joining_approve", args=[joining.uuid]))

    joining.refresh_from_db()
    paper.refresh_from_db()
    event = joining.membership_events.get()
    assert joining.membership_state == MembershipState.PROVISIONAL
    assert (event.from_state, event.to_state, event.by) == ("waiting", "provisional", officer)
    assert (paper.state, paper.checked_by) == (PaperState.CHECKED, officer)
    assert OutboxMail.objects.get().to == "master@company.example"
    assert AccessRecord.objects.filter(action=AccessAction.CHANGE, what="가입 승인").exists()


def test_papers_are_sent_back_with_a_reason(desk, joining):
    """S32, domain.md 2: refused (reason; may send again)."""
    address = reverse("members_admin:joining_refuse", args=[joining.uuid])

    desk.post(address, {"reason": " "})
    joining.refresh_from_db()
    assert joining.membership_state == MembershipState.WAITING

    desk.post(address, {"reason": "등록증이 흐립니다."})
    joining.refresh_from_db()
    assert joining.membership_state == MembershipState.REFUSED
    assert joining.membership_reason == "등록증이 흐립니다."
    assert "등록증이 흐립니다." in OutboxMail.objects.get().body


def test_two_decisions_at_once_make_one(desk, joining):
    """security.md 2.17: one transition wins, the other is told."""
    address = reverse("members_admin:joining_approve", args=[joining.uuid])

    desk.post(address)
    second = desk.post(address)

    assert is_refused(second)
    assert joining.membership_events.count() == 1


def test_another_agencys_joining_cannot_be_decided(desk):
    """domain.md 3: of companies that chose the own agency."""
    elsewhere = CompanyFactory(waiting=True, originals_agency=AgencyFactory())

    answer = desk.post(reverse("members_admin:joining_approve", args=[elsewhere.uuid]))

    assert answer.status_code == 404
    elsewhere.refresh_from_db()
    assert elsewhere.membership_state == MembershipState.WAITING


def test_papers_go_out_as_recorded_attachments(desk, own, officer):
    """Decision A17: each view of a paper is logged."""
    paper = PaperFactory(company=own)

    answer = desk.get(reverse("members_admin:paper", args=[paper.uuid]))

    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Security-Policy"].startswith("sandbox")
    record = AccessRecord.objects.get()
    assert (record.action, record.subjects) == (AccessAction.DOWNLOAD, [f"company:{own.uuid}"])


def test_papers_of_strangers_do_not_exist(desk, foreign):
    """security.md 2.33: other company's file by id: 404."""
    paper = PaperFactory(company=foreign)

    assert desk.get(reverse("members_admin:paper", args=[paper.uuid])).status_code == 404


# --- originals ------------------------------------------------------------------------------------


@pytest.fixture
def envelope(officer):
    """The originals of a provisional member, expected at the officer's desk."""
    company = CompanyFactory(name="봉투기업", provisional=True, originals_agency=officer.agency)
    return OriginalsFileFactory(company=company, agency=officer.agency, cover_code="ABCD2345")


def receive(desk, envelope, slots):
    address = reverse("members_admin:originals_receive", args=[envelope.cover_code])
    return desk.post(address, {"slots": [slot.value for slot in slots]})


def test_the_last_original_makes_a_full_member(desk, envelope):
    """S32: 원본 접수완료시 정식회원으로 승인."""
    receive(desk, envelope, ORIGINALS[:2])
    envelope.refresh_from_db()
    assert envelope.completed_at is None

    receive(desk, envelope, ORIGINALS)

    envelope.refresh_from_db()
    company = envelope.company
    assert envelope.completed_at is not None
    assert company.membership_state == MembershipState.FULL
    assert company.originals_due_since is None
    assert "정식회원" in OutboxMail.objects.get(kind="membership_full").subject


def test_originals_that_came_first_make_a_full_member_on_approval(desk, joining, officer):
    """S32: the order of scans and originals does not matter."""
    envelope = OriginalsFileFactory(company=joining, agency=officer.agency)
    receive(desk, envelope, ORIGINALS)
    joining.refresh_from_db()
    assert joining.membership_state == MembershipState.WAITING

    desk.post(reverse("members_admin:joining_approve", args=[joining.uuid]))

    joining.refresh_from_db()
    assert joining.membership_state == MembershipState.FULL


def test_the_desk_shows_its_own_envelopes(desk, envelope):
    """S32: the list and the ticks."""
    elsewhere = OriginalsFileFactory(company__name="먼기업")

    page = desk.get(ORIGINALS_LIST).content.decode()
    detail = desk.get(reverse("originals_modeladmin_inspect", args=[envelope.cover_code]))

    assert "봉투기업" in page
    assert "먼기업" not in page
    assert "인감증명서(원본)" in detail.content.decode()
    assert receive(desk, elsewhere, ORIGINALS).status_code == 404


def test_a_whole_code_finds_an_envelope_of_another_agency(desk, foreign):
    """domain.md 3: only by the whole code, and then only name, slots and hand-over."""
    elsewhere = OriginalsFileFactory(
        company=foreign, agency=foreign.originals_agency, cover_code="WXYZ6789"
    )

    page = desk.post(reverse("members_admin:originals_find"), {"code": "wxyz-6789"})

    assert "남의기업" in page.content.decode()
    assert foreign.business_number not in page.content.decode()
    assert foreign.representative not in page.content.decode()
    assert AccessRecord.objects.get().subjects == [f"company:{foreign.uuid}"]
    desk.post(reverse("members_admin:originals_find"), {"code": "WXYZ678"})
    assert AccessRecord.objects.count() == 1
    assert elsewhere.agency == foreign.originals_agency


def test_codes_cannot_be_guessed_for_long(desk):
    """security.md ASVS 2.4.1: limited per person."""
    for _ in range(20):
        desk.post(reverse("members_admin:originals_find"), {"code": "AAAAAAAA"})

    answer = desk.post(reverse("members_admin:originals_find"), {"code": "AAAAAAAA"}, follow=True)

    assert "너무 여러 번" in answer.content.decode()


def test_handed_over_originals_take_the_company_along(desk, envelope):
    """Decision A9: an officer who holds the originals hands them over."""
    other = AgencyFactory()

    desk.post(
        reverse("members_admin:originals_hand_over", args=[envelope.cover_code]),
        {"agency": other.pk},
    )

    envelope.refresh_from_db()
    assert envelope.agency == other
    assert envelope.company.originals_agency == other
    assert desk.get(detail_of(envelope.company)).status_code == 404


# --- the operator's acts --------------------------------------------------------------------------


def test_the_operator_stops_and_resumes_a_member(operator_desk, own):
    """S64: full/provisional ↔ suspended, with reason and mail."""
    address = reverse("members_admin:company_suspend", args=[own.uuid])

    operator_desk.post(address, {"reason": "허위 서류"})
    own.refresh_from_db()
    assert own.membership_state == MembershipState.SUSPENDED
    assert "허위 서류" in OutboxMail.objects.get().body

    operator_desk.post(address, {"reason": "소명 완료", "resume": "1"})
    own.refresh_from_db()
    assert own.membership_state == MembershipState.FULL


def test_officers_do_not_stop_members(desk, own):
    """domain.md 3."""
    answer = desk.post(
        reverse("members_admin:company_suspend", args=[own.uuid]), {"reason": "임의"}
    )

    assert is_refused(answer)
    own.refresh_from_db()
    assert own.membership_state == MembershipState.FULL


def test_the_outbox_shows_mails_without_their_secrets(operator_desk):
    """domain.md 5.7: shown to the operator; one-time links stay the person's own."""
    mail = OutboxMailFactory(body="https://portal.example/find/password/" + "k3J_x-" * 8 + "/")

    assert operator_desk.get(reverse("outbox_modeladmin_index")).status_code == 200
    page = operator_desk.get(reverse("outbox_modeladmin_inspect", args=[mail.uuid]))

    assert "k3J_x-" not in page.content.decode()
    assert "/find/password/…/" in page.content.decode()


def test_the_access_log_names_subjects_and_is_the_operators(operator_desk, desk, own):
    """security.md 1, art. 8: the log is read by the operator alone."""
    desk.get(detail_of(own))
    record = AccessRecord.objects.latest("pk")

    page = operator_desk.get(
        reverse("access-records_modeladmin_inspect", args=[record.pk])
    ).content.decode()

    assert "우리기업" in page
    assert is_refused(desk.get(reverse("access-records_modeladmin_index")))


def test_wagtails_user_screens_are_nobodys(log_in):
    """security.md 0.4: who may change users is a superuser to Wagtail."""
    for trait in ("officer", "manager", "comms", "operator"):
        desk = log_in(StaffFactory(**{trait: True}))
        for name in ("wagtailusers_users:index", "wagtailusers_groups:index"):
            assert is_refused(desk.get(reverse(name)))
