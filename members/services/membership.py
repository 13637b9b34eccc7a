"""A company's membership moves here and nowhere else (domain.md section 2)."""

from datetime import datetime

from django.db import transaction

from members.enums import JOINING_SLOTS, MEMBERSHIP_MOVES, MembershipState, PaperState
from members.models import Company, MembershipEvent, Paper, User
from members.services.outbox import InvalidRecipientError, add_mail

# Moves that need a word of explanation to the company.
NEEDS_REASON = frozenset({MembershipState.REFUSED, MembershipState.SUSPENDED})

MAILS: dict[str, tuple[str, str]] = {
    MembershipState.PROVISIONAL: (
        "emails/membership_provisional.txt",
        "[수출지원사업] 임시회원으로 승인되었습니다",
    ),
    MembershipState.FULL: (
        "emails/membership_full.txt",
        "[수출지원사업] 정식회원이 되었습니다",
    ),
    MembershipState.REFUSED: (
        "emails/membership_refused.txt",
        "[수출지원사업] 가입 서류를 다시 제출해 주십시오",
    ),
    MembershipState.SUSPENDED: (
        "emails/membership_suspended.txt",
        "[수출지원사업] 회원 이용이 정지되었습니다",
    ),
}


class MoveNotAllowedError(Exception):
    """The membership does not move this way; another person may have moved it meanwhile."""


class ReasonMissingError(Exception):
    """A refusal and a suspension need a reason that the company is told."""


@transaction.atomic
def move_membership(
    *, company: Company, to: MembershipState | str, by: User | None, at: datetime, reason: str = ""
) -> Company:
    """Move a company to another state by MEMBERSHIP_MOVES, with its event and mail.

    `by` is None for jobs. Raises MoveNotAllowedError and ReasonMissingError; nothing is
    written then.
    """
    to = MembershipState(to)
    company = _locked(company)
    if to not in MEMBERSHIP_MOVES[company.membership_state]:
        raise MoveNotAllowedError
    if to in NEEDS_REASON and not reason.strip():
        raise ReasonMissingError
    MembershipEvent.objects.create(
        company=company,
        from_state=company.membership_state,
        to_state=to,
        reason=reason,
        at=at,
        by=by,
    )
    company.membership_state = to
    company.membership_changed_at = at
    company.membership_reason = reason
    if to == MembershipState.FULL:
        company.originals_due_since = None
    company.save(
        update_fields=[
            "membership_state",
            "membership_changed_at",
            "membership_reason",
            "originals_due_since",
        ]
    )
    _tell(company, reason, at)
    return company


@transaction.atomic
def approve_joining(*, company: Company, by: User, at: datetime) -> Company:
    """Let a company in whose scanned papers are in order (S32).

    It becomes a provisional member, or a full one where its originals have arrived already; its
    joining papers are marked as checked. Raises MoveNotAllowedError.
    """
    company = _locked(company)
    if company.membership_state != MembershipState.WAITING:
        raise MoveNotAllowedError
    has_originals = company.originals.filter(completed_at__isnull=False).exists()
    to = MembershipState.FULL if has_originals else MembershipState.PROVISIONAL
    company = move_membership(company=company, to=to, by=by, at=at)
    papers = Paper.objects.current().filter(company=company, slot__in=JOINING_SLOTS)
    papers.update(state=PaperState.CHECKED, checked_at=at, checked_by=by)
    return company


def refuse_joining(*, company: Company, by: User, at: datetime, reason: str) -> Company:
    """Send the papers back with a reason; the company may send again (S32)."""
    return move_membership(company=company, to=MembershipState.REFUSED, by=by, at=at, reason=reason)


def promote_to_full(*, company: Company, by: User, at: datetime) -> Company:
    """Make a provisional member a full one after its originals arrived (S32)."""
    return move_membership(company=company, to=MembershipState.FULL, by=by, at=at)


def suspend(*, company: Company, by: User, at: datetime, reason: str) -> Company:
    """Stop a member's use with a reason that it is told (S64)."""
    return move_membership(
        company=company, to=MembershipState.SUSPENDED, by=by, at=at, reason=reason
    )


@transaction.atomic
def resume(*, company: Company, by: User, at: datetime, reason: str = "") -> Company:
    """Give a suspended member the state back that it had before (S64)."""
    company = _locked(company)
    suspension = company.membership_events.filter(to_state=MembershipState.SUSPENDED).first()
    if company.membership_state != MembershipState.SUSPENDED or suspension is None:
        raise MoveNotAllowedError
    return move_membership(company=company, to=suspension.from_state, by=by, at=at, reason=reason)


def _locked(company: Company) -> Company:
    """Return the company as it stands now, locked: what a screen showed may be old."""
    return Company.objects.select_for_update(of=("self",)).get(pk=company.pk)


def _tell(company: Company, reason: str, at: datetime) -> None:
    """Mail the company's master; an address that cannot receive holds nothing up."""
    if company.membership_state not in MAILS:
        return
    template, subject = MAILS[company.membership_state]
    master = company.people.filter(is_company_master=True).first()
    try:
        add_mail(
            kind=f"membership_{company.membership_state}",
            to=master.email if master and master.email else company.email,
            subject=subject,
            template=template,
            context={"company": company, "reason": reason},
            at=at,
            company=company,
        )
    except InvalidRecipientError:
        return
