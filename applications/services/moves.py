"""What the agency does with an application: move it, ask for corrections, check its papers."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from applications import emails, rules
from applications.enums import MOVES_WITH_REASON, ApplicationState, DocumentState
from applications.models import Application, CorrectionRequest, LatePermit, SubmittedDocument
from applications.services.drafts import paper_row
from applications.services.events import change_state
from applications.services.notifying import mail_applicant
from cms.models import NoticePage
from members.models import User
from members.rules import Verdict


class MoveRefusedError(Exception):
    """The state may not be changed like this by this account; `verdict` says why."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(verdict.reason)
        self.verdict = verdict


class MovedMeanwhileError(Exception):
    """Somebody else moved the application since its page was shown; `state` is the new one."""

    def __init__(self, state: ApplicationState) -> None:
        super().__init__(state)
        self.state = state


class ReasonMissingError(Exception):
    """This state is not given without a reason that the company reads."""


@transaction.atomic
def move_application(
    *,
    application: Application,
    to: str,
    by: User,
    at: datetime,
    reason: str = "",
    seen: str = "",
    papers: Mapping[UUID, str] | None = None,
    due_at: datetime | None = None,
) -> Application:
    """Move an application into a state and tell the company (S65, domain.md section 2).

    `seen`: the state that the officer's page showed; a different one raises MovedMeanwhileError,
    so of two officers one wins and the other is told. `papers`: for a correction request, the
    required documents' keys with the reason for each; `due_at`: until when, half-open.
    Raises MoveRefusedError and ReasonMissingError.
    """
    application = Application.objects.locked(application)
    target = ApplicationState(to)
    if seen and application.state != seen:
        raise MovedMeanwhileError(ApplicationState(application.state))
    verdict = rules.may_move(application, to=target, by=by)
    if not verdict.allowed:
        raise MoveRefusedError(verdict)
    if target in MOVES_WITH_REASON and not reason.strip():
        raise ReasonMissingError
    application.corrections.unanswered().update(dropped_at=at)
    application = change_state(application, to=target, by=by, at=at, reason=reason.strip())
    corrections = []
    if target == ApplicationState.CORRECTION_ASKED:
        corrections = ask_corrections(application, papers=papers or {}, due_at=due_at, by=by, at=at)
    mail = emails.moved_mail(application, reason=reason.strip(), corrections=corrections)
    mail_applicant(application=application, mail=mail, at=at)
    return application


def ask_corrections(
    application: Application,
    *,
    papers: Mapping[UUID, str],
    due_at: datetime | None,
    by: User,
    at: datetime,
) -> list[CorrectionRequest]:
    """Write one request per paper of a locked application."""
    application.documents.current().filter(key__in=papers).update(
        state=DocumentState.REDO, checked_at=at, checked_by=by
    )
    return [
        CorrectionRequest.objects.create(
            application=application,
            key=key,
            label=paper_row(application=application, key=key).label,
            reason=reason,
            due_at=due_at,
            asked_at=at,
            asked_by=by,
        )
        for key, reason in papers.items()
    ]


@transaction.atomic
def check_document(
    *,
    document: SubmittedDocument,
    state: str,
    by: User,
    at: datetime,
    reason: str = "",
    due_at: datetime | None = None,
) -> SubmittedDocument:
    """Note what the officer found in one paper: 확인, 보완요청, 해당없음 or back to 확인 전.

    보완요청 needs a reason; it is told to the company when the application is sent back for
    correction. Raises ReasonMissingError, and MoveRefusedError for a stranger, a replaced paper or
    a final application.
    """
    application = Application.objects.locked(document.application)
    document = application.documents.get(pk=document.pk)
    verdict = rules.may_check_document(application, document=document, by=by)
    if not verdict.allowed:
        raise MoveRefusedError(verdict)
    document.state = DocumentState(state)
    is_redo = document.state == DocumentState.REDO
    if is_redo and not reason.strip():
        raise ReasonMissingError
    document.reason, document.due_at = (reason.strip(), due_at) if is_redo else ("", None)
    is_open = document.state == DocumentState.RECEIVED
    document.checked_at, document.checked_by = (None, None) if is_open else (at, by)
    document.save(update_fields=["state", "reason", "due_at", "checked_at", "checked_by"])
    return document


@transaction.atomic
def grant_late_permit(
    *,
    notice: NoticePage,
    business_number: str,
    until_at: datetime,
    reason: str,
    by: User,
    at: datetime,
) -> LatePermit:
    """Let one company hand in after closing, until `until_at` (half-open), with the reason.

    A live permit of the same company is revoked and followed by the new one. Raises
    MoveRefusedError for an officer of another agency.
    """
    verdict = rules.may_permit_late(notice, by=by, until_at=until_at, at=at)
    if not verdict.allowed:
        raise MoveRefusedError(verdict)
    live = LatePermit.objects.select_for_update().filter(
        notice=notice, business_number=business_number, revoked_at__isnull=True
    )
    live.update(revoked_at=at, revoked_by=by)
    return LatePermit.objects.create(
        notice=notice,
        business_number=business_number,
        until_at=until_at,
        reason=reason,
        granted_at=at,
        granted_by=by,
    )


@transaction.atomic
def revoke_late_permit(*, permit: LatePermit, by: User, at: datetime) -> LatePermit:
    """Take a late permit back; what was handed in by it stays. A second call changes nothing.

    Raises MoveRefusedError for an officer of another agency.
    """
    permit = LatePermit.objects.select_for_update(of=("self",)).get(pk=permit.pk)
    if not rules.is_agency_staff_of(permit.notice, by=by):
        raise MoveRefusedError(rules.refused("자기 기관의 공고만 다룰 수 있습니다."))
    if permit.revoked_at is None:
        permit.revoked_at, permit.revoked_by = at, by
        permit.save(update_fields=["revoked_at", "revoked_by"])
    return permit
