"""Limits on trying, counted in the database so that no cache's absence switches them off."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from members.encryption import lookup_hash
from members.models import Throttle


@dataclass(frozen=True)
class Limit:
    """`tries` within `window` lock the key for `lock`; `label` names it in docs/limits.md."""

    tries: int
    window: timedelta
    lock: timedelta
    label: str


QUARTER_HOUR = timedelta(minutes=15)
HOUR = timedelta(hours=1)

# An address may stand for a whole office, so its limits are wider than a person's.
LIMITS: Mapping[str, Limit] = {
    "login_account": Limit(5, QUARTER_HOUR, QUARTER_HOUR, "log-in failures of one ID"),
    "login_address": Limit(30, QUARTER_HOUR, QUARTER_HOUR, "log-in failures from one address"),
    "password_change": Limit(5, QUARTER_HOUR, QUARTER_HOUR, "wrong present passwords of a person"),
    "second_factor": Limit(5, QUARTER_HOUR, QUARTER_HOUR, "wrong codes of a person"),
    "confirmation": Limit(5, QUARTER_HOUR, QUARTER_HOUR, "wrong confirmations of a person"),
    "find_id_address": Limit(10, HOUR, HOUR, "ID look-ups from one address"),
    "find_id_company": Limit(5, HOUR, HOUR, "ID look-ups of one business number"),
    "find_password_address": Limit(10, HOUR, HOUR, "reset requests from one address"),
    "find_password_account": Limit(3, HOUR, HOUR, "reset requests of one ID"),
    "reset_password_address": Limit(20, HOUR, HOUR, "reset links tried from one address"),
    "id_check_address": Limit(30, HOUR, HOUR, "ID duplicate checks from one address"),
    "join_verify_address": Limit(20, HOUR, HOUR, "business proofs tried from one address"),
    "join_draft_address": Limit(30, HOUR, HOUR, "joinings begun from one address"),
    "proof_address": Limit(60, HOUR, HOUR, "certificate challenges from one address"),
    "proof_session": Limit(20, HOUR, HOUR, "certificate challenges of one session"),
    "proof_company": Limit(
        30, QUARTER_HOUR, QUARTER_HOUR, "certificate challenges of one business number"
    ),
    "join_ask_address": Limit(5, HOUR, HOUR, "requests for an invitation from one address"),
    "join_ask_company": Limit(3, HOUR, HOUR, "requests for an invitation to one company"),
    "invite_company": Limit(20, HOUR, HOUR, "invitations of one company"),
    "upload_person": Limit(120, HOUR, HOUR, "uploads of one person"),
    "certificate_check_address": Limit(10, HOUR, HOUR, "wrong check codes from one address"),
    "certificate_file_address": Limit(30, HOUR, HOUR, "papers checked as files from one address"),
    "certificate_issue_company": Limit(30, HOUR, HOUR, "certificates made for one company"),
    "receipt_check_address": Limit(10, HOUR, HOUR, "wrong receipt checks from one address"),
    "cover_code_staff": Limit(20, HOUR, HOUR, "cover-sheet codes typed by one staff member"),
    "notice_view_address": Limit(600, HOUR, HOUR, "readers of notices counted from one address"),
    "api_token": Limit(3000, HOUR, QUARTER_HOUR, "API requests of one token"),
    "api_wrong_token": Limit(30, QUARTER_HOUR, QUARTER_HOUR, "wrong API tokens from one address"),
    "export_staff": Limit(30, HOUR, HOUR, "exports of one staff member"),
}


class ThrottledError(Exception):
    """Too many tries; `retry_at` is when the lock ends."""

    def __init__(self, retry_at: datetime) -> None:
        super().__init__(retry_at)
        self.retry_at = retry_at


def check(*, scope: str, key: str, at: datetime) -> None:
    """Raise ThrottledError while `key` is locked in `scope`; counts nothing."""
    LIMITS[scope]  # an unknown scope is a programming error, also while nothing is locked
    locked_until = (
        Throttle.objects.filter(scope=scope, key_hash=_hash(scope, key), locked_until__gt=at)
        .values_list("locked_until", flat=True)
        .first()
    )
    if locked_until:
        raise ThrottledError(locked_until)


def note_failure(*, scope: str, key: str, at: datetime) -> Throttle:
    """Count one try of `key`; the last one of the limit locks it.

    Call it outside the transaction of the work that failed, or the count rolls back with it.
    """
    row, _was_locked = _count(scope, key, at)
    return row


def hit(*, scope: str, key: str, at: datetime) -> None:
    """Count a try that costs something whether it succeeds or not; one too many is refused.

    Looking and counting are one step, so tries in parallel cannot slip past the limit.
    """
    check(scope=scope, key=key, at=at)
    row, was_locked = _count(scope, key, at)
    if was_locked and row.locked_until is not None:
        raise ThrottledError(row.locked_until)


@transaction.atomic
def _count(scope: str, key: str, at: datetime) -> tuple[Throttle, bool]:
    """Count one try unless the key was locked already; tell which."""
    limit = LIMITS[scope]
    row, _ = Throttle.objects.select_for_update().get_or_create(
        scope=scope, key_hash=_hash(scope, key), defaults={"window_started_at": at}
    )
    if row.locked_until is not None and row.locked_until > at:
        return row, True
    if row.locked_until is not None or at - row.window_started_at >= limit.window:
        row.window_started_at, row.count, row.locked_until = at, 0, None
    row.count += 1
    if row.count >= limit.tries:
        row.locked_until = at + limit.lock
    row.save(update_fields=["window_started_at", "count", "locked_until"])
    return row, False


def clear(*, scope: str, key: str) -> None:
    """Forget the tries of `key`: after a success, a reset or a log-in by signing cert."""
    Throttle.objects.filter(scope=scope, key_hash=_hash(scope, key)).delete()


def purge_stale(*, at: datetime) -> int:
    """Delete counters that can no longer lock anybody; returns how many."""
    longest = max(max(limit.window, limit.lock) for limit in LIMITS.values())
    deleted, _ = Throttle.objects.filter(window_started_at__lt=at - 2 * longest).delete()
    return deleted


def _hash(scope: str, key: str) -> str:
    return lookup_hash(f"{scope}:{key.strip().lower()}")
