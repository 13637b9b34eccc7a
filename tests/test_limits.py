"""docs/limits.md against the constants (domain.md section 6, ASVS 2.1.3)."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings

from members.services.throttle import LIMITS
from tests.limits import constant, words_of

PAGE = (Path(settings.BASE_DIR) / "docs" / "limits.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| ([^|]+) \| ([^|]+) \| `([\w.]+)` \|$", re.MULTILINE)
THROTTLE = re.compile(r"^\| ([^|]+) \| (\d+) \| ([^|]+) \| ([^|]+) \| `(\w+)` \|$", re.MULTILINE)


@pytest.mark.parametrize(("about", "value", "name"), ROW.findall(PAGE), ids=lambda part: part)
def test_limit_is_what_the_page_says(about, value, name):
    assert words_of(constant(name)) == value


def test_throttles_are_what_the_page_says():
    shown = {row[4]: row[:4] for row in THROTTLE.findall(PAGE)}
    held = {
        name: (limit.label, str(limit.tries), words_of(limit.window), words_of(limit.lock))
        for name, limit in LIMITS.items()
    }

    assert shown == held


def test_page_holds_the_limits_of_log_ins():
    """domain.md 6: the numbers that everybody asks about first."""
    assert "| A member does nothing | 30 minutes |" in PAGE
    assert "| A staff member does nothing | 15 minutes |" in PAGE
    assert "| log-in failures of one ID | 5 | 15 minutes | 15 minutes |" in PAGE


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (timedelta(minutes=90), "90 minutes"),
        (timedelta(hours=24), "24 hours"),
        (timedelta(days=7), "7 days"),
        (20 * 1024 * 1024, "20 MiB"),
        (50_000_000, "50,000,000"),
    ],
)
def test_values_are_written_for_people(value, words):
    assert words_of(value) == words
