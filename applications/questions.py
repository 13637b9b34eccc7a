"""The questions of a notice as an application answers them: read, check, show. No database.

An answer is kept as it was typed (text, a list of texts, or rows of texts) and checked when it is
shown as ready and when it is handed in, so that autosave never loses half an answer.
"""

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from cms.enums import ColumnKind, QuestionKind
from members.formatting import format_date, format_thousands
from members.wording import with_object_particle

DEFAULT_LENGTHS = {QuestionKind.TEXT: 200, QuestionKind.LONG_TEXT: 2_000}
MAX_CELL_LENGTH = 200
MAX_DIGITS = 14
MAX_DECIMALS = 4
DEFAULT_MONEY_UNIT = "원"
DATE_SHAPES = ("%Y-%m-%d", "%Y.%m.%d", "%Y/%m/%d", "%Y%m%d")
TOKEN_LENGTH = 16

_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069]")

Typed = str | list[str] | list[list[str]]


class AnswerError(Exception):
    """An answer is missing or not of the right kind; the message is shown to the person."""


@dataclass(frozen=True)
class Question:
    """One question out of a version; bounds are None where there are none."""

    key: UUID
    kind: str
    label: str
    help_text: str = ""
    is_required: bool = True
    options: tuple[str, ...] = ()
    columns: tuple[tuple[str, str], ...] = ()
    unit: str = ""
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    max_length: int = 0
    max_rows: int = 10
    formats: tuple[str, ...] = ()
    max_mb: int = 20

    @property
    def is_file(self) -> bool:
        return self.kind == QuestionKind.FILE

    @property
    def empty(self) -> Typed:
        """The answer that says nothing."""
        return [] if self.kind in {QuestionKind.CHOICES, QuestionKind.TABLE} else ""


def read_questions(definitions: Iterable[Mapping[str, Any]]) -> list[Question]:
    """Return the questions of a version's JSON (NoticeQuestion.definition), in their order."""
    return [
        Question(
            key=UUID(row["key"]),
            kind=row["kind"],
            label=row["label"],
            help_text=row["help_text"],
            is_required=row["is_required"],
            options=tuple(row["options"]),
            columns=tuple((column["name"], column["kind"]) for column in row["columns"]),
            unit=row["unit"] or (DEFAULT_MONEY_UNIT if row["kind"] == QuestionKind.MONEY else ""),
            minimum=Decimal(row["minimum"]) if row["minimum"] else None,
            maximum=Decimal(row["maximum"]) if row["maximum"] else None,
            max_length=row["max_length"] or DEFAULT_LENGTHS.get(row["kind"], 0),
            max_rows=row["max_rows"],
            formats=tuple(row["formats"]),
            max_mb=row["max_mb"],
        )
        for row in definitions
    ]


# --- what was typed -----------------------------------------------------------------------------


def tidy_text(text: Any) -> str:
    """Return typed text in composed form, with plain line ends and without control marks."""
    plain = unicodedata.normalize("NFC", str(text or "")).replace("\r\n", "\n").replace("\r", "\n")
    return _CONTROLS.sub("", plain).strip()


def tidy(question: Question, typed: Any) -> Typed:
    """Return an answer in the one shape in which it is kept; nothing that was typed is judged."""
    if question.kind == QuestionKind.CHOICES:
        chosen = {tidy_text(value) for value in typed or []}
        return [option for option in question.options if option in chosen]
    if question.kind == QuestionKind.TABLE:
        rows = [[tidy_text(cell) for cell in row] for row in typed or []]
        return [row for row in rows if any(row)]
    return tidy_text(typed)


def token_of(typed: Any) -> str:
    """Return a short mark of an answer, by which a page knows what it showed; '' for no answer."""
    if not typed:
        return ""
    text = json.dumps(typed, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:TOKEN_LENGTH]


# --- checking -----------------------------------------------------------------------------------


def checked(question: Question, typed: Any) -> Any:
    """Return the answer's value as plain JSON; numbers and dates as text. Raises AnswerError."""
    typed = tidy(question, typed)
    if not typed:
        if question.is_required:
            raise AnswerError(missing_message(question))
        return typed
    if question.kind in {QuestionKind.TEXT, QuestionKind.LONG_TEXT}:
        return checked_text(str(typed), question.max_length)
    if question.kind in {QuestionKind.NUMBER, QuestionKind.MONEY}:
        return checked_number(question, str(typed))
    if question.kind == QuestionKind.DATE:
        return checked_date(str(typed))
    if question.kind == QuestionKind.CHOICE and typed not in question.options:
        raise AnswerError("보기 가운데 하나를 골라 주십시오.")
    if question.kind == QuestionKind.TABLE:
        return checked_rows(question, typed)
    return typed


def missing_message(question: Question) -> str:
    """Return what to say when a required question has no answer."""
    if question.kind in {QuestionKind.CHOICE, QuestionKind.CHOICES}:
        return "보기 가운데에서 골라 주십시오."
    if question.kind == QuestionKind.TABLE:
        return "한 줄 이상 입력해 주십시오."
    return "이 질문에 답해 주십시오."


def checked_text(text: str, limit: int) -> str:
    if len(text) > limit:
        raise AnswerError(f"{limit:,}자까지 쓸 수 있습니다. 지금 {len(text):,}자입니다.")
    return text


