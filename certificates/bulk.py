"""Lists of numbers that an officer pastes or uploads, read into pairs of number and code."""

import csv
import io
from collections.abc import Iterable
from typing import BinaryIO

from openpyxl import load_workbook

from certificates.numbers import tidy_code, tidy_number

MAX_ENTRIES = 500
HEADINGS = frozenset({"발행번호", "확인증번호", "번호", "NUMBER"})

Entry = tuple[str, str]


class TooManyEntriesError(Exception):
    """More than MAX_ENTRIES numbers in one list."""


class UnreadableListError(Exception):
    """The file is no spreadsheet that can be read."""


def entries_of_text(text: str) -> list[Entry]:
    """Read one number a line; a code may follow after a tab, comma or semicolon.

    Raises TooManyEntriesError.
    """
    plain = text.replace(";", ",").replace("\t", ",")
    return _entries(csv.reader(io.StringIO(plain)))


def entries_of_sheet(file: BinaryIO) -> list[Entry]:
    """Read the first sheet of an xlsx: number in the first column, code in the second.

    The file has passed the upload screening. Raises TooManyEntriesError and UnreadableListError.
    """
    try:
        workbook = load_workbook(file, read_only=True, data_only=True)
        sheet = workbook.worksheets[0]
        rows = sheet.iter_rows(min_row=1, max_row=2 * MAX_ENTRIES, max_col=2, values_only=True)
        cells = [["" if cell is None else str(cell) for cell in row] for row in rows]
    except Exception as error:
        raise UnreadableListError from error
    return _entries(cells)


def _entries(rows: Iterable[list[str]]) -> list[Entry]:
    """Return the distinct entries in their order; headings and empty rows are left out."""
    found: dict[Entry, None] = {}
    for row in rows:
        number = tidy_number(row[0])[:60] if row else ""
        if not number or number in HEADINGS:
            continue
        found[(number, tidy_code(row[1])[:30] if len(row) > 1 else "")] = None
        if len(found) > MAX_ENTRIES:
            raise TooManyEntriesError
    return list(found)
