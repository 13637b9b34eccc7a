"""Export records by consent: a request file out, a result file in (S27, S66; data.md 3.3)."""

import csv
import hashlib
import io
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from django.db import transaction
from django.db.models import OuterRef, Subquery
from openpyxl import load_workbook

from members.enums import ConsentChoice, LegalKind, MembershipState
from members.formatting import format_datetime, in_seoul
from members.models import (
    Company,
    Consent,
    StatisticsHandOver,
    StatisticsRequest,
    User,
    VerifiedExports,
)
from members.spreadsheets import csv_bytes

REQUEST_HEADINGS = ("요청번호", "사업자등록번호", "시작년월", "종료년월", "동의일시", "동의문판")
RESULT_HEADINGS = (
    "요청번호", "기준년월", "사업자등록번호", "업체명", "HS부호", "목적국", "신고건수", "수출금액",
    "중량", "구분",
)  # fmt: skip
MAX_RESULT_ROWS = 500_000
THOUSAND = Decimal(1000)


class NobodyConsentedError(Exception):
    """No member's consent is alive, so there is nothing to hand over."""


class RequestedAlreadyError(Exception):
    """A request was made in this very second: a second click on the same button."""


class ResultRefusedError(Exception):
    """The result file is not of this request or shape; `str()` is Korean and names the row."""


class ResultTakenError(Exception):
    """This request has its result already."""


@dataclass(frozen=True)
class ResultReport:
    """What came of a result file: companies taken in, rows turned away for want of a consent."""

    companies: int
    rows: int
    refused_rows: int


def live_consents() -> "dict[int, Consent]":
    """Return each member's company-information consent that was not withdrawn, by company."""
    newest = Consent.objects.filter(
        company=OuterRef("company"), text__kind=LegalKind.COMPANY_INFO
    ).order_by("-at", "-pk")
    alive = Consent.objects.filter(
        pk=Subquery(newest.values("pk")[:1]), choice=ConsentChoice.AGREED
    ).exclude(company__membership_state=MembershipState.LEFT)
    return {consent.company_id: consent for consent in alive.select_related("company", "text")}


@transaction.atomic
def make_request(
    *, first_month: date, last_month: date, reason: str, by: User, at: datetime
) -> StatisticsRequest:
    """Write down who is asked about: only companies whose consent is alive.

    Raises NobodyConsentedError and RequestedAlreadyError.
    """
    consents = live_consents()
    if not consents:
        raise NobodyConsentedError
    code = _new_code(at)
    if StatisticsRequest.objects.filter(code=code).exists():
        raise RequestedAlreadyError
    made = StatisticsRequest.objects.create(
        code=code, first_month=first_month, last_month=last_month, reason=reason,
        made_at=at, made_by=by,
    )  # fmt: skip
    StatisticsHandOver.objects.bulk_create(
        StatisticsHandOver(request=made, company_id=company, consent=consent)
        for company, consent in consents.items()
    )
    return made


def request_file(made: StatisticsRequest) -> bytes:
    """Return the request as CSV (UTF-8 with a mark), one row a company."""
    rows = made.hand_overs.select_related("company", "consent__text").order_by("pk")
    return csv_bytes(
        REQUEST_HEADINGS,
        [
            (
                made.code,
                row.company.business_number,
                f"{made.first_month:%Y%m}",
                f"{made.last_month:%Y%m}",
                format_datetime(row.consent.at),
                row.consent.text.version,
            )
            for row in rows
        ],
    )


@transaction.atomic
def take_result(
    *, made: StatisticsRequest, data: bytes, kind: str, by: User, at: datetime
) -> ResultReport:
    """Take a result file in (`kind`: csv or xlsx), all or nothing.

    Rows of companies that were not asked about, or whose consent died meanwhile, are counted and
    left out. Raises ResultRefusedError and ResultTakenError.
    """
    made = StatisticsRequest.objects.select_for_update(of=("self",)).get(pk=made.pk)
    if made.result_at is not None:
        raise ResultTakenError
    alive = live_consents()
    asked = {
        row.company.business_number: row.company
        for row in made.hand_overs.select_related("company")
        if row.company_id in alive
    }
    sums: dict[tuple[Company, int], Decimal] = defaultdict(Decimal)
    rows = refused = 0
    for number, row in enumerate(_rows(data, kind), start=2):
        rows += 1
        month, business_number, amount = _values(row, number, made)
        if business_number in asked:
            sums[asked[business_number], month.year] += amount
        else:
            refused += 1
    VerifiedExports.objects.bulk_create(
        VerifiedExports(request=made, company=company, year=year, thousand_usd=_thousands(amount))
        for (company, year), amount in sums.items()
    )
    made.result_at, made.result_by = at, by
    made.result_hash = hashlib.sha256(data).hexdigest()
    made.save(update_fields=["result_at", "result_by", "result_hash"])
    return ResultReport(len({company for company, _ in sums}), rows, refused)


