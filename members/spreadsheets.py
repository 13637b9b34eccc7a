"""Tables for officers' spreadsheet programs: nothing in them is ever a formula.

Wagtail declines to neutralise formulas (security.md section 0.4), so the exports are ours.
"""

import csv
import io
import tempfile
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.utils.exceptions import IllegalCharacterError

from members.formatting import format_date, format_datetime

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n")
MAX_CELL = 32_767
ROWS_IN_A_CHUNK = 500
BYTES_IN_A_CHUNK = 256 * 1024
Row = Sequence[Any]


def cell_text(value: Any) -> str:
    """Return how a value is written in a cell: Korean time, joined lists, nothing for None."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return format_datetime(value)
    if isinstance(value, date):
        return format_date(value)
    if isinstance(value, bool):
        return "예" if value else "아니요"
    if isinstance(value, (list, tuple, set, frozenset)):
        return ", ".join(cell_text(part) for part in value)
    text = "".join(
        character
        for character in str(value)
        if character in "\n\t" or unicodedata.category(character) != "Cc"
    )
    return text[:MAX_CELL]


def neutral(text: str) -> str:
    """Put an apostrophe before what a spreadsheet program would run, full-width signs too."""
    first = unicodedata.normalize("NFKC", text[:1])
    return f"'{text}" if first.startswith(FORMULA_SIGNS) else text


def is_number(value: Any) -> bool:
    """Tell whether a value goes into a cell as a number."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def csv_chunks(headings: Sequence[str], rows: Iterable[Row]) -> Iterator[bytes]:
    """Yield a CSV in UTF-8 with a mark, so that Korean spreadsheet programs read Hangul.

    Whoever takes the chunks decides when the rows are read; some hundred lines come at a time.
    """
    target = io.StringIO()
    writer = csv.writer(target)
    target.write("\ufeff")
    writer.writerow([neutral(cell_text(heading)) for heading in headings])
    for number, row in enumerate(rows, start=1):
        writer.writerow([value if is_number(value) else neutral(cell_text(value)) for value in row])
        if number % ROWS_IN_A_CHUNK == 0:
            yield target.getvalue().encode()
            target.seek(0)
            target.truncate()
    yield target.getvalue().encode()


def xlsx_chunks(
    headings: Sequence[str], rows: Iterable[Row], *, title: str = "목록"
) -> Iterator[bytes]:
    """Yield an XLSX whose text cells are typed as text; it is written to a temporary file first."""
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet(title=title[:31])
    sheet.append([_text_cell(sheet, cell_text(heading)) for heading in headings])
    for row in rows:
        sheet.append(
            [value if is_number(value) else _text_cell(sheet, cell_text(value)) for value in row]
        )
    with tempfile.TemporaryFile() as target:
        workbook.save(target)
        target.seek(0)
        while chunk := target.read(BYTES_IN_A_CHUNK):
            yield chunk


def csv_bytes(headings: Sequence[str], rows: Iterable[Row]) -> bytes:
    """Return a small CSV as a whole."""
    return b"".join(csv_chunks(headings, rows))


def xlsx_bytes(headings: Sequence[str], rows: Iterable[Row], *, title: str = "목록") -> bytes:
    """Return a small XLSX as a whole."""
    return b"".join(xlsx_chunks(headings, rows, title=title))


def _text_cell(sheet: Any, text: str) -> Any:
    try:
        cell = WriteOnlyCell(sheet, text)
    except IllegalCharacterError:
        cell = WriteOnlyCell(sheet, "".join(sign for sign in text if sign.isprintable()))
    cell.data_type = "s"
    return cell


WRITERS = {"xlsx": xlsx_chunks, "csv": csv_chunks}
