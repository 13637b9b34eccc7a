"""How values are written on screens, in mails and on paper.

Pure functions without settings or database: each takes a plain value and returns Korean text.
An unknown or broken value is returned as it came, so that nothing stored is ever hidden.
"""

import re
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SEOUL = ZoneInfo("Asia/Seoul")
WEEKDAYS = "월화수목금토일"
MASK = "*"

_MOBILE_OR_AREA = re.compile(r"^(01[016-9]|0[3-6][1-5]|070|080|050\d)(\d{3,4})(\d{4})$")
_SEOUL_LINE = re.compile(r"^(02)(\d{3,4})(\d{4})$")
_NATIONWIDE = re.compile(r"^(1[568]\d{2})(\d{4})$")
_NOT_DIGITS = re.compile(r"[^0-9]")


def digits_only(value: str) -> str:
    """Drop everything but ASCII digits, as numbers are stored."""
    return _NOT_DIGITS.sub("", value)


def in_seoul(value: datetime) -> datetime:
    """The same moment on Seoul's clock; a naive value is taken as Seoul time already."""
    if value.tzinfo is None:
        return value.replace(tzinfo=SEOUL)
    return value.astimezone(SEOUL)


def day_in_seoul(value: date) -> date:
    """The calendar day in Seoul of a date or a datetime."""
    return in_seoul(value).date() if isinstance(value, datetime) else value


def format_date(value: date) -> str:
    """The list form of fixed width: 2026-03-11."""
    return day_in_seoul(value).isoformat()


def format_long_date(value: date) -> str:
    """The prose form: 2026년 3월 11일(수)."""
    day = day_in_seoul(value)
    return f"{day.year}년 {day.month}월 {day.day}일({WEEKDAYS[day.weekday()]})"


def format_document_date(value: date) -> str:
    """The form of public documents: 2026. 3. 11."""
    day = day_in_seoul(value)
    return f"{day.year}. {day.month}. {day.day}."


def format_datetime(value: datetime) -> str:
    """Date and minute on the 24-hour clock: 2026-03-11 09:00."""
    return in_seoul(value).strftime("%Y-%m-%d %H:%M")


def format_opening(value: datetime) -> str:
    """The beginning of a period: the minute is left out where it is midnight."""
    local = in_seoul(value)
    return format_date(local) if local.time() == time.min else format_datetime(local)


def format_closing(value: datetime) -> str:
    """The end of a half-open period: midnight is 24:00 of the day before (A14)."""
    local = in_seoul(value)
    if local.time() == time.min:
        return f"{format_date(local - timedelta(days=1))} 24:00"
    return format_datetime(local)


def format_period(opens_at: datetime, closes_at: datetime | None) -> str:
    """A period with the minute of closing; without a closing it is rolling (상시)."""
    if closes_at is None:
        return f"{format_opening(opens_at)}부터 상시"
    return f"{format_opening(opens_at)} ~ {format_closing(closes_at)}"


def last_day(closes_at: datetime) -> date:
    """The last day in Seoul that belongs to a half-open period."""
    return (in_seoul(closes_at) - timedelta(microseconds=1)).date()


def format_days_left(closes_at: datetime, at: datetime) -> str:
    """How long a period still runs, counted in days of Seoul: «3일 남음», «오늘 마감», «마감»."""
    if at >= closes_at:
        return "마감"
    days = (last_day(closes_at) - day_in_seoul(at)).days
    return "오늘 마감" if days == 0 else f"{days}일 남음"


def format_size(size: int) -> str:
    """Bytes as KRDS writes them beside a file's name: 328KB, 1.2MB (1 KB = 1,024 bytes)."""
    if size < 1024:
        return f"{size}B"
    if size < 1024 * 1024:
        return f"{round(size / 1024)}KB"
    return f"{size / (1024 * 1024):.1f}".removesuffix(".0") + "MB"


def format_thousands(value: int) -> str:
    """A whole number with separators: 1,234,567."""
    return f"{value:,}"


def format_business_number(value: str) -> str:
    """사업자등록번호 as 3-2-5 digits; anything but ten digits is returned as it came."""
    digits = digits_only(value)
    if len(digits) != 10:
        return value
    return f"{digits[:3]}-{digits[3:5]}-{digits[5:]}"


def format_corporate_number(value: str) -> str:
    """법인등록번호 as 6-7 digits; anything but thirteen digits is returned as it came."""
    digits = digits_only(value)
    return f"{digits[:6]}-{digits[6:]}" if len(digits) == 13 else value


def format_phone(value: str) -> str:
    """A Korean telephone number with hyphens; an unknown shape is returned as it came."""
    digits = digits_only(value)
    for shape in (_SEOUL_LINE, _MOBILE_OR_AREA, _NATIONWIDE):
        if match := shape.match(digits):
            return "-".join(match.groups())
    return value


def mask_name(value: str) -> str:
    """Hide a person's name: 홍길동 → 홍*동, 김철 → 김*, John Smith → J*** S****."""
    if " " in value.strip():
        return " ".join(word[:1] + MASK * (len(word) - 1) for word in value.split())
    name = value.strip()
    if len(name) < 3:
        return name[:1] + MASK * max(len(name) - 1, 0)
    return name[0] + MASK * (len(name) - 2) + name[-1]


def mask_phone(value: str) -> str:
    """Hide the middle of a telephone number: 010-****-5678; other shapes keep two digits."""
    parts = format_phone(value).split("-")
    if len(parts) == 3:
        return f"{parts[0]}-{MASK * len(parts[1])}-{parts[2]}"
    digits = digits_only(value)
    return MASK * max(len(digits) - 2, 0) + digits[-2:] if len(digits) > 4 else MASK * len(digits)


def mask_email(value: str) -> str:
    """Hide the local part of an address but two characters (one of a short one): ho***@ex.kr."""
    local, at_sign, domain = value.rpartition("@")
    if not at_sign:
        return MASK * len(value)
    shown = 2 if len(local) > 3 else 1
    return f"{local[:shown]}{MASK * max(len(local) - shown, 3)}@{domain}"


def mask_business_number(value: str) -> str:
    """Hide the serial part of a business number: 123-45-*****."""
    digits = digits_only(value)
    if len(digits) != 10:
        return MASK * len(value)
    return f"{digits[:3]}-{digits[3:5]}-{MASK * 5}"
