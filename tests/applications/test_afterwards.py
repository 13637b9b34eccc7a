"""After handing in: withdraw and reapply, replace papers, corrections, giving up."""

from datetime import timedelta

import pytest

from applications.enums import ApplicationState, DocumentState
from applications.models import Application, CorrectionRequest, EarlierSubmission
from applications.services.afterwards import (
    CorrectionOpenError,
    WithdrawalRefusedError,
    answer_corrections,
    give_up_place,
    replace_document,
    withdraw_application,
)
from applications.services.drafts import PaperChangedError, start_application
from applications.services.moves import check_document, move_application
from applications.services.snapshots import content_hash
from applications.services.submissions import SubmissionRefusedError
from cms.models import NoticePage
from members.models import OutboxMail
from tests.applications.conftest import hand_in, make_ready, no_wait, pdf
from tests.factories.applications import ApplicationFactory
from tests.factories.members import StaffFactory

pytestmark = pytest.mark.django_db


def withdraw(application):
    return withdraw_application(
        application=application,
        by=application.created_by,
        reason="일정이 바뀌었습니다.",
        waited=no_wait,
    )


def replace(application, row, upload, *, seen):
    return replace_document(
        application=application,
        key=row.key,
        upload=upload,
        seen=seen,
        by=application.created_by,
        waited=no_wait,
        at=application.created_at,
    )


@pytest.fixture
def officer(notice):
    return StaffFactory(agency=notice.agency)


@pytest.fixture
def row(notice):
    return notice.required_documents.get(is_required=True)


@pytest.fixture
def correcting(submitted, officer, row, at):
    """An application with a correction request on its required paper."""
    move_application(application=submitted, to="under_check", by=officer, at=at)
    return move_application(
        application=submitted,
        to="correction_asked",
        by=officer,
        at=at,
        reason="서류를 보완해 주십시오.",
        papers={row.key: "직인이 없습니다."},
        due_at=at + timedelta(days=5),
    )


def test_withdraw_application_keeps_the_row_with_its_reason(submitted):
    """S65: 취하 by the company until closing."""
    withdrawn = withdraw(submitted)

    assert withdrawn.state == ApplicationState.WITHDRAWN
    assert withdrawn.receipt_number == submitted.receipt_number
    assert withdrawn.events.last().note == "일정이 바뀌었습니다."
    assert OutboxMail.objects.filter(kind="application_withdrawn").count() == 1


def test_withdraw_application_twice_changes_nothing(submitted):
    """S65: a second press is no error."""
    withdraw(submitted)
    withdraw(submitted)

    assert submitted.events.filter(to_state=ApplicationState.WITHDRAWN).count() == 1


def test_withdraw_application_after_closing_is_refused(submitted, notice):
    """S65, domain section 2: the closing moment is out."""
    NoticePage.objects.filter(pk=notice.pk).update(intake_closes_at=submitted.submitted_at)

    with pytest.raises(WithdrawalRefusedError, match="마감되어"):
        withdraw(submitted)


def test_reapplying_after_withdrawing_gives_a_new_receipt(submitted, notice, company, person, at):
    """Domain section 2: the round is given back; the old application stays."""
    withdraw(submitted)

    draft = start_application(notice=notice, company=company, by=person, at=at)
    again = hand_in(make_ready(draft))

    assert again.round == submitted.round == 1
    assert again.receipt_number == f"{notice.code}-R0002"
    assert Application.objects.owned_by(company).count() == 2


def test_a_second_round_opens_when_the_first_is_final(submitted, notice, company, person, at):
    """Domain section 2: rolling grants are claimed repeatedly."""
    NoticePage.objects.filter(pk=notice.pk).update(rounds_allowed=2)
    notice.refresh_from_db()
    Application.objects.filter(pk=submitted.pk).update(state=ApplicationState.CLOSED)

    draft = start_application(notice=notice, company=company, by=person, at=at)

    assert draft.round == 2


def test_give_up_place_after_selection(site):
    """Domain section 2: 포기 by the company after selection."""
    selected = ApplicationFactory(selected=True)

    given_up = give_up_place(
        application=selected, by=selected.created_by, reason="인력 부족", at=selected.created_at
    )

    assert given_up.state == ApplicationState.GIVEN_UP


