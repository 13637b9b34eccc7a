"""Numbers of Korean companies and telephones (data.md section 2).

Each `normalise_…` takes what was typed and returns what is stored (digits), or raises
ValidationError with a code and a Korean sentence.
"""

import re
import unicodedata

from django.conf import settings
from django.core.exceptions import ValidationError

BUSINESS_NUMBER_LENGTH = 10
BUSINESS_WEIGHTS = (1, 3, 7, 1, 3, 7, 1, 3, 5)
DEMO_PREFIX = "000"
CORPORATE_NUMBER_LENGTH = 13
CORPORATE_WEIGHTS = (1, 2) * 6
# Kinds of legal person: commercial, civil, special, other, foreign.
CORPORATE_KINDS = frozenset({*range(11, 16), 21, 22, *range(31, 54), 71, *range(81, 87)})

AREA = "031|032|033|041|042|043|044|051|052|053|054|055|061|062|063|064"
NATIONWIDE = (
    "1522|1533|1544|1566|1577|1588|1599|1600|1644|1660|1661|1666|1668|1670|1688"
    "|1800|1811|1833|1844|1855|1877|1899"
)
NATIONWIDE_LENGTH = 8
# Every number ends in a part of four digits.
LAST_PART = 4
PHONE_LAST_PART = 4
PHONE = re.compile(
    rf"(?:02|{AREA}|01[16789]|050[2-8]|080)\d{{3,4}}\d{{4}}|010\d{{8}}|070\d{{8}}"
    rf"|(?:{NATIONWIDE})\d{{4}}|14\d{{4}}"
)
MOBILE = re.compile(r"010\d{8}|01[16789]\d{7,8}")
HS_LENGTHS = (4, 6, 10)
# Chapter 77 is kept free; after 97 nothing is classified.
HS_CHAPTERS = frozenset(range(1, 98)) - {77}
_COUNTRY_CODE = re.compile(r"^(?:\+|00)?82")
_SEPARATORS = re.compile(r"[\s\-().·./]+")


def _compact(typed: str) -> str:
    """Return the text without separators, full-width digits as ordinary ones."""
    return _SEPARATORS.sub("", unicodedata.normalize("NFKC", typed))


def _is_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


def normalise_business_number(typed: str) -> str:
    """Return a business registration number as ten digits (S39).

    Codes: empty, format, length, component, checksum. Numbers from 000 were never issued; only
    demonstrations take them (settings.ALLOW_DEMO_NUMBERS).
    """
    number = _compact(typed)
    if not number:
        raise ValidationError("사업자등록번호를 입력해 주십시오.", code="empty")
    if not _is_digits(number):
        raise ValidationError("사업자등록번호는 숫자로 입력해 주십시오.", code="format")
    if len(number) != BUSINESS_NUMBER_LENGTH:
        raise ValidationError(
            f"사업자등록번호는 숫자 {BUSINESS_NUMBER_LENGTH}자리입니다.", code="length"
        )
    if not _has_issued_parts(number):
        raise ValidationError(
            "없는 사업자등록번호입니다. 사업자등록증의 번호를 확인해 주십시오.", code="component"
        )
    if business_check_digit(number) != int(number[-1]):
        raise ValidationError(
            "사업자등록번호가 올바르지 않습니다. 사업자등록증의 번호를 확인해 주십시오.",
            code="checksum",
        )
    return number


