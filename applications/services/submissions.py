"""Handing in: one light request, one receipt, however often it is sent (security.md section 6)."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from applications import emails, rules, selectors
from applications.models import Application, ReceiptCounter
from applications.services.drafts import usable_permit
from applications.services.events import record_event
from applications.services.notifying import mail_applicant
from applications.services.snapshots import build_snapshot, content_hash
from cms.models import NoticePage
from cms.services.notices import lock_intake
from members.clock import moment_of_intake
from members.models import User
from members.rules import Verdict
from members.services.consents import texts_in_force

RECEIPT_DIGITS = 4


class SubmissionRefusedError(Exception):
    """The draft may not be handed in; `verdict` says why and where it is mended."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(verdict.reason)
        self.verdict = verdict


class IntakeClosedError(SubmissionRefusedError):
    """The moment of intake `at` lies outside the intake period."""

    def __init__(self, verdict: Verdict, *, at: datetime) -> None:
        super().__init__(verdict)
        self.at = at


class DraftChangedError(Exception):
    """The draft was changed since its check page was shown, or the key is another draft's."""


@transaction.atomic
def submit_application(
    *,
    application: Application,
    submission_key: UUID,
    version: int,
    by: User,
    waited: Callable[[], timedelta],
) -> Application:
    """Hand in a draft and return it with its receipt (S55, S65).

    The same key again, at whatever time, returns the receipt it has. The moment of intake is the
    database's clock, read here under the lock of the intake row, less the time that `waited()`
    says the request has been with us; the period is half-open.

    Raises DraftChangedError, IntakeClosedError and SubmissionRefusedError; nothing is written then.
    """
    application = Application.objects.locked(application)
    if application.submission_key != submission_key:
        raise DraftChangedError
    if application.submitted_at is not None:
        return application
    notice = lock_intake(application.notice)
    at = moment_of_intake(waited=waited())
    check_submission(application, notice=notice, version=version, at=at)
    state_before = application.state
    application.mark_submitted(number=take_receipt_number(notice), by=by, at=at)
    seal(application, notice=notice, by=by)
    application.save()
    record_event(application=application, from_state=state_before, by=by, at=at)
    mail_applicant(application=application, mail=emails.receipt_mail(application), at=at)
    return application


def check_submission(
    application: Application, *, notice: NoticePage, version: int, at: datetime
) -> None:
    """Raise what stands against handing in this locked draft at the moment of intake."""
    permit = usable_permit(notice=notice, company=application.company, at=at)
    in_time = rules.check_intake(notice, at=at, permit=permit)
    if not in_time.allowed:
        raise IntakeClosedError(in_time, at=at)
    if application.version != version:
        raise DraftChangedError
    verdict = rules.may_submit(
        application,
        notice=notice,
        at=at,
        required=selectors.required_rows(application),
        documents=list(application.documents.current().select_related("file")),
        texts=texts_in_force(at=at),
        questions=selectors.questions_of(application),
        answers=selectors.answers_of(application),
        permit=permit,
    )
    if not verdict.allowed:
        raise SubmissionRefusedError(verdict)


def take_receipt_number(notice: NoticePage) -> str:
    """Return the notice's next receipt number, such as BZA0000005-R0001.

    It comes from a locked row, in the transaction of the hand-in: no gap, no double. Four digits,
    more after 9999.
    """
    ReceiptCounter.objects.get_or_create(notice=notice)
    counter = ReceiptCounter.objects.select_for_update().get(notice=notice)
    counter.last_number += 1
    counter.save(update_fields=["last_number"])
    return f"{notice.code}-R{counter.last_number:0{RECEIPT_DIGITS}d}"


def seal(application: Application, *, notice: NoticePage, by: User) -> None:
    """Put the copy of everything and its hash on a locked application; the caller saves it."""
    snapshot = build_snapshot(
        application=application,
        notice=notice,
        person=by,
        required=selectors.required_rows(application),
        documents=list(application.documents.current().select_related("file")),
    )
    application.snapshot = snapshot
    application.content_hash = content_hash(snapshot)
