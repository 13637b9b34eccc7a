"""추가 질문 of a notice: what a company answers beside its record and its papers."""

from typing import Any
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.models import Orderable

from cms.enums import ColumnKind, DocumentFormat, QuestionKind
from cms.models.fields import ChoiceListField
from cms.models.notice_parts import MAX_DOCUMENT_MB

MAX_OPTIONS = 50
MAX_COLUMNS = 8
MAX_TABLE_ROWS = 50
MAX_ANSWER_LENGTH = 10_000
COLUMN_MARK = "|"

WITH_OPTIONS = (QuestionKind.CHOICE, QuestionKind.CHOICES)
WITH_BOUNDS = (QuestionKind.NUMBER, QuestionKind.MONEY)
OPTIONS_HELP = (
    "하나·여러 개 고르기는 보기를, 표는 칸 이름을 한 줄에 하나씩 적습니다. "
    "표에서 숫자나 날짜를 받는 칸은 «수출액(천달러)|숫자»처럼 적습니다."
)


class NoticeQuestion(Orderable):
    """One question of a notice. `key` survives revisions; applications copy the whole question.

    `options`: one a line; the choices, or a table's columns as ``name`` or ``name|숫자``.
    """

    page = ParentalKey("cms.NoticePage", on_delete=models.CASCADE, related_name="questions")
    key = models.UUIDField(default=uuid4, editable=False)
    kind = models.CharField("답하는 방법", max_length=12, choices=QuestionKind.choices)
    label = models.CharField("질문", max_length=200)
    help_text = models.CharField("안내", max_length=300, blank=True)
    is_required = models.BooleanField("필수", default=True)
    options = models.TextField("보기 또는 표의 칸", blank=True, help_text=OPTIONS_HELP)
    unit = models.CharField(
        "단위", max_length=20, blank=True, help_text="예: 명, %, 천달러. 금액은 비우면 원입니다."
    )
    minimum = models.DecimalField(
        "가장 작은 값", max_digits=18, decimal_places=4, null=True, blank=True
    )
    maximum = models.DecimalField(
        "가장 큰 값", max_digits=18, decimal_places=4, null=True, blank=True
    )
    max_length = models.PositiveIntegerField(
        "글자 수 한도",
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(MAX_ANSWER_LENGTH)],
        help_text="비우면 한 줄 글은 200자, 여러 줄 글은 2,000자입니다.",
    )
    max_rows = models.PositiveSmallIntegerField(
        "표의 줄 수 한도",
        default=10,
        validators=[MinValueValidator(1), MaxValueValidator(MAX_TABLE_ROWS)],
    )
    formats = ChoiceListField(
        "받는 파일 형식",
        choice_class=DocumentFormat,
        default=list,
        blank=True,
        help_text="파일로 답하는 질문에만 씁니다. 고르지 않으면 모든 형식을 받습니다.",
    )

    panels = [
        FieldPanel("label"),
        FieldRowPanel([FieldPanel("kind"), FieldPanel("is_required")]),
        FieldPanel("help_text"),
        FieldPanel("options"),
        FieldRowPanel([FieldPanel("unit"), FieldPanel("minimum"), FieldPanel("maximum")]),
        FieldRowPanel([FieldPanel("max_length"), FieldPanel("max_rows")]),
        FieldPanel("formats"),
    ]

    class Meta(Orderable.Meta):
        verbose_name = "추가 질문"
        verbose_name_plural = "추가 질문"
        constraints = [
            models.UniqueConstraint(fields=["page", "key"], name="notice_question_key_once"),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def option_list(self) -> list[str]:
        """The options as they were written, blank lines left out."""
        return [" ".join(line.split()) for line in self.options.splitlines() if line.strip()]

    @property
    def columns(self) -> list[dict[str, str]]:
        """A table's columns as dictionaries of `name` and `kind` (ColumnKind)."""
        kinds = {str(kind.label): kind.value for kind in ColumnKind}
        found = []
        for line in self.option_list:
            name, _, kind = (part.strip() for part in line.partition(COLUMN_MARK))
            found.append({"name": name, "kind": kinds.get(kind or ColumnKind.TEXT.label, "")})
        return found

    def clean(self) -> None:
        super().clean()
        problems = {name: text for name, text in self.problems().items() if text}
        if problems:
            raise ValidationError(problems)

    def problems(self) -> dict[str, str]:
        """Return what is wrong with the question, in Korean, by field."""
        return {
            "options": self.options_problem(),
            "maximum": self.bounds_problem(),
        }

    def options_problem(self) -> str:
        lines = self.option_list
        if self.kind in WITH_OPTIONS and not 2 <= len(set(lines)) == len(lines) <= MAX_OPTIONS:
            return f"서로 다른 보기를 2개에서 {MAX_OPTIONS}개까지 한 줄에 하나씩 적어 주십시오."
        if self.kind != QuestionKind.TABLE:
            return ""
        names = [column["name"] for column in self.columns]
        if not 1 <= len(set(names)) == len(names) <= MAX_COLUMNS or "" in names:
            return f"서로 다른 칸 이름을 1개에서 {MAX_COLUMNS}개까지 한 줄에 하나씩 적어 주십시오."
        if any(not column["kind"] for column in self.columns):
            return "칸의 종류는 «|숫자» 또는 «|날짜»로 적어 주십시오."
        return ""

    def bounds_problem(self) -> str:
        if self.minimum is None or self.maximum is None or self.minimum <= self.maximum:
            return ""
        return "가장 큰 값은 가장 작은 값보다 작을 수 없습니다."

    def definition(self) -> dict[str, Any]:
        """Return the whole question as plain JSON, as an application copies it."""
        return {
            "key": str(self.key),
            "kind": self.kind,
            "label": self.label,
            "help_text": self.help_text,
            "is_required": self.is_required,
            "options": self.option_list if self.kind in WITH_OPTIONS else [],
            "columns": self.columns if self.kind == QuestionKind.TABLE else [],
            "unit": self.unit,
            "minimum": plain_number(self.minimum) if self.kind in WITH_BOUNDS else "",
            "maximum": plain_number(self.maximum) if self.kind in WITH_BOUNDS else "",
            "max_length": self.max_length,
            "max_rows": self.max_rows,
            "formats": list(self.formats) or list(DocumentFormat.values),
            "max_mb": MAX_DOCUMENT_MB,
        }


def plain_number(value: Any) -> str:
    """Write a bound without the noughts that its column adds: 12.5000 as 12.5."""
    return "" if value is None else f"{value.normalize():f}"
