"""Who looked at whose data: append-only rows, sealed in batches, verified at will."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import transaction

from members.enums import AccessAction
from members.models import AccessRecord, AccessSeal, Company, User

# A row that a slow transaction commits late must still find its place before the seal.
SEAL_AFTER = timedelta(minutes=2)
RETENTION = timedelta(days=2 * 366)
SEAL_BATCH = 10_000


@dataclass(frozen=True)
class BrokenSeal:
    """One seal that no longer fits its records, with what is wrong (English, for operators)."""

    seal: AccessSeal
    problem: str


def record_access(
    *,
    actor: User,
    action: AccessAction,
    subjects: Sequence[Company | User],
    what: str,
    at: datetime,
    address: str | None,
    reason: str = "",
    request_id: str = "",
) -> AccessRecord:
    """Write down that `actor` did `action` with the data of `subjects` (security.md section 1).

    `what` names the screen or file in Korean (200 characters); the subjects are kept as
    «company:<uuid>» or «user:<uuid>», all of them however many.
    """
    return AccessRecord.objects.create(
        at=at,
        actor=actor,
        actor_label=f"{actor.name} ({actor.username})"[:120],
        address=address,
        action=action,
        subjects=[subject_name(subject) for subject in subjects],
        subject_count=len(subjects),
        what=what[:200],
        reason=reason[:300],
        request_id=request_id,
    )


def subject_name(subject: Company | User) -> str:
    """Return how a subject is named in a record: «company:<uuid>» or «user:<uuid>»."""
    return f"{'company' if isinstance(subject, Company) else 'user'}:{subject.uuid}"


@transaction.atomic
def seal_access_records(*, at: datetime) -> AccessSeal | None:
    """Chain the records since the last seal by a hash over them and that seal.

    Takes records at least two minutes old, at most 10,000; returns None when there are none.
    """
    last = AccessSeal.objects.select_for_update().order_by("-pk").first()
    records = list(
        AccessRecord.objects.filter(
            pk__gt=last.last_record if last else 0, at__lte=at - SEAL_AFTER
        ).order_by("pk")[:SEAL_BATCH]
    )
    if not records:
        return None
    previous = last.hash if last else ""
    return AccessSeal.objects.create(
        first_record=records[0].pk,
        last_record=records[-1].pk,
        count=len(records),
        previous_hash=previous,
        hash=_seal_hash(previous, records),
        sealed_at=at,
    )


def verify_access_records(*, at: datetime) -> list[BrokenSeal]:
    """Recompute every seal and return those that no longer fit; an empty list is good.

    A seal whose records were all purged after the retention of two years still links the chain.
    """
    broken = []
    previous_hash, previous_last = "", 0
    for seal in AccessSeal.objects.order_by("pk"):
        if seal.previous_hash != previous_hash:
            broken.append(BrokenSeal(seal, "does not follow the seal before it"))
        records = list(
            AccessRecord.objects.filter(pk__gt=previous_last, pk__lte=seal.last_record).order_by(
                "pk"
            )
        )
        if problem := _problem(seal, records, at):
            broken.append(BrokenSeal(seal, problem))
        previous_hash, previous_last = seal.hash, seal.last_record
    return broken


def _problem(seal: AccessSeal, records: list[AccessRecord], at: datetime) -> str:
    if not records and at - seal.sealed_at >= RETENTION:
        return ""
    if len(records) != seal.count:
        return f"holds {len(records)} records instead of {seal.count}"
    if _seal_hash(seal.previous_hash, records) != seal.hash:
        return "its records were altered"
    return ""


def _seal_hash(previous: str, records: Iterable[AccessRecord]) -> str:
    """Return SHA-256 (64 hex digits) over the previous seal and the records in order."""
    digest = hashlib.sha256(previous.encode())
    for record in records:
        row = [
            record.pk,
            record.at.astimezone(UTC).isoformat(timespec="microseconds"),
            record.actor_id,
            record.actor_label,
            record.address,
            record.action,
            record.subjects,
            record.what,
            record.reason,
            record.request_id,
        ]
        digest.update(b"\n" + json.dumps(row, ensure_ascii=False).encode())
    return digest.hexdigest()
