"""What a restored set must not forget, though it happened after the set was made.

A number that was printed on a paper must never be given again, and a file that was destroyed must
not come back. The ledger is a small text file of both, one JSON object a line, written often and
kept apart from the sets:

``{"kind": "counter", "model": "certificates.issuecounter", "key": {...}, "last_number": 12}``
``{"kind": "destroyed", "uuid": "…", "at": "2026-11-22T09:00:00+09:00", "reason": "…"}``
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import transaction

from applications.models import ReceiptCounter
from certificates.models import IssueCounter
from cms.models import NoticePage
from cms.models.notices import NoticeCodeSeries
from members.models import StoredFile
from members.services.files import destroy_file

FIELDS = {
    "counter": frozenset({"model", "key", "last_number"}),
    "destroyed": frozenset({"uuid", "at", "reason"}),
}


class LedgerError(Exception):
    """The file is not a ledger; the text names the line."""


@dataclass(frozen=True)
class Replay:
    """What a ledger changed: counters lifted, files destroyed again, entries without a row here."""

    lifted: int
    destroyed: int
    unknown: int


def entries() -> Iterator[dict[str, Any]]:
    """Yield every counter and every destroyed file of this installation."""
    for series in NoticeCodeSeries.objects.order_by("prefix"):
        yield _counter(series, {"prefix": series.prefix})
    for receipt in ReceiptCounter.objects.select_related("notice").order_by("pk"):
        yield _counter(receipt, {"notice": receipt.notice.code})
    for issue in IssueCounter.objects.select_related("notice").order_by("pk"):
        yield _counter(issue, {"notice": issue.notice.code, "year": issue.year})
    destroyed = StoredFile.objects.filter(destroyed_at__isnull=False).order_by("pk")
    for uuid, at, reason in destroyed.values_list("uuid", "destroyed_at", "destroyed_reason"):
        moment = at.isoformat() if at else ""
        yield {"kind": "destroyed", "uuid": str(uuid), "at": moment, "reason": reason}


def write(path: Path) -> int:
    """Write the ledger in one step, so that no reader meets half of it; return its lines."""
    lines = [json.dumps(entry, ensure_ascii=False) for entry in entries()]
    unfinished = path.with_name(f"{path.name}.unfinished")
    unfinished.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    unfinished.replace(path)
    return len(lines)


@transaction.atomic
def replay(path: Path) -> Replay:
    """Lift the counters to the ledger's and destroy its files again; twice changes nothing more.

    Raises LedgerError.
    """
    lifted = destroyed = unknown = 0
    for entry in _read(path):
        if entry["kind"] == "counter":
            done = _lift(entry)
            lifted += done is True
        else:
            done = _destroy(entry)
            destroyed += done is True
        unknown += done is None
    return Replay(lifted=lifted, destroyed=destroyed, unknown=unknown)


def _counter(counter: Any, key: dict[str, object]) -> dict[str, Any]:
    return {
        "kind": "counter",
        "model": counter._meta.label_lower,
        "key": key,
        "last_number": counter.last_number,
    }


def _read(path: Path) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            entry = json.loads(line)
            missing = FIELDS[entry["kind"]] - entry.keys()
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise LedgerError(f"Line {number} is not an entry: {error!r}") from error
        if missing:
            raise LedgerError(f"Line {number} lacks {', '.join(sorted(missing))}.")
        yield entry


def _lift(entry: dict[str, Any]) -> bool | None:
    """Raise one counter; None when its notice is not in this database."""
    key = dict(entry["key"])
    if "notice" in key:
        notice = NoticePage.objects.filter(code=key["notice"]).first()
        if notice is None:
            return None
        key["notice"] = notice
    model: Any = apps.get_model(entry["model"])
    counter, _ = model.objects.select_for_update().get_or_create(**key)
    if counter.last_number >= entry["last_number"]:
        return False
    counter.last_number = entry["last_number"]
    counter.save(update_fields=["last_number"])
    return True


def _destroy(entry: dict[str, Any]) -> bool | None:
    """Destroy one file again; None when its row is not in this database."""
    stored = StoredFile.objects.filter(uuid=entry["uuid"]).first()
    if stored is None:
        return None
    if stored.destroyed_at is not None:
        return False
    destroy_file(
        stored=stored, by=None, reason=entry["reason"], at=datetime.fromisoformat(entry["at"])
    )
    return True
