"""Small official HS files of both published layouts."""

import csv

from openpyxl import Workbook

from members.hs import official_file

UNITS = {
    "HS2단위": [("26", "제26류 광(鑛)ㆍ슬래그", "Ores"), ("84", "제84류 기계류", "Machinery")],
    "HS4단위": [
        ("2616", "귀금속광과 그 정광(精鑛)", "Precious metal ores"),
        ("8471", "자동자료처리기계와 그 단위기기", "Automatic data processing machines"),
        ("8480", "금속 주조용 주형틀", "Moulding boxes"),
    ],
    "HS6단위(5단위포함)": [
        ("84714", "그 밖의 자동자료처리기계", "Other machines"),
        ("847141", "기타", "Other"),
    ],
    "HS8단위(7, 9단위포함)": [],
    "HS10단위": [
        ("2616100000", "은광과 그 정광", "Silver ores"),
        ("8471300000", "휴대용 자동자료처리기계", "Portable machines"),
        ("8471411000", "기억장치가 있는 것", "With memory"),
        ("8471419000", "기타", "Other"),
        ("8480710000", "사출식의 것", "Injection types"),
    ],
}


def take_small_files(monkeypatch):
    """Let an import take a handful of lines for a whole list."""
    for name in ("LINES_EXPECTED", "HEADINGS_EXPECTED", "CHAPTERS_EXPECTED"):
        monkeypatch.setattr(official_file, name, range(1, 100))


def units_file(folder, *, name="품목명_20260101.xlsx", sheets=UNITS):
    """Write «HS부호 단위별 품목명» and return its path."""
    workbook = Workbook(write_only=True)
    for title, rows in sheets.items():
        sheet = workbook.create_sheet(title)
        sheet.append([title.partition("(")[0], "한글품목명", "영문품목명"])
        for row in rows:
            sheet.append(list(row))
    workbook.save(folder / name)
    return folder / name


def master_file(folder, *, name="HS부호_20270101.csv", encoding="utf-8-sig", lines=None):
    """Write «HS부호» as CSV and return its path."""
    lines = UNITS["HS10단위"] if lines is None else lines
    with (folder / name).open("w", encoding=encoding, newline="") as target:
        writer = csv.writer(target)
        writer.writerow(official_file.MASTER_HEADERS)
        for code, korean, english in lines:
            writer.writerow([code, "20220101", "46387", korean, english])
    return folder / name