def test_give_up_place_before_selection_is_refused(submitted, at):
    """Domain section 2: nothing to give up yet."""
    with pytest.raises(WithdrawalRefusedError):
        give_up_place(application=submitted, by=submitted.created_by, reason="-", at=at)


def test_replace_document_until_closing_makes_a_new_edition(submitted, row):
    """Issue D.1: replace until closing; the old edition is kept, the number stays."""
    old = submitted.documents.current().get()

    replaced = replace(submitted, row, pdf("새 계획서.pdf"), seen=old.uuid)

    kept = EarlierSubmission.objects.get()
    assert replaced.edition == 2
    assert replaced.receipt_number == submitted.receipt_number
    assert replaced.submitted_at == submitted.submitted_at
    assert replaced.snapshot["documents"][0]["name"] == "새 계획서.pdf"
    assert replaced.content_hash == content_hash(replaced.snapshot) != kept.content_hash
    assert kept.content_hash == content_hash(kept.snapshot)
    assert list(submitted.documents.exclude(replaced_at=None)) == [old]


@pytest.mark.parametrize("change", [{"intake_closes_at": True}, {"state": "under_check"}])
def test_replace_document_is_refused_when_closed_or_checked(submitted, notice, row, change):
    """Issue D.1: until closing, and not while somebody checks."""
    if "state" in change:
        Application.objects.filter(pk=submitted.pk).update(**change)
    else:
        NoticePage.objects.filter(pk=notice.pk).update(intake_closes_at=submitted.submitted_at)
    seen = submitted.documents.current().get().uuid

    with pytest.raises(SubmissionRefusedError):
        replace(submitted, row, pdf(), seen=seen)

    assert not EarlierSubmission.objects.exists()


def test_replace_document_warns_the_second_tab(submitted, row):
    """security.md 2, row 4."""
    with pytest.raises(PaperChangedError):
        replace(submitted, row, pdf(), seen=None)


def test_a_correction_names_paper_reason_and_date(correcting, row, at):
    """N14: request on one paper with reason and date, told by mail."""
    request = CorrectionRequest.objects.get()

    assert (request.label, request.reason) == (row.label, "직인이 없습니다.")
    assert correcting.documents.current().get().state == DocumentState.REDO
    mail = OutboxMail.objects.get(kind="application_correction_asked")
    assert "직인이 없습니다." in mail.body


def test_a_correction_is_answered_paper_by_paper(correcting, row, at):
    """N14: the company replaces just that paper, also after closing; history is kept."""
    NoticePage.objects.filter(pk=correcting.notice_id).update(intake_closes_at=at)
    seen = correcting.documents.current().get().uuid

    with pytest.raises(CorrectionOpenError, match=row.label):
        answer_corrections(application=correcting, by=correcting.created_by, at=at)
    replace(correcting, row, pdf("고친 계획서.pdf"), seen=seen)
    answered = answer_corrections(application=correcting, by=correcting.created_by, at=at)

    assert answered.state == ApplicationState.UNDER_CHECK
    assert CorrectionRequest.objects.get().answer.file.display_name == "고친 계획서.pdf"


def test_a_correction_opens_only_the_papers_asked_for(correcting, notice):
    """N14: the other papers stay as they were handed in."""
    other = notice.required_documents.get(is_required=False)

    with pytest.raises(SubmissionRefusedError, match="요청받은"):
        replace(correcting, other, pdf(), seen=None)


def test_a_second_correction_round_asks_anew(correcting, row, officer, at):
    """N14: an unanswered request that staff took back is dropped, not lost."""
    later = at + timedelta(hours=1)
    move_application(application=correcting, to="under_check", by=officer, at=later)
    move_application(
        application=correcting,
        to="correction_asked",
        by=officer,
        at=later + timedelta(hours=1),
        reason="다시 보완해 주십시오.",
        papers={row.key: "2쪽이 빠졌습니다."},
    )

    assert correcting.corrections.unanswered().get().reason == "2쪽이 빠졌습니다."
    assert list(correcting.corrections.of_last_round()) == list(correcting.corrections.unanswered())
    assert correcting.corrections.count() == 2


def test_check_document_notes_who_and_when(submitted, officer, at):
    """Issue D.2: state per paper."""
    document = submitted.documents.current().get()

    checked = check_document(document=document, state="checked", by=officer, at=at)

    assert (checked.state, checked.checked_by, checked.checked_at) == ("checked", officer, at)