def verified_by_year(company: Company) -> dict[int, int]:
    """Return a company's verified exports (천불) by year, the newest result of each."""
    rows = VerifiedExports.objects.filter(company=company).order_by("request__result_at", "pk")
    return {row.year: row.thousand_usd for row in rows}


def _new_code(at: datetime) -> str:
    """Return a code by the second in Seoul: a double click is one request, the second refused."""
    return f"STAT-{in_seoul(at):%Y%m%d-%H%M%S}"


def _thousands(amount: Decimal) -> int:
    return int((amount / THOUSAND).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def _rows(data: bytes, kind: str) -> Iterator[dict[str, str]]:
    """Yield the rows by their headings; an unknown encoding or heading refuses the file."""
    table = _sheet_rows(data) if kind == "xlsx" else _csv_rows(data)
    headings = [_heading(cell) for cell in next(table, [])]
    if missing := [name for name in RESULT_HEADINGS if name not in headings]:
        raise ResultRefusedError(f"첫 줄에 다음 항목이 없습니다: {', '.join(missing)}")
    for count, cells in enumerate(table, start=2):
        if count > MAX_RESULT_ROWS:
            raise ResultRefusedError(f"{MAX_RESULT_ROWS:,}줄까지 읽습니다. 나누어 올려 주십시오.")
        if any(cell.strip() for cell in cells):
            yield dict(zip(headings, cells, strict=False))


def _csv_rows(data: bytes) -> Iterator[list[str]]:
    for encoding in ("utf-8-sig", "cp949"):
        try:
            return iter(list(csv.reader(io.StringIO(data.decode(encoding)))))
        except (UnicodeDecodeError, csv.Error):
            continue
    raise ResultRefusedError("파일의 글자를 읽을 수 없습니다. UTF-8이나 CP949로 저장해 주십시오.")


def _sheet_rows(data: bytes) -> Iterator[list[str]]:
    try:
        sheet: Any = load_workbook(io.BytesIO(data), read_only=True, data_only=True).active
        table = [[_cell(value) for value in row] for row in sheet.iter_rows(values_only=True)]
    except Exception as error:
        raise ResultRefusedError("엑셀 파일을 읽을 수 없습니다.") from error
    return iter(table)


def _cell(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else str(value)


def _heading(cell: str) -> str:
    """Return a heading without its unit: «수출금액(USD, FOB)» is 수출금액."""
    return cell.partition("(")[0].strip()


def _values(row: dict[str, str], number: int, made: StatisticsRequest) -> tuple[date, str, Decimal]:
    """Return month, business number and dollars of a row. Raises ResultRefusedError."""
    if row["요청번호"].strip() != made.code:
        raise ResultRefusedError(f"{number}번째 줄: 요청번호가 {made.code}이(가) 아닙니다.")
    text = row["기준년월"].replace("-", "").replace(".", "").strip()
    try:
        month = date(int(text[:4]), int(text[4:6]), 1)
        amount = Decimal(row["수출금액"].replace(",", "").strip())
    except (ValueError, InvalidOperation) as error:
        raise ResultRefusedError(
            f"{number}번째 줄: 기준년월이나 수출금액을 읽을 수 없습니다."
        ) from error
    if not made.first_month <= month <= made.last_month:
        raise ResultRefusedError(f"{number}번째 줄: 요청한 기간 밖의 달입니다.")
    if not amount.is_finite() or amount < 0:
        raise ResultRefusedError(f"{number}번째 줄: 수출금액이 올바르지 않습니다.")
    digits = "".join(sign for sign in row["사업자등록번호"] if sign.isdigit())
    return month, digits, amount
