"""The visitor's display preferences: contrast and text size, kept in two plain cookies.

They belong to the browser, not to a person: no session, no database, nothing personal. The page
frame writes them on the html element, so pages look right before any script runs; a cache of
anonymous pages takes `read_preferences(...).cache_key` as part of its key.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.db import models

COOKIE_MAX_AGE_SECONDS = 365 * 24 * 60 * 60


class Contrast(models.TextChoices):
    """KRDS 선명한 화면 모드. Without a choice the system's own preference decides."""

    NORMAL = "normal", "기본"
    HIGH = "high", "선명하게"


class TextSize(models.TextChoices):
    """KRDS 화면 크기 조정: per cent of the browser's own text size."""

    SMALL = "90", "작게"
    NORMAL = "100", "보통"
    LARGE = "110", "조금 크게"
    LARGER = "130", "크게"
    LARGEST = "150", "가장 크게"


@dataclass(frozen=True)
class DisplayPreferences:
    """Validated choices; an empty contrast means that nothing was chosen."""

    contrast: str = ""
    size: str = TextSize.NORMAL.value

    @property
    def cache_key(self) -> str:
        """A short text of known values, safe as part of a cache key."""
        return f"{self.contrast or 'auto'}-{self.size}"


def cookie_name(part: str) -> str:
    """The cookie's name, with the __Host- prefix wherever cookies must be secure."""
    prefix = "__Host-" if settings.SESSION_COOKIE_SECURE else ""
    return f"{prefix}display-{part}"


def read_preferences(cookies: Mapping[str, str]) -> DisplayPreferences:
    """Read the two cookies; a value that we never set counts as none."""
    contrast = cookies.get(cookie_name("contrast"), "")
    size = cookies.get(cookie_name("size"), "")
    return DisplayPreferences(
        contrast=contrast if contrast in Contrast.values else "",
        size=size if size in TextSize.values else TextSize.NORMAL.value,
    )
