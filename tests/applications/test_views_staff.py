"""The agency's side in the admin: own notices only, drafts never, moves, papers, exports."""

import io

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from applications.enums import ApplicationState
from applications.models import Application, LatePermit
from cms.models import NoticePage
from members.enums import AccessAction
from members.models import AccessRecord
from members.selectors import companies_visible_to
from tests.applications.conftest import hand_in
from tests.factories.applications import ApplicationFactory, SubmittedDocumentFactory
from tests.factories.cms import NoticePageFactory
from tests.factories.members import CompanyFactory, StaffFactory

pytestmark = pytest.mark.django_db

LIST = reverse("applications_modeladmin_index")


def detail_of(application):
    return reverse("applications_modeladmin_inspect", args=[application.uuid])


def move_to(application, to):
    return reverse("applications_admin:move", args=[application.uuid, to])


def is_refused(answer):
    """Tell whether the admin led back to its front page, as Wagtail does for a 403."""
    return answer.status_code == 302 and answer.url == reverse("wagtailadmin_home")


@pytest.fixture
def officer(two_agencies):
    return StaffFactory(agency=two_agencies.a)


@pytest.fixture
def desk(log_in, officer):
    """The browser of an officer of agency A."""
    return log_in(officer)


@pytest.fixture
def own(two_agencies):
    """A company's application to a notice of agency A."""
    return ApplicationFactory(
        submitted=True,
        notice=NoticePageFactory(agency=two_agencies.a, title="우리 기관 공고"),
        company=CompanyFactory(name="우리신청기업"),
    )


@pytest.fixture
def foreign(two_agencies):
    """A company's application to a notice of agency B."""
    return ApplicationFactory(
        submitted=True,
        notice=NoticePageFactory(agency=two_agencies.b, title="남의 기관 공고"),
        company=CompanyFactory(name="남의신청기업"),
    )


@pytest.fixture
def draft_of_own(own):
    """Another company's draft for the same notice."""
    return ApplicationFactory(notice=own.notice, company=CompanyFactory(name="작성중기업"))


# --- who sees what --------------------------------------------------------------------------------


def test_the_list_shows_own_notices_only_and_no_drafts(desk, own, foreign, draft_of_own):
    """S63, domain section 3: two companies, two agencies; of drafts only their number."""
    html = desk.get(LIST).content.decode()

    assert "우리신청기업" in html
    assert own.receipt_number in html
    for hidden in ("남의신청기업", "남의 기관 공고", "작성중기업", foreign.receipt_number):
        assert hidden not in html
    assert "제출 전(작성 중)" in html
    assert "<strong>1건</strong>" in html


@pytest.mark.parametrize("query", ["q=남의신청기업", "state=draft", "notice=BZA0000002"])
def test_search_and_filters_open_nothing_else(desk, own, foreign, draft_of_own, query):
    """security.md 2, row 34: nothing of another agency through search or filter, no draft."""
    html = desk.get(f"{LIST}?{query}").content.decode()

    for hidden in ("남의 기관 공고", foreign.receipt_number, "작성중기업"):
        assert hidden not in html


def test_filters_work_on_own_rows(desk, own, two_agencies):
    """Issue A 4: filters by state and notice, search by receipt number and company."""
    other = ApplicationFactory(
        under_check=True, notice=NoticePageFactory(agency=two_agencies.a, title="둘째 공고")
    )

    for query in (
        f"state=under_check&notice={other.notice.code}",
        f"q={other.receipt_number}",
        f"q={other.company.business_number}",
    ):
        html = desk.get(f"{LIST}?{query}").content.decode()
        assert other.receipt_number in html
        assert own.receipt_number not in html


def test_a_foreign_application_or_draft_cannot_be_opened(desk, foreign, draft_of_own):
    """S63: 404 for another agency's, for a draft, and no trace in the answer."""
    for application in (foreign, draft_of_own):
        assert desk.get(detail_of(application)).status_code == 404
        assert desk.get(move_to(application, "under_check")).status_code == 404


def test_foreign_papers_cannot_be_fetched_or_checked(desk, foreign, draft_of_own):
    """security.md 2, row 33: the files of another agency's notices and of drafts."""
    for application in (foreign, draft_of_own):
        paper = SubmittedDocumentFactory(application=application)
        address = reverse("applications_admin:paper", args=[paper.uuid])
        check = reverse("applications_admin:check_paper", args=[paper.uuid])
        assert desk.get(address).status_code == 404
        assert desk.post(check, {"state": "checked"}).status_code == 404


