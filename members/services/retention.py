"""What may not be kept for ever: destroyed by age, rule by rule, countable beforehand."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from members.enums import SENSITIVE_SLOTS, MailState, MembershipState
from members.models import AccessRecord, AccessSeal, OutboxMail, PasswordReset, StoredFile, Throttle
from members.services.access_records import RETENTION
from members.services.files import destroy_file

MAILS_KEPT = timedelta(days=365)
RESETS_KEPT = timedelta(days=30)
THROTTLES_KEPT = timedelta(days=7)
PAPERS_AFTER_LEAVING = timedelta(days=5 * 366)
PAPERS_AFTER_REFUSAL = timedelta(days=180)
REPLACED_SENSITIVE_KEPT = timedelta(days=30)


@dataclass(frozen=True)
class Rule:
    """One kind of data: what it is called (English, for operators) and what destroys it.

    `apply(at, dry_run)` returns how many were, or would be, destroyed.
    """

    name: str
    apply: Callable[[datetime, bool], int]


def apply_retention(*, at: datetime, dry_run: bool = False) -> dict[str, int]:
    """Destroy what is older than it may be; with `dry_run` only count. Run daily."""
    return {rule.name: rule.apply(at, dry_run) for rule in RULES}


def _access_records(at: datetime, dry_run: bool) -> int:
    """Delete the records of whole sealed batches; the seals stay and link the chain."""
    last = AccessSeal.objects.filter(sealed_at__lte=at - RETENTION).order_by("-pk").first()
    if last is None:
        return 0
    old = AccessRecord.objects.filter(pk__lte=last.last_record)
    count = old.count()
    if not dry_run:
        # The model refuses deletion to everybody else.
        old._raw_delete(old.db)
    return count


def _mails(at: datetime, dry_run: bool) -> int:
    old = OutboxMail.objects.filter(created_at__lte=at - MAILS_KEPT).exclude(
        state=MailState.WAITING
    )
    return _deleted(old, dry_run)


def _resets(at: datetime, dry_run: bool) -> int:
    return _deleted(PasswordReset.objects.filter(expires_at__lte=at - RESETS_KEPT), dry_run)


def _throttles(at: datetime, dry_run: bool) -> int:
    old = Throttle.objects.filter(window_started_at__lte=at - THROTTLES_KEPT).filter(
        Q(locked_until__isnull=True) | Q(locked_until__lte=at)
    )
    return _deleted(old, dry_run)


def _deleted(rows: "QuerySet[OutboxMail] | QuerySet[PasswordReset] | QuerySet[Throttle]",
             dry_run: bool) -> int:  # fmt: skip
    return rows.count() if dry_run else rows.delete()[0]


def _papers_of(state: MembershipState, kept: timedelta, reason: str) -> "Callable[..., int]":
    def apply(at: datetime, dry_run: bool) -> int:
        files = StoredFile.objects.filter(
            papers__company__membership_state=state,
            papers__company__membership_changed_at__lte=at - kept,
        )
        return _destroyed(files, reason, at, dry_run)

    return apply


def _replaced(at: datetime, dry_run: bool) -> int:
    files = StoredFile.objects.filter(
        papers__slot__in=SENSITIVE_SLOTS, papers__replaced_at__lte=at - REPLACED_SENSITIVE_KEPT
    )
    return _destroyed(files, "보유 기간 만료: 바뀐 민감 서류", at, dry_run)


def _destroyed(files: "QuerySet[StoredFile]", reason: str, at: datetime, dry_run: bool) -> int:
    living = files.filter(destroyed_at__isnull=True).distinct()
    if dry_run:
        return living.count()
    found = list(living)
    for stored in found:
        with transaction.atomic():
            destroy_file(stored=stored, by=None, reason=reason, at=at)
    return len(found)


RULES = (
    Rule("access records", _access_records),
    Rule("mails", _mails),
    Rule("password resets", _resets),
    Rule("throttles", _throttles),
    Rule(
        "papers of companies that left",
        _papers_of(MembershipState.LEFT, PAPERS_AFTER_LEAVING, "보유 기간 만료: 탈퇴"),
    ),
    Rule(
        "papers of refused companies",
        _papers_of(MembershipState.REFUSED, PAPERS_AFTER_REFUSAL, "보유 기간 만료: 가입 반려"),
    ),
    Rule("replaced sensitive papers", _replaced),
)
