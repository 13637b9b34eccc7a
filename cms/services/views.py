"""Counting the readers of a notice, once per visitor and day (decision A19)."""

import hashlib
import hmac
import secrets
from datetime import date, datetime

from django.db import transaction
from django.db.models import F

from cms.models import NoticePage, ViewMark, ViewSalt
from members.formatting import day_in_seoul


@transaction.atomic
def count_view(*, notice: NoticePage, address: str, browser: str, at: datetime) -> bool:
    """Count a reader unless this one was counted today; tell whether it was counted.

    What is kept of `address` and `browser` is a hash under the day's salt. Both are deleted when
    the first reader of another day comes.
    """
    today = day_in_seoul(at)
    visitor = visitor_mark(salt=salt_of(day=today), address=address, browser=browser)
    _, is_new = ViewMark.objects.get_or_create(notice=notice, day=today, visitor=visitor)
    if is_new:
        NoticePage.objects.filter(pk=notice.pk).update(view_count=F("view_count") + 1)
    return is_new


def salt_of(*, day: date) -> str:
    """Return the day's salt; a new day begins with forgetting the days before."""
    found, is_new = ViewSalt.objects.get_or_create(
        day=day, defaults={"salt": secrets.token_hex(32)}
    )
    if is_new:
        ViewMark.objects.exclude(day=day).delete()
        ViewSalt.objects.exclude(day=day).delete()
    return found.salt


def visitor_mark(*, salt: str, address: str, browser: str) -> str:
    """Return what stands for a visitor on one day."""
    text = f"{address}\n{browser}".encode()
    return hmac.new(salt.encode(), text, hashlib.sha256).hexdigest()
