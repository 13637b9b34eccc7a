"""Read the demo's JSON files and move their dates."""

import json
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone

FOLDER = settings.BASE_DIR / "demo"
NOTICE_OF_DEMO = "시연용 가상 자료"

Entry = dict[str, Any]


def read(name: str) -> dict[str, Any]:
    """Return one file of the demo folder."""
    content: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return content


def shift() -> timedelta:
    """Return how far every date moves, so that the mix of states of the anchor day is kept."""
    anchor = date.fromisoformat(read("notices")["anchor_date"])
    return timezone.localdate() - anchor


def moment(value: str | None, *, by: timedelta) -> datetime | None:
    """Return a moved moment (Asia/Seoul offset kept), or None."""
    return datetime.fromisoformat(value) + by if value else None


def day(value: str, *, by: timedelta) -> date:
    """Return a moved day."""
    return date.fromisoformat(value) + by
