"""Tables for spreadsheet programs (security.md 2.32)."""

import csv
import io
from datetime import UTC, date, datetime

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from members.spreadsheets import cell_text, csv_bytes, neutral, xlsx_bytes

CELLS = st.one_of(st.text(max_size=40), st.integers(-(10**6), 10**6), st.none(), st.booleans())


def cells_of(data):
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    return [list(row) for row in sheet.iter_rows()]


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"])
def test_whatever_a_program_would_run_is_prefixed(sign):
    """security.md 2.32: = + - @ tab CR, full-width too."""
    assert neutral(f"{sign}1") == f"'{sign}1"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (True, "예"),
        (False, "아니요"),
        (["VN", "US"], "VN, US"),
        (datetime(2026, 3, 11, 0, 0, tzinfo=UTC), "2026-03-11 09:00"),
        (date(2026, 3, 11), "2026-03-11"),
        ("가\x00나\x0b다", "가나다"),
    ],
)
def test_values_are_written_in_korean(value, text):
    """ui.md: dates and times of Seoul."""
    assert cell_text(value) == text


def test_numbers_stay_numbers():
    """S42: officers add up amounts."""
    ((heading,), (cell,)) = cells_of(xlsx_bytes(["매출액"], [[5400]]))

    assert heading.value == "매출액"
    assert cell.value == 5400


@given(st.lists(st.lists(CELLS, min_size=2, max_size=2), max_size=5))
def test_no_cell_is_ever_a_formula(rows):
    """security.md 2.32: XLSX has no formula cells, CSV no leading sign."""
    for row in cells_of(xlsx_bytes(["가", "나"], rows)):
        assert all(cell.data_type != "f" for cell in row)
    text = csv_bytes(["가", "나"], rows).decode("utf-8-sig")
    for row in csv.reader(io.StringIO(text)):
        for cell in row:
            is_amount = cell.lstrip("-").isdigit()
            assert is_amount or not cell.startswith(("=", "+", "-", "@", "\t", "\r"))