@pytest.mark.parametrize("trait", ["comms", "operator"])
def test_comms_sees_no_applicants_and_the_operator_needs_a_reason(log_in, own, trait):
    """Domain section 3: read with reason; comms not at all."""
    desk = log_in(StaffFactory(**{trait: True}))

    answer = desk.get(LIST)

    assert answer.status_code == 302
    assert "우리신청기업" not in desk.get(LIST, follow=True).content.decode()


def test_the_operator_reads_with_a_reason_and_moves_nothing(log_in, own):
    """Domain section 3: operator reads with reason."""
    desk = log_in(StaffFactory(operator=True))
    desk.post(reverse("members_admin:reason"), {"reason": "민원 확인"})

    assert own.receipt_number in desk.get(detail_of(own)).content.decode()
    assert is_refused(desk.post(move_to(own, "under_check"), {"seen": "submitted"}))


def test_officers_see_the_companies_that_applied(officer, own, foreign, draft_of_own):
    """Domain section 3: companies with a submitted application on own notices."""
    assert set(companies_visible_to(officer)) == {own.company}


# --- one application ------------------------------------------------------------------------------


def test_detail_shows_what_was_handed_in(log_in, submitted):
    """S55, S65: the record of then, the papers with their hashes, the history."""
    desk = log_in(StaffFactory(agency=submitted.notice.agency))

    html = desk.get(detail_of(submitted)).content.decode()

    for text in (
        submitted.receipt_number,
        submitted.snapshot["company"]["name"],
        submitted.documents.get().file.sha256,
        "진행 이력",
        "이용약관",
    ):
        assert text in html


def test_opening_and_downloading_are_recorded(desk, own, officer):
    """security.md 1: who, when, whose data, what."""
    paper = SubmittedDocumentFactory(application=own)

    desk.get(detail_of(own))
    response = desk.get(reverse("applications_admin:paper", args=[paper.uuid]))

    assert response["Content-Disposition"].startswith("attachment")
    for action in (AccessAction.VIEW, AccessAction.DOWNLOAD):
        record = AccessRecord.objects.get(action=action)
        assert record.actor == officer
        assert record.subjects == [f"company:{own.company.uuid}"]


def test_a_paper_is_checked(desk, own, officer):
    """Issue D.2: state per paper with who and when."""
    paper = SubmittedDocumentFactory(application=own)

    desk.post(reverse("applications_admin:check_paper", args=[paper.uuid]), {"state": "checked"})

    paper.refresh_from_db()
    assert (paper.state, paper.checked_by) == ("checked", officer)


# --- moves ----------------------------------------------------------------------------------------


def test_a_move_asks_and_is_done(desk, own):
    """S65: 접수 → 서류 검토, with event and access record."""
    assert "서류 검토" in desk.get(move_to(own, "under_check")).content.decode()

    desk.post(move_to(own, "under_check"), {"seen": "submitted", "reason": ""})

    own.refresh_from_db()
    assert own.state == ApplicationState.UNDER_CHECK
    assert AccessRecord.objects.filter(action=AccessAction.CHANGE).count() == 1


def test_a_return_without_reason_is_asked_again(desk, own):
    """S65: the company reads why; what was typed stays."""
    response = desk.post(move_to(own, "returned"), {"seen": "submitted", "reason": ""})

    own.refresh_from_db()
    assert response.status_code == 200
    assert "사유를 입력해 주십시오." in response.content.decode()
    assert own.state == ApplicationState.SUBMITTED


def test_a_correction_names_papers(log_in, submitted, notice):
    """N14: one paper with its reason and a date."""
    desk = log_in(StaffFactory(agency=notice.agency))
    key = notice.required_documents.get(is_required=True).key
    desk.post(move_to(submitted, "under_check"), {"seen": "submitted"})

    desk.post(
        move_to(submitted, "correction_asked"),
        {
            "seen": "under_check",
            "reason": "서류를 보완해 주십시오.",
            "due_at": "2099-03-31 18:00",
            f"ask-{key}": "on",
            f"why-{key}": "직인이 없습니다.",
        },
    )

    request = submitted.corrections.get()
    assert (request.key, request.reason) == (key, "직인이 없습니다.")
    assert request.due_at.year == 2099


def test_the_second_officer_is_told(desk, own):
    """security.md 2, row 17: one wins, the other is told what is there now."""
    Application.objects.filter(pk=own.pk).update(state=ApplicationState.UNDER_CHECK)

    response = desk.post(
        move_to(own, "returned"), {"seen": "submitted", "reason": "중복"}, follow=True
    )

    own.refresh_from_db()
    assert own.state == ApplicationState.UNDER_CHECK
    assert "그사이 다른 담당자가 «서류 검토» 상태로 바꾸었습니다." in response.content.decode()


