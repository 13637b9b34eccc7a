"""The officer's desk: piles, unread marks, assignment, bulk acts, filters, notes, the viewer."""

from datetime import timedelta

import pytest
from django.urls import reverse

from applications.enums import ApplicationState, DocumentState, Queue
from applications.models import (
    ApplicantMessage,
    Application,
    CorrectionRequest,
    InternalNote,
    SavedFilter,
)
from applications.services import desk as services
from applications.worklist import queue_filter
from members.models import AccessRecord, OutboxMail
from tests.factories.applications import ApplicationFactory, SubmittedDocumentFactory
from tests.factories.cms import NoticePageFactory
from tests.factories.members import CompanyFactory, StaffFactory, StoredFileFactory

pytestmark = pytest.mark.django_db

LIST = reverse("applications_modeladmin_index")
WORKLIST = reverse("applications_admin:worklist")


def screen(name, application):
    return reverse(f"applications_admin:application_{name}", args=[application.uuid])


@pytest.fixture
def notice(two_agencies):
    return NoticePageFactory(agency=two_agencies.a, title="우리 기관 공고")


@pytest.fixture
def officer(two_agencies):
    return StaffFactory(agency=two_agencies.a, name="김담당")


@pytest.fixture
def colleague(two_agencies):
    return StaffFactory(agency=two_agencies.a, name="이동료")


@pytest.fixture
def desk(log_in, officer):
    return log_in(officer)


@pytest.fixture
def own(notice):
    return ApplicationFactory(
        submitted=True, notice=notice, company=CompanyFactory(name="우리신청기업")
    )


@pytest.fixture
def foreign(two_agencies):
    return ApplicationFactory(
        submitted=True,
        notice=NoticePageFactory(agency=two_agencies.b),
        company=CompanyFactory(name="남의신청기업"),
    )


def test_the_work_list_piles_own_applications_only(desk, own, foreign):
    """S63: new ones of the own agency; nothing of another, not even a count."""
    html = desk.get(WORKLIST).content.decode()

    assert "우리신청기업" in html
    assert "남의신청기업" not in html
    assert "새 접수 <strong>1건</strong>" in html
    assert "이 신청이 없습니다" not in html


def test_each_pile_holds_what_it_says(notice, officer, at):
    """S65: answered, undecided and overdue beside the new ones."""

    def made(state, **values):
        row = ApplicationFactory(submitted=True, notice=notice)
        Application.objects.filter(pk=row.pk).update(state=state, **values)
        return row

    def asked(row, **values):
        paper = SubmittedDocumentFactory(application=row)
        CorrectionRequest.objects.create(
            application=row, key=paper.key, label="-", reason="-", asked_at=at, asked_by=officer,
            **(values or {"answer": paper, "answered_at": at}),
        )  # fmt: skip

    expected = {
        Queue.NEW: made("submitted"),
        Queue.ANSWERED: made("under_check"),
        Queue.UNDECIDED: made("accepted"),
        Queue.OVERDUE: made("correction_asked"),
        Queue.MINE: made("selected", assignee=officer),
    }
    asked(expected[Queue.ANSWERED])
    asked(expected[Queue.OVERDUE], due_at=at - timedelta(minutes=1))
    asked(made("correction_asked"), due_at=at + timedelta(days=1))

    for queue, row in expected.items():
        condition = queue_filter(queue, at=at, person=officer)
        assert list(Application.objects.filter(condition)) == [row], queue


def test_opening_an_application_makes_it_read_until_it_changes(desk, own, officer, at):
    """Issue D.2: unread marks are a person's own and come back with a change."""
    unread = queue_filter(Queue.UNREAD, at=at, person=officer)
    assert Application.objects.filter(unread).exists()

    desk.get(reverse("applications_modeladmin_inspect", args=[own.uuid]))

    assert not Application.objects.filter(unread).exists()
    own.updated_at = own.updated_at + timedelta(hours=1)
    own.save()
    assert Application.objects.filter(unread).exists()
    assert "읽지 않음" in desk.get(LIST).content.decode()


