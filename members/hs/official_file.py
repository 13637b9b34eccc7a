"""Reads the customs service's two published layouts (data.md 1.1).

«품목명» (15130660): five sheets, one for each length, three columns. «HS부호» (15049722): one
sheet or CSV of ten-digit lines with their groups and periods. A code is always text.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from members.hs.own_table import own_names
from members.hs.wording import tidy

UNITS_TITLE = "HS부호 단위별 품목명"
MASTER_TITLE = "HS부호"
NAME_HEADERS = ["한글품목명", "영문품목명"]
MASTER_HEADERS = ["HS부호", "적용시작일자", "적용종료일자", *NAME_HEADERS]
_UNIT_SHEET = re.compile(r"HS(2|4|6|8|10)단위")
_CHAPTER_MARK = re.compile(r"^제\s*\d+류\s*")
_DATE_IN_NAME = re.compile(r"(20\d{2})[-_.]?(0[1-9]|1[0-2])[-_.]?(0[1-9]|[12]\d|3[01])")
_EXCEL_EPOCH = date(1899, 12, 30)
TEN_DIGITS = 10
LINES_EXPECTED = range(10_000, 13_001)
HEADINGS_EXPECTED = range(1_200, 1_261)
CHAPTERS_EXPECTED = range(96, 98)
MAX_EMPTY_SHARE = 0.01
MAX_PROBLEMS = 20


class HsFileError(Exception):
    """The file cannot be taken; `problems` says why, line by line."""

    def __init__(self, *problems: str) -> None:
        self.problems = list(problems)
        super().__init__("\n".join(problems))


@dataclass
class OfficialFile:
    """What a file says: names by code, Korean and English, in the order of the file."""

    title: str
    base_date: date | None = None
    names: dict[str, tuple[str, str]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def add(self, row: Sequence[Any], place: str) -> None:
        """Take one row of code, Korean and English name, or note what is wrong with it."""
        code, korean, english = (tidy(str(cell)) if cell is not None else "" for cell in row)
        if not (code or korean or english):
            return
        if not (code.isascii() and code.isdigit() and 2 <= len(code) <= TEN_DIGITS):
            self.problems.append(f"{place}: 코드가 숫자가 아닙니다: ‘{code[:20]}’")
        elif code in self.names:
            self.problems.append(f"{place}: 같은 코드가 두 번 나옵니다: {code}")
        else:
            self.names[code] = (_CHAPTER_MARK.sub("", korean), english.rstrip(" :."))


def read_official_file(path: Path) -> OfficialFile:
    """Return what the file holds, checked as a whole. Raises HsFileError."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise HsFileError("파일을 열 수 없습니다.") from error
    official = _read_csv(content) if path.suffix.lower() == ".csv" else _read_workbook(content)
    found = _DATE_IN_NAME.search(path.stem)
    if official.base_date is None and found:
        official.base_date = date(*(int(part) for part in found.groups()))
    _check(official)
    return official


def _read_workbook(content: bytes) -> OfficialFile:
    try:
        workbook = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    except (BadZipFile, InvalidFileException, KeyError, OSError, ValueError) as error:
        raise HsFileError("XLSX 파일이 아닙니다.") from error
    try:
        if all(_UNIT_SHEET.match(name) for name in workbook.sheetnames):
            return _read_units(workbook)
        return _read_master(workbook.worksheets[0].iter_rows(values_only=True))
    finally:
        workbook.close()


def _read_units(workbook: Any) -> OfficialFile:
    official = OfficialFile(UNITS_TITLE)
    for sheet in workbook.worksheets:
        rows = sheet.iter_rows(values_only=True)
        header = [tidy(str(cell or "")) for cell in next(rows, ())]
        if len(header) < 3 or not _UNIT_SHEET.match(header[0]) or header[1:3] != NAME_HEADERS:
            raise HsFileError(f"‘{sheet.title}’ 시트의 제목 줄이 다릅니다.")
        for number, row in enumerate(rows, start=2):
            official.add((*row[:3], None, None)[:3], f"{sheet.title} {number}행")
    return official


def _read_csv(content: bytes) -> OfficialFile:
    for encoding in ("utf-8-sig", "cp949"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return _read_master(iter(csv.reader(io.StringIO(text))))
    raise HsFileError("CSV의 글자를 읽을 수 없습니다. UTF-8이나 CP949로 저장해 주십시오.")


def _read_master(rows: Iterator[Iterable[Any]]) -> OfficialFile:
    official = OfficialFile(MASTER_TITLE)
    header = [tidy(str(cell or "")) for cell in next(rows, ())]
    if header[: len(MASTER_HEADERS)] != MASTER_HEADERS:
        raise HsFileError(
            "알 수 없는 파일입니다. 관세청 ‘HS부호 단위별 품목명’이나 ‘HS부호’ 파일을 주십시오."
        )
    for number, row in enumerate(rows, start=2):
        cells = [*row, None, None, None, None, None][: max(5, len(MASTER_HEADERS))]
        if cells[0] in (None, "") and cells[3] in (None, ""):
            continue
        for cell in cells[1:3]:
            if cell not in (None, "") and as_date(cell) is None:
                official.problems.append(f"{number}행: 날짜를 읽을 수 없습니다: ‘{cell}’")
        official.add((cells[0], cells[3], cells[4]), f"{number}행")
    _add_own_headings(official)
    return official


def as_date(cell: Any) -> date | None:
    """Read a date as the file may write it: a date, an Excel serial, YYYYMMDD or ISO text."""
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    text = str(cell).strip().removesuffix(".0")
    if text.isdigit() and len(text) <= 6:
        return _EXCEL_EPOCH + timedelta(days=int(text))
    digits = re.sub(r"[-./]", "", text[:10])
    try:
        return datetime.strptime(digits, "%Y%m%d").date()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        return None


def _add_own_headings(official: OfficialFile) -> None:
    """Name chapters and headings that the master leaves out as our own table does."""
    used = {code[:4] for code in official.names} | {code[:2] for code in official.names}
    for code, names in own_names().items():
        if code in used:
            official.names.setdefault(code, names)


def _check(official: OfficialFile) -> None:
    """Refuse the whole file when anything in it is wrong or its size is not that of a list."""
    problems = list(official.problems[:MAX_PROBLEMS])
    if len(official.problems) > MAX_PROBLEMS:
        problems.append(f"그 밖에 {len(official.problems) - MAX_PROBLEMS}건이 더 있습니다.")
    counts = {
        length: sum(len(code) == length for code in official.names) for length in (2, 4, TEN_DIGITS)
    }
    for length, expected in (
        (2, CHAPTERS_EXPECTED),
        (4, HEADINGS_EXPECTED),
        (TEN_DIGITS, LINES_EXPECTED),
    ):
        if counts[length] not in expected:
            problems.append(
                f"{length}자리 코드가 {counts[length]:,}개입니다. "
                f"{expected.start:,}개에서 {expected.stop - 1:,}개 사이여야 합니다."
            )
    empty = sum(not korean for korean, _english in official.names.values())
    if official.names and empty / len(official.names) > MAX_EMPTY_SHARE:
        problems.append(f"한글품목명이 빈 줄이 {empty:,}개입니다.")
    if problems:
        raise HsFileError(*problems)
