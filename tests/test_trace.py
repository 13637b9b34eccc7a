"""The trace table: every working row has a test, every named row exists, the page is current."""

from pathlib import Path

import pytest
from django.core.management import call_command

from config.management.commands import trace_requirements

ROWS = {
    "S1": {"text": "One", "screen": "/", "status": "working"},
    "S2": {"text": "Two", "screen": "/two/", "status": "planned"},
}


def test_trace_table_is_right_and_current():
    """Every row of docs/requirements.toml against the docstrings of this suite."""
    call_command("trace_requirements", check=True)


def test_working_row_without_test_is_a_fault():
    assert trace_requirements.faults(ROWS, {}) == [
        "S1 is marked as working but no test names it",
    ]


def test_unknown_row_is_a_fault():
    naming = {"S1": ["tests/a.py::test_a"], "S99": ["tests/a.py::test_b"]}

    assert trace_requirements.faults(ROWS, naming) == [
        "tests/a.py::test_b names the unknown row S99",
    ]


def test_unknown_status_is_a_fault():
    rows = {"S3": {"text": "Three", "screen": "/", "status": "nearly"}}

    assert len(trace_requirements.faults(rows, {})) == 1


def test_page_shows_row_screen_and_test():
    page = trace_requirements.render(ROWS, {"S1": ["tests/a.py::test_a"]})

    assert "| S1 | One | / | working | `tests/a.py::test_a` |" in page
    assert "1 of 2 rows are working." in page


@pytest.mark.parametrize("name", ["requirements.toml", "requirements.md"])
def test_trace_files_lie_in_docs(settings, name):
    assert (Path(settings.BASE_DIR) / "docs" / name).is_file()