def business_check_digit(number: str) -> int:
    """Return the right tenth digit of a business number from its first nine."""
    digits = [int(character) for character in number[:9]]
    total = sum(digit * weight for digit, weight in zip(digits, BUSINESS_WEIGHTS, strict=True))
    return (10 - (total + digits[8] * 5 // 10) % 10) % 10


def is_demo_number(number: str) -> bool:
    """Tell whether a business number is one of the reserved ones that nobody holds."""
    return number.startswith(DEMO_PREFIX)


def _has_issued_parts(number: str) -> bool:
    """Check office, kind and serial: 101–999, 01–99 but 00, 0001–9999."""
    office, kind, serial = number[:3], number[3:5], number[5:9]
    if kind == "00" or serial == "0000":
        return False
    return int(office) >= 101 or (is_demo_number(number) and settings.ALLOW_DEMO_NUMBERS)


def normalise_corporate_number(typed: str) -> str:
    """Return a corporate registration number as thirteen digits, or '' (sole traders have none).

    A wrong check digit is no error: numbers given since 2025-01-31 have none
    (`has_corporate_check_digit` tells, for a warning). Codes: format, length, component.
    """
    number = _compact(typed)
    if not number:
        return ""
    if not _is_digits(number):
        raise ValidationError("법인등록번호는 숫자로 입력해 주십시오.", code="format")
    if len(number) != CORPORATE_NUMBER_LENGTH:
        raise ValidationError(
            f"법인등록번호는 숫자 {CORPORATE_NUMBER_LENGTH}자리입니다.", code="length"
        )
    if int(number[4:6]) not in CORPORATE_KINDS:
        raise ValidationError(
            "없는 법인등록번호입니다. 등기사항증명서의 번호를 확인해 주십시오.", code="component"
        )
    return number


def has_corporate_check_digit(number: str) -> bool:
    """Tell whether the last digit is the check digit that numbers carried until 2025-01-30."""
    digits = [int(character) for character in number]
    total = sum(
        digit * weight for digit, weight in zip(digits[:-1], CORPORATE_WEIGHTS, strict=True)
    )
    return (10 - total % 10) % 10 == digits[-1]


def normalise_phone(typed: str) -> str:
    """Return a Korean telephone number as digits; +82 becomes 0. Codes: empty, invalid."""
    number = _phone_digits(typed)
    if not PHONE.fullmatch(number) or not _ends_in_four(typed):
        raise ValidationError(
            "전화번호가 올바르지 않습니다. 042-123-4567처럼 지역번호부터 입력해 주십시오.",
            code="invalid",
        )
    return number


def normalise_mobile(typed: str) -> str:
    """Return a mobile number as digits. Codes: empty, invalid."""
    number = _phone_digits(typed)
    if not MOBILE.fullmatch(number) or not _ends_in_four(typed):
        raise ValidationError(
            "휴대폰 번호가 올바르지 않습니다. 010-1234-5678처럼 입력해 주십시오.", code="invalid"
        )
    return number


def normalise_hs_code(typed: str) -> str:
    """Return an HS code as 4, 6 or 10 digits, or '' (S47). Codes: format, length, component.

    A leading nought that a spreadsheet dropped is named in the message, never put back unasked.
    """
    code = _compact(typed)
    if not code:
        return ""
    if not _is_digits(code):
        raise ValidationError("H.S.CODE는 숫자로 입력해 주십시오.", code="format")
    if len(code) == HS_LENGTHS[-1] - 1:
        raise ValidationError(
            f"H.S.CODE는 4, 6, 10자리입니다. 맨 앞의 0이 빠졌다면 0{code}로 입력해 주십시오.",
            code="length",
        )
    if len(code) not in HS_LENGTHS:
        raise ValidationError("H.S.CODE는 4, 6, 10자리로 입력해 주십시오.", code="length")
    if int(code[:2]) not in HS_CHAPTERS:
        raise ValidationError("없는 H.S.CODE입니다.", code="component")
    return code


def _ends_in_four(typed: str) -> bool:
    """Check that a number typed in parts has four digits in its last one."""
    parts = _SEPARATORS.split(unicodedata.normalize("NFKC", typed).strip(" -.()"))
    return len(parts) == 1 or len(parts[-1]) == PHONE_LAST_PART


def _phone_digits(typed: str) -> str:
    number = _compact(typed)
    if not number:
        raise ValidationError("전화번호를 입력해 주십시오.", code="empty")
    # No Korean number begins with 8, so 82 in front is always the country.
    local = _COUNTRY_CODE.sub("", number)
    is_nationwide = local.startswith("1") and len(local) == NATIONWIDE_LENGTH
    if local != number and not local.startswith("0") and not is_nationwide:
        local = f"0{local}"
    return local


def _is_cut_oddly(typed: str) -> bool:
    """Tell whether the parts someone typed cannot be those of a telephone number.

    The last part of every number has four digits; 042-12345-678 is a slip of the hand.
    """
    parts = [part for part in _SEPARATORS.split(unicodedata.normalize("NFKC", typed)) if part]
    return len(parts) > 1 and len(parts[-1]) < LAST_PART