def test_an_officers_raw_decision_is_refused(desk, own):
    """Domain section 3: the manager decides; the hidden button's request is refused."""
    Application.objects.filter(pk=own.pk).update(state=ApplicationState.ACCEPTED)

    desk.post(move_to(own, "selected"), {"seen": "accepted", "reason": "우수"})

    own.refresh_from_db()
    assert own.state == ApplicationState.ACCEPTED


def test_a_manager_selects(log_in, own):
    """S65: selected by the agency's manager."""
    Application.objects.filter(pk=own.pk).update(state=ApplicationState.ACCEPTED)
    desk = log_in(StaffFactory(agency=own.notice.agency, manager=True))

    desk.post(move_to(own, "selected"), {"seen": "accepted", "reason": ""})

    own.refresh_from_db()
    assert own.state == ApplicationState.SELECTED


def test_a_move_to_nonsense_is_not_found(desk, own):
    """ASVS 2.2.2."""
    assert desk.get(move_to(own, "president")).status_code == 404


# --- export ---------------------------------------------------------------------------------------


def test_export_needs_a_reason(desk, own):
    """security.md 1: export without a reason → 400."""
    assert desk.post(LIST, {"export": "xlsx"}).status_code == 400
    assert desk.get(f"{LIST}?export=xlsx").status_code == 400


def test_export_is_typed_text_and_holds_own_rows_only(desk, own, foreign, draft_of_own):
    """security.md 2, row 32: no formula cells; row 34: nothing of others."""
    type(own.company).objects.filter(pk=own.company.pk).update(name="=HYPERLINK(1)")

    response = desk.post(LIST, {"export": "xlsx", "reason": "선정 심사"})

    sheet = load_workbook(io.BytesIO(response.getvalue())).active
    rows = list(sheet.iter_rows())
    cells = {cell.value: cell.data_type for row in rows for cell in row}
    assert len(rows) == 2
    assert cells["=HYPERLINK(1)"] == "s"
    assert own.receipt_number in cells
    assert AccessRecord.objects.get(action=AccessAction.EXPORT).reason == "선정 심사"


# --- late permits ---------------------------------------------------------------------------------


def test_a_late_permit_can_be_given_used_and_taken_back(log_in, ready, notice, at):
    """N5: granted on one screen, used by the company, revoked by the agency."""
    NoticePage.objects.filter(pk=notice.pk).update(intake_closes_at=at)
    desk = log_in(StaffFactory(agency=notice.agency))
    desk.post(
        reverse("applications_admin:permit_create"),
        {
            "notice": notice.code,
            "business_number": ready.company.business_number,
            "until_at": "2099-03-31 18:00",
            "reason": "담당자 입원",
        },
    )
    permit = LatePermit.objects.get()

    assert hand_in(ready).receipt_number
    desk.post(reverse("applications_admin:permit_revoke", args=[permit.uuid]))

    permit.refresh_from_db()
    assert permit.revoked_at is not None


def test_a_late_permit_is_for_own_notices_only(desk, foreign):
    """N5: another agency's notice is no choice; its permits are not there."""
    permit = LatePermit.objects.create(
        notice=foreign.notice,
        business_number=foreign.company.business_number,
        until_at=foreign.submitted_at,
        reason="장애",
        granted_at=foreign.submitted_at,
        granted_by=StaffFactory(agency=foreign.notice.agency),
    )

    html = desk.get(reverse("applications_admin:permit_create")).content.decode()
    revoked = desk.post(reverse("applications_admin:permit_revoke", args=[permit.uuid]))

    assert foreign.notice.title not in html
    assert revoked.status_code == 404
    assert (
        foreign.notice.code
        not in desk.get(reverse("late-permits_modeladmin_index")).content.decode()
    )


# --- queries --------------------------------------------------------------------------------------


def test_the_list_costs_the_same_for_1_and_20_rows(
    desk, own, officer, django_assert_max_num_queries
):
    """Issue D: list pages are constant in queries."""
    desk.get(LIST)
    with django_assert_max_num_queries(60) as one:
        desk.get(LIST)
    for _ in range(19):
        ApplicationFactory(submitted=True, notice=NoticePageFactory(agency=officer.agency))

    with django_assert_max_num_queries(len(one)):
        desk.get(LIST)