def test_assignment_goes_to_colleagues_only(desk, own, colleague, two_agencies):
    """S63: the chooser offers the own agency; a stranger's key is no choice."""
    stranger = StaffFactory(agency=two_agencies.b)

    desk.post(screen("assign", own), {"assignee": str(stranger.uuid)})
    own.refresh_from_db()
    assert own.assignee is None

    desk.post(screen("assign", own), {"assignee": str(colleague.uuid)})
    own.refresh_from_db()
    assert own.assignee == colleague
    assert "담당: 이동료" in InternalNote.objects.get().text


def test_the_service_refuses_what_the_form_never_offers(own, officer, two_agencies, at):
    """ASVS 8.3.1: the guard stands behind the form as well."""
    stranger = StaffFactory(agency=two_agencies.b)

    with pytest.raises(services.NotAColleagueError):
        services.assign_application(application=own, to=stranger, by=officer, at=at)
    with pytest.raises(services.MoveRefusedError):
        services.add_note(application=own, text="-", by=stranger, at=at)
    with pytest.raises(services.MoveRefusedError):
        services.send_message(application=own, subject="-", text="-", by=stranger, at=at)


def test_notes_stay_inside_and_messages_reach_the_company(desk, log_in, own):
    """Issue D.2: the company reads the message on its page and by mail, never the note."""
    desk.post(screen("note", own), {"text": "재무제표 다시 볼 것"})
    desk.post(screen("message", own), {"subject": "설명회 안내", "text": "3월 2일에 오십시오."})

    company = log_in(own.created_by)
    html = company.get(reverse("applications:detail", args=[own.uuid])).content.decode()
    assert "3월 2일에 오십시오." in html
    assert "재무제표 다시 볼 것" not in html
    assert OutboxMail.objects.get(kind="application_message").to == own.created_by.email


@pytest.mark.parametrize("name", ["note", "assign", "message"])
def test_nothing_is_done_to_foreign_applications(desk, foreign, name):
    """S63: 404, whatever is posted."""
    answer = desk.post(screen(name, foreign), {"text": "x", "subject": "x"})

    assert answer.status_code == 404
    assert not InternalNote.objects.exists()
    assert not ApplicantMessage.objects.exists()


def test_a_bulk_act_asks_first_and_tells_what_was_refused(desk, own, notice, foreign):
    """Issue D.2: confirmation, then each row by its own rules; foreign rows are not there."""
    accepted = ApplicationFactory(submitted=True, notice=notice)
    Application.objects.filter(pk=accepted.pk).update(state=ApplicationState.SELECTED)
    given = {"bulk": "1", "act": "start_check", "row": [own.uuid, accepted.uuid, foreign.uuid]}

    asked = desk.post(LIST, given).content.decode()
    own.refresh_from_db()
    assert own.state == ApplicationState.SUBMITTED
    assert own.receipt_number in asked
    assert foreign.receipt_number not in asked

    told = desk.post(LIST, {**given, "confirmed": "1"}, follow=True).content.decode()
    own.refresh_from_db()
    foreign.refresh_from_db()
    assert own.state == ApplicationState.UNDER_CHECK
    assert foreign.state == ApplicationState.SUBMITTED
    assert "1건을 처리했습니다" in told
    assert "바꿀 수 없습니다" in told


def test_a_message_goes_to_everything_that_is_filtered(desk, own, notice, foreign):
    """Issue D.2: messages to filtered applicants, through the outbox, own ones alone."""
    checked = ApplicationFactory(under_check=True, notice=notice)
    given = {"bulk": "1", "act": "message", "scope": "all", "confirmed": "1"}

    words = {"subject": "일정", "text": "발표는 금요일입니다."}
    desk.post(f"{LIST}?state=under_check", {**given, **words})

    assert [message.application for message in ApplicantMessage.objects.all()] == [checked]
    assert OutboxMail.objects.filter(kind="application_message").count() == 1


def test_a_bulk_act_without_rows_or_words_does_nothing(desk, own):
    """Issue D.2: an empty choice and an empty message are told, not done."""
    nothing = desk.post(LIST, {"bulk": "1", "act": "accept"}, follow=True).content.decode()
    empty = {"bulk": "1", "act": "message", "row": [own.uuid], "confirmed": "1"}
    wordless = desk.post(LIST, empty).content.decode()

    assert "할 일과 신청을 골라 주십시오." in nothing
    assert "안내의 제목" in wordless or "입력해 주십시오" in wordless
    assert not ApplicantMessage.objects.exists()


