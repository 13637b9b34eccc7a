"""The public check of a receipt (N6): number and hash of the whole prove what was filed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from applications.models import Application
from applications.selectors import find_receipt
from members.services import throttle

SCOPE = "receipt_check_address"


class UnknownReceiptError(Exception):
    """No receipt has this number and this hash."""


@dataclass(frozen=True)
class FoundReceipt:
    """What a receipt says, from the edition that the hash belongs to."""

    application: Application
    snapshot: dict[str, Any]
    edition: int
    is_current: bool


def check_receipt(
    *, number: str, content_hash: str, address: str | None, at: datetime
) -> FoundReceipt:
    """Return the edition of an application that a receipt's number and hash name.

    Wrong ones are counted per address. Raises UnknownReceiptError and ThrottledError.
    """
    key = address or "none"
    throttle.check(scope=SCOPE, key=key, at=at)
    application = find_receipt(number)
    if application is not None:
        if application.content_hash == content_hash:
            return FoundReceipt(
                application, application.snapshot or {}, application.edition, is_current=True
            )
        earlier = application.earlier_submissions.filter(content_hash=content_hash).first()
        if earlier is not None:
            return FoundReceipt(application, earlier.snapshot, earlier.edition, is_current=False)
    throttle.note_failure(scope=SCOPE, key=key, at=at)
    raise UnknownReceiptError
