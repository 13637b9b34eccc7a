"""The page of a notice's questions as a form: answers as typed, judged by questions.checked."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from applications.questions import AnswerError, Question, checked, tidy, token_of
from cms.enums import ColumnKind, QuestionKind
from members.forms.base import PortalForm

SPARE_ROWS = 2
DATE_INPUT = {"type": "date"}


class TableInput(forms.Widget):
    """Rows of text controls, plain HTML: the rows that are there and two to fill."""

    use_fieldset = True

    def __init__(self, question: Question) -> None:
        super().__init__()
        self.question = question

    def id_for_label(self, id_: str | None) -> str:
        return ""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[list[str]]:
        """Read every row that was sent, a cell being ``<name>-<row>-<column>``."""
        width = len(self.question.columns)
        rows: list[list[str]] = []
        while f"{name}-{len(rows)}-0" in data and len(rows) <= self.question.max_rows:
            line = len(rows)
            rows.append([data.get(f"{name}-{line}-{cell}", "") for cell in range(width)])
        return rows

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return f"{name}-0-0" not in data

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        filled = [list(row) for row in value or [] if any(row)]
        shown = max(len(filled), min(len(filled) + SPARE_ROWS, self.question.max_rows))
        width = len(self.question.columns)
        rows = [
            [
                {
                    "name": f"{name}-{line}-{cell}",
                    "id": f"{(attrs or {}).get('id', name)}_{line * width + cell}",
                    "label": label,
                    "kind": kind,
                    "value": cell_of(filled, line, cell),
                }
                for cell, (label, kind) in enumerate(self.question.columns)
            ]
            for line in range(shown)
        ]
        context = {"question": self.question, "rows": rows, "kinds": ColumnKind}
        return render_to_string("applications/widgets/table.html", context)


def cell_of(rows: Sequence[Sequence[str]], line: int, cell: int) -> str:
    """Return what stands in a cell, '' beyond what is filled."""
    return rows[line][cell] if line < len(rows) and cell < len(rows[line]) else ""


class AnswerField(forms.Field):
    """One question; cleans to its checked value, or says what is wrong with it."""

    def __init__(self, question: Question) -> None:
        super().__init__(
            label=question.label,
            help_text=help_of(question),
            required=question.is_required,
            widget=widget_of(question),
        )
        self.question = question
        self.unit = question.unit

    def clean(self, value: Any) -> Any:
        try:
            return checked(self.question, value)
        except AnswerError as error:
            raise forms.ValidationError(str(error)) from error


def help_of(question: Question) -> str:
    """Return the question's own hint, and its limits where it has some."""
    limits = ""
    if question.kind in {QuestionKind.TEXT, QuestionKind.LONG_TEXT}:
        limits = f"{question.max_length:,}자까지 쓸 수 있습니다."
    elif question.kind == QuestionKind.TABLE:
        limits = f"{question.max_rows}줄까지 쓸 수 있습니다."
    return f"{question.help_text} {limits}".strip()


def widget_of(question: Question) -> forms.Widget:
    """Return the control of a question; all of them work without scripts."""
    options = [(option, option) for option in question.options]
    if question.kind == QuestionKind.LONG_TEXT:
        return forms.Textarea(attrs={"rows": 6})
    if question.kind == QuestionKind.MONEY:
        return forms.TextInput(attrs={"inputmode": "numeric", "data-format": "amount"})
    if question.kind == QuestionKind.NUMBER:
        return forms.TextInput(attrs={"inputmode": "decimal"})
    if question.kind == QuestionKind.DATE:
        return forms.DateInput(attrs=DATE_INPUT)
    if question.kind == QuestionKind.CHOICE:
        return forms.RadioSelect(choices=options)
    if question.kind == QuestionKind.CHOICES:
        return forms.CheckboxSelectMultiple(choices=options)
    return TableInput(question) if question.kind == QuestionKind.TABLE else forms.TextInput()


class AnswersForm(PortalForm):
    """Every question but files, with a hidden mark of what the page shows of each (`seen-`)."""

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        questions: Sequence[Question],
        answers: Mapping[UUID, Any],
    ) -> None:
        super().__init__(data)
        self.questions = [question for question in questions if not question.is_file]
        self.seen = {question.key: token_of(answers.get(question.key)) for question in questions}
        for question in self.questions:
            name = name_of(question.key)
            self.fields[name] = AnswerField(question)
            self.initial[name] = answers.get(question.key, question.empty)

    def typed(self) -> dict[UUID, Any]:
        """Return what was typed, by question; a question that was not sent is not among them."""
        found = {}
        for question in self.questions:
            widget, name = self.fields[name_of(question.key)].widget, name_of(question.key)
            is_group = question.kind in {QuestionKind.CHOICE, QuestionKind.CHOICES}
            if is_group or not widget.value_omitted_from_data(self.data, self.files, name):
                value = widget.value_from_datadict(self.data, self.files, name)
                found[question.key] = tidy(question, value)
        return found

    def posted_tokens(self) -> dict[UUID, str]:
        """Return the mark of each answer that the page showed when it was made."""
        return {
            question.key: str(self.data.get(seen_name(question.key), ""))
            for question in self.questions
        }

    def marks(self) -> list[tuple[str, str]]:
        """Return name and value of the hidden controls that carry the marks."""
        return [(seen_name(question.key), self.seen[question.key]) for question in self.questions]

    def note_conflict(self, key: UUID, message: str) -> None:
        self.add_error(name_of(key), message)


def name_of(key: UUID) -> str:
    return f"answer-{key}"


def seen_name(key: UUID) -> str:
    return f"seen-{key}"