def test_a_filter_is_kept_for_its_person_alone(desk, log_in, own, officer, colleague):
    """Issue D.2: saved filters are an officer's own; a colleague deletes none of them."""
    desk.post(f"{LIST}?state=submitted&queue=new", {"save_filter": "1", "name": "오늘 볼 것"})
    kept = SavedFilter.objects.get()
    gone = reverse("applications_admin:filter_delete", args=[kept.uuid])

    assert "오늘 볼 것" in desk.get(WORKLIST).content.decode()
    other = log_in(colleague)
    assert "오늘 볼 것" not in other.get(WORKLIST).content.decode()
    assert other.post(gone).status_code == 404
    desk.post(gone)
    assert not SavedFilter.objects.exists()


def test_filters_by_pile_and_colleague(desk, own, notice, colleague):
    """Issue D.2: the pile and the person in hand are filters of the list."""
    given = ApplicationFactory(under_check=True, notice=notice, assignee=colleague)

    for query in ("queue=new", "assignee=none"):
        html = desk.get(f"{LIST}?{query}").content.decode()
        assert own.receipt_number in html
        assert given.receipt_number not in html
    assert own.receipt_number not in desk.get(f"{LIST}?assignee={colleague.uuid}").content.decode()


def test_a_paper_is_sent_back_with_reason_and_date(desk, own):
    """N14: 보완요청 needs a reason; the move offers it again."""
    paper = SubmittedDocumentFactory(application=own)
    address = reverse("applications_admin:check_paper", args=[paper.uuid])

    desk.post(address, {"state": "redo", "reason": "", "due_at": ""})
    paper.refresh_from_db()
    assert paper.state == DocumentState.RECEIVED

    desk.post(
        address, {"state": "redo", "reason": "직인이 없습니다.", "due_at": "2099-03-31 18:00"}
    )
    paper.refresh_from_db()
    assert (paper.state, paper.reason) == (DocumentState.REDO, "직인이 없습니다.")
    assert paper.due_at is not None


def test_the_viewer_shows_papers_side_by_side(desk, own, foreign):
    """Issue D.2: PDF and pictures in our own frame; every look is recorded, a stranger's is 404."""
    file = StoredFileFactory(company=own.company, kind="pdf", display_name="계획서.pdf")
    paper = SubmittedDocumentFactory(application=own, file=file)
    inline = reverse("applications_admin:paper_inline", args=[paper.uuid])

    assert inline in desk.get(screen("viewer", own)).content.decode()
    answer = desk.get(inline)
    assert answer["Content-Disposition"].startswith("inline")
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert AccessRecord.objects.filter(what__startswith="제출서류 보기").count() == 1
    theirs = SubmittedDocumentFactory(application=foreign, file=StoredFileFactory(kind="pdf"))
    assert (
        desk.get(reverse("applications_admin:paper_inline", args=[theirs.uuid])).status_code == 404
    )
    assert desk.get(screen("viewer", foreign)).status_code == 404


def test_the_record_stands_beside_the_one_before(desk, own, notice, two_agencies):
    """S57: what changed since the company's last application to this agency; to no other."""
    earlier = ApplicationFactory(
        submitted=True,
        company=own.company,
        notice=NoticePageFactory(agency=two_agencies.a),
        submitted_at=own.submitted_at - timedelta(days=365),
    )
    elsewhere = ApplicationFactory(
        submitted=True,
        company=own.company,
        notice=NoticePageFactory(agency=two_agencies.b),
        submitted_at=own.submitted_at - timedelta(days=1),
    )
    earlier.snapshot["company"]["representative"] = "옛대표"
    earlier.save()

    html = desk.get(reverse("applications_modeladmin_inspect", args=[own.uuid])).content.decode()

    assert "옛대표" in html
    assert "<strong>변경</strong>" in html
    assert elsewhere.receipt_number not in html


def test_the_work_list_costs_the_same_for_1_and_20_rows(
    desk, own, notice, django_assert_max_num_queries
):
    """Issue D.2: constant queries."""
    desk.get(WORKLIST)
    with django_assert_max_num_queries(40) as one:
        desk.get(WORKLIST)
    ApplicationFactory.create_batch(19, submitted=True, notice=notice)

    with django_assert_max_num_queries(len(one)):
        desk.get(WORKLIST)
