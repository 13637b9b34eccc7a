"""Password rules (domain.md section 6): 8 to 128 characters, no composition rule.

Refused: common passwords, ones that hold the person's or company's own data, sequences, three
equal characters in a row. Spaces are allowed; nothing is cut off.
"""

import re
from functools import cache
from pathlib import Path
from typing import Any

from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError

from members.formatting import digits_only
from members.models import User

MIN_LENGTH = 8
MAX_LENGTH = 128
SEQUENCE_LENGTH = 4
REPEAT_LENGTH = 3
# Rows of the keyboard are sequences to a hand as abcd is to an eye.
SEQUENCES = (
    "0123456789",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
)
MIN_PERSONAL_TEXT = 4
MIN_COMPANY_NAME = 2
# What people put behind a word to make it pass.
TAIL = "0123456789!@#$%^&*()-_=+.,?~ "
KOREAN_WORDS_FILE = Path(__file__).parent / "data" / "korean_passwords.txt"
_REPEATS = re.compile(rf"(.)\1{{{REPEAT_LENGTH - 1},}}")
_COMPANY_FORM = re.compile(r"\(주\)|㈜|주식회사|유한회사|\s")


class LengthValidator:
    """8 to 128 characters, counted as people count them."""

    def validate(self, password: str, user: User | None = None) -> None:
        if len(password) < MIN_LENGTH:
            raise ValidationError(
                f"비밀번호는 {MIN_LENGTH}자 이상으로 만들어 주십시오.", code="password_too_short"
            )
        if len(password) > MAX_LENGTH:
            raise ValidationError(
                f"비밀번호는 {MAX_LENGTH}자까지 쓸 수 있습니다.", code="password_too_long"
            )

    def get_help_text(self) -> str:
        return f"{MIN_LENGTH}~{MAX_LENGTH}자로 만들어 주십시오. 띄어쓰기도 쓸 수 있습니다."


class CommonPasswordValidator:
    """Not on Django's list of 20,000, nor a Korean word (also as keys) with digits behind it."""

    def validate(self, password: str, user: User | None = None) -> None:
        lowered = password.strip().lower()
        if lowered in common_passwords() or lowered.rstrip(TAIL) in korean_words():
            raise ValidationError(
                "너무 흔하게 쓰이는 비밀번호입니다. 다른 비밀번호를 정해 주십시오.",
                code="password_too_common",
            )

    def get_help_text(self) -> str:
        return "흔히 쓰이는 비밀번호는 쓸 수 없습니다."


class PersonalPasswordValidator:
    """Does not hold the ID, a telephone number, the business number or the company's name."""

    def validate(self, password: str, user: User | None = None) -> None:
        if user is None:
            return
        lowered = password.lower()
        digits = digits_only(password)
        for word in personal_words(user):
            if word in lowered or (word.isdigit() and word in digits):
                raise ValidationError(
                    "아이디, 전화번호, 사업자등록번호, 업체명이 들어간 비밀번호는 쓸 수 없습니다.",
                    code="password_personal",
                )

    def get_help_text(self) -> str:
        return "아이디, 전화번호, 사업자등록번호, 업체명을 넣을 수 없습니다."


class SequenceValidator:
    """No four characters in order (1234, dcba, asdf) and no three equal ones in a row."""

    def validate(self, password: str, user: User | None = None) -> None:
        if _REPEATS.search(password):
            raise ValidationError(
                f"같은 글자를 {REPEAT_LENGTH}번 이상 이어 쓸 수 없습니다.",
                code="password_repeats",
            )
        if has_sequence(password):
            raise ValidationError(
                "1234, abcd, qwer처럼 이어지는 글자는 쓸 수 없습니다.", code="password_sequence"
            )

    def get_help_text(self) -> str:
        return "1234처럼 이어지는 글자나 같은 글자 3개를 이어 쓸 수 없습니다."


def has_sequence(password: str) -> bool:
    """Tell whether four characters follow a known order forwards or backwards."""
    lowered = password.lower()
    runs = [run for order in SEQUENCES for run in (order, order[::-1])]
    return any(
        lowered[start : start + SEQUENCE_LENGTH] in run
        for start in range(len(lowered) - SEQUENCE_LENGTH + 1)
        for run in runs
    )


def personal_words(user: User) -> list[str]:
    """Return what this person's password must not hold, in lower case.

    Of numbers the last eight digits count: people leave the prefix out.
    """
    words = [user.username]
    numbers = [user.phone, user.mobile]
    names: list[str] = []
    company: Any = user.company
    if company is not None:
        numbers += [company.business_number, company.phone]
        names += [company.name, company.name_en]
    words += [digits[-8:] for digits in map(digits_only, numbers) if len(digits) >= 7]
    found = [word.lower() for word in words if len(word) >= MIN_PERSONAL_TEXT]
    plain = [_COMPANY_FORM.sub("", name).lower() for name in names]
    return found + [name for name in plain if len(name) >= MIN_COMPANY_NAME]


@cache
def common_passwords() -> frozenset[str]:
    """Return Django's list of common passwords in lower case, read once per process."""
    return frozenset(password_validation.CommonPasswordValidator().passwords)


@cache
def korean_words() -> frozenset[str]:
    """Return the words of our own list, read once per process."""
    lines = KOREAN_WORDS_FILE.read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))
