"""What the company does after handing in: withdraw, give up, replace papers, correct."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from applications import emails, rules
from applications.enums import ApplicationState
from applications.models import Application, EarlierSubmission
from applications.services.drafts import (
    PaperChangedError,
    paper_row,
    place_document,
    store_paper,
    usable_permit,
)
from applications.services.events import change_state, record_event
from applications.services.notifying import mail_applicant
from applications.services.selection import fill_free_places
from applications.services.submissions import SubmissionRefusedError, seal
from cms.models import RequiredDocument
from cms.services.notices import lock_intake
from members.clock import moment_of_intake
from members.models import StoredFile, User
from members.rules import Verdict
from members.services.files import destroy_file


class WithdrawalRefusedError(Exception):
    """The company may not take this step any more; `verdict` says why."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(verdict.reason)
        self.verdict = verdict


class CorrectionOpenError(Exception):
    """Papers that were asked for again are still missing; `labels` names them."""

    def __init__(self, labels: list[str]) -> None:
        super().__init__(", ".join(labels))
        self.labels = labels


@transaction.atomic
def withdraw_application(
    *, application: Application, by: User, reason: str, waited: Callable[[], timedelta]
) -> Application:
    """Withdraw (취하) until closing; of a rolling notice until checking starts (domain.md 2).

    A second call returns the withdrawn application. Raises WithdrawalRefusedError.
    """
    application = Application.objects.locked(application)
    if application.state == ApplicationState.WITHDRAWN:
        return application
    notice = lock_intake(application.notice)
    at = moment_of_intake(waited=waited())
    verdict = rules.may_withdraw(application, notice=notice, at=at)
    if not verdict.allowed:
        raise WithdrawalRefusedError(verdict)
    application = change_state(
        application, to=ApplicationState.WITHDRAWN, by=by, at=at, reason=reason
    )
    mail = emails.withdrawn_mail(application, reason=reason)
    mail_applicant(application=application, mail=mail, at=at)
    return application


@transaction.atomic
def give_up_place(*, application: Application, by: User, reason: str, at: datetime) -> Application:
    """Give up (포기) a place after selection, or on the waiting list.

    A second call changes nothing. Raises WithdrawalRefusedError.
    """
    application = Application.objects.locked(application)
    if application.state == ApplicationState.GIVEN_UP:
        return application
    verdict = rules.may_give_up(application)
    if not verdict.allowed:
        raise WithdrawalRefusedError(verdict)
    application = change_state(
        application, to=ApplicationState.GIVEN_UP, by=by, at=at, reason=reason
    )
    mail = emails.given_up_mail(application, reason=reason)
    mail_applicant(application=application, mail=mail, at=at)
    fill_free_places(notice=application.notice, at=at)
    return application


def replace_document(
    *,
    application: Application,
    key: UUID,
    upload: "UploadedFile[Any]",
    seen: UUID | None,
    by: User,
    waited: Callable[[], timedelta],
    at: datetime,
) -> Application:
    """Put a new file in the place of a handed-in paper: a new edition, the old one kept.

    Allowed until closing while nobody checks, and in a correction for the papers asked for.
    Raises UploadRefusedError, UnknownPaperError, TooManyUploadsError, PaperChangedError and
    SubmissionRefusedError.
    """
    row = paper_row(application=application, key=key)
    stored = store_paper(application=application, row=row, upload=upload, by=by, at=at)
    try:
        return _replace(
            application=application, row=row, stored=stored, seen=seen, by=by, waited=waited
        )
    except (SubmissionRefusedError, PaperChangedError):
        destroy_file(stored=stored, by=None, reason="붙이지 못한 파일", at=at)
        raise


@transaction.atomic
def _replace(
    *,
    application: Application,
    row: RequiredDocument,
    stored: StoredFile,
    seen: UUID | None,
    by: User,
    waited: Callable[[], timedelta],
) -> Application:
    application = Application.objects.locked(application)
    notice = lock_intake(application.notice)
    at = moment_of_intake(waited=waited())
    permit = usable_permit(notice=notice, company=application.company, at=at)
    asked = list(application.corrections.of_last_round())
    verdict = rules.may_replace(
        application, notice=notice, key=row.key, corrections=asked, at=at, permit=permit
    )
    if not verdict.allowed:
        raise SubmissionRefusedError(verdict)
    document = place_document(
        application=application, row=row, stored=stored, seen=seen, by=by, at=at
    )
    if application.state == ApplicationState.CORRECTION_ASKED:
        asked_pks = [request.pk for request in asked if request.key == row.key]
        application.corrections.filter(pk__in=asked_pks).update(answer=document, answered_at=at)
    keep_edition(application, by=by, at=at)
    seal(application, notice=notice, by=by)
    application.updated_at = at
    application.save()
    note = f"«{row.label}» 서류를 바꾸었습니다."
    record_event(application=application, from_state=application.state, by=by, at=at, note=note)
    mail = emails.replaced_mail(application, label=row.label)
    mail_applicant(application=application, mail=mail, at=at)
    return application


def keep_edition(application: Application, *, by: User, at: datetime) -> EarlierSubmission:
    """Keep what a locked application said so far and count the next edition."""
    kept = EarlierSubmission.objects.create(
        application=application,
        edition=application.edition,
        snapshot=application.snapshot,
        content_hash=application.content_hash,
        replaced_at=at,
        replaced_by=by,
    )
    application.edition += 1
    return kept


@transaction.atomic
def answer_corrections(*, application: Application, by: User, at: datetime) -> Application:
    """Hand the corrected application back to the agency: 보완 요청 → 서류 검토 (N14).

    A second call changes nothing. Raises CorrectionOpenError naming the papers still missing.
    """
    application = Application.objects.locked(application)
    if application.state != ApplicationState.CORRECTION_ASKED:
        return application
    open_labels = [request.label for request in application.corrections.unanswered()]
    if open_labels:
        raise CorrectionOpenError(open_labels)
    reason = "보완한 서류를 제출했습니다."
    application = change_state(
        application, to=ApplicationState.UNDER_CHECK, by=by, at=at, reason=reason
    )
    mail = emails.moved_mail(application, reason=reason, corrections=[])
    mail_applicant(application=application, mail=mail, at=at)
    return application