def checked_number(question: Question, text: str) -> str:
    """Return a number as plain digits: 1,200.50 becomes 1200.5; money is whole."""
    number = read_number(text)
    if question.kind == QuestionKind.MONEY and number != number.to_integral_value():
        raise AnswerError("금액은 소수점 없이 입력해 주십시오.")
    lowest = question.minimum
    if lowest is None and question.kind == QuestionKind.MONEY:
        lowest = Decimal(0)
    if lowest is not None and number < lowest:
        raise AnswerError(f"{shown_number(lowest)} 이상이어야 합니다.")
    if question.maximum is not None and number > question.maximum:
        raise AnswerError(f"{shown_number(question.maximum)} 이하여야 합니다.")
    return f"{number:f}"


def read_number(text: str) -> Decimal:
    """Read a number with or without separators. Raises AnswerError."""
    bare = re.sub(r"[,\s]", "", unicodedata.normalize("NFKC", text))
    if not re.fullmatch(r"[+-]?[0-9]+(\.[0-9]+)?", bare):
        raise AnswerError("숫자만 입력해 주십시오. 예: 1,200")
    try:
        number = Decimal(bare)
    except InvalidOperation as error:
        raise AnswerError("숫자만 입력해 주십시오. 예: 1,200") from error
    whole, _, decimals = bare.lstrip("+-").partition(".")
    if len(whole.lstrip("0")) > MAX_DIGITS:
        raise AnswerError(f"{MAX_DIGITS}자리까지 입력할 수 있습니다.")
    if len(decimals.rstrip("0")) > MAX_DECIMALS:
        raise AnswerError(f"소수점 아래는 {MAX_DECIMALS}자리까지 입력할 수 있습니다.")
    return number.normalize() if number else Decimal(0)


def checked_date(text: str) -> str:
    """Return a date as ISO 8601. Raises AnswerError."""
    for shape in DATE_SHAPES:
        try:
            return datetime.strptime(text, shape).date().isoformat()  # noqa: DTZ007  (a day)
        except ValueError:
            continue
    raise AnswerError("날짜를 2026-03-31처럼 입력해 주십시오.")


def checked_rows(question: Question, rows: Any) -> list[list[str]]:
    """Return a table's rows, every cell of its column's kind. Raises AnswerError."""
    if len(rows) > question.max_rows:
        raise AnswerError(
            f"{question.max_rows}줄까지 입력할 수 있습니다. 지금 {len(rows)}줄입니다."
        )
    found = []
    for number, row in enumerate(rows, start=1):
        cells = [*row, *[""] * len(question.columns)][: len(question.columns)]
        found.append(
            [
                checked_cell(name, kind, cell, place=number, is_needed=position == 0)
                for position, ((name, kind), cell) in enumerate(
                    zip(question.columns, cells, strict=True)
                )
            ]
        )
    return found


def checked_cell(name: str, kind: str, cell: str, *, place: int, is_needed: bool) -> str:
    """Return one cell; the first of a row has to be filled. Raises AnswerError naming the place."""
    if not cell:
        if is_needed:
            raise AnswerError(f"{place}번째 줄의 {with_object_particle(name)} 입력해 주십시오.")
        return ""
    try:
        if kind == ColumnKind.NUMBER:
            return f"{read_number(cell):f}"
        return (
            checked_date(cell) if kind == ColumnKind.DATE else checked_text(cell, MAX_CELL_LENGTH)
        )
    except AnswerError as error:
        raise AnswerError(f"{place}번째 줄 ‘{name}’: {error}") from error


def faults(questions: Sequence[Question], answers: Mapping[UUID, Any]) -> dict[UUID, str]:
    """Return what is wrong or missing, by question; files are checked with the papers."""
    found = {}
    for question in questions:
        if question.is_file:
            continue
        try:
            checked(question, answers.get(question.key, question.empty))
        except AnswerError as error:
            found[question.key] = str(error)
    return found


# --- showing ------------------------------------------------------------------------------------


def shown_number(number: Decimal) -> str:
    """Write a number with separators: 1200.5 as 1,200.5."""
    return f"{number:,f}"


def shown(question: Question, value: Any) -> str:
    """Write a checked answer in one text, for screens, exports and mails; '' for none."""
    if not value:
        return ""
    if question.kind in {QuestionKind.NUMBER, QuestionKind.MONEY}:
        number = Decimal(value)
        whole = number == number.to_integral_value()
        text = format_thousands(int(number)) if whole else shown_number(number)
        return f"{text}{question.unit}"
    if question.kind == QuestionKind.DATE:
        return format_date(date.fromisoformat(value))
    if question.kind == QuestionKind.CHOICES:
        return ", ".join(value)
    if question.kind == QuestionKind.TABLE:
        return "\n".join(" / ".join(cell or "-" for cell in row) for row in value)
    return str(value)


def copied_answers(
    questions: Sequence[Question], answers: Mapping[UUID, Any]
) -> list[dict[str, Any]]:
    """Copy every question with its checked answer, for the snapshot of a hand-in.

    Each: ``{"key", "kind", "label", "unit", "is_required", "columns": [name], "value", "text"}``.
    """
    copied = []
    for question in questions:
        if question.is_file:
            continue
        value = checked(question, answers.get(question.key, question.empty))
        copied.append(
            {
                "key": str(question.key),
                "kind": question.kind,
                "label": question.label,
                "unit": question.unit,
                "is_required": question.is_required,
                "columns": [name for name, _ in question.columns],
                "value": value,
                "text": shown(question, value),
            }
        )
    return copied
