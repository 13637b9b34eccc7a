"""What belongs to a notice: required documents, attachments, and the intake's history."""

from datetime import datetime
from uuid import uuid4

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel
from wagtail.models import Orderable

from cms.enums import DocumentFormat
from cms.models.fields import ChoiceListField
from members.formatting import format_datetime

MAX_DOCUMENT_MB = 20


class RequiredDocument(Orderable):
    """제출서류 of a notice (S55). `key` survives revisions; applications store key and label."""

    page = ParentalKey(
        "cms.NoticePage", on_delete=models.CASCADE, related_name="required_documents"
    )
    key = models.UUIDField(default=uuid4, editable=False)
    label = models.CharField("서류 이름", max_length=120)
    is_required = models.BooleanField("필수", default=True)
    formats = ChoiceListField(
        "받는 형식",
        choice_class=DocumentFormat,
        default=list,
        blank=True,
        help_text="하나도 고르지 않으면 모든 형식을 받습니다.",
    )
    max_mb = models.PositiveSmallIntegerField(
        "최대 크기(MB)",
        default=MAX_DOCUMENT_MB,
        validators=[MinValueValidator(1), MaxValueValidator(MAX_DOCUMENT_MB)],
    )
    note = models.CharField("안내", max_length=300, blank=True)
    template = models.ForeignKey(
        settings.WAGTAILDOCS_DOCUMENT_MODEL,
        verbose_name="서식 파일",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="기업이 내려받아 채울 서식입니다.",
    )

    panels = [
        FieldPanel("label"),
        FieldPanel("is_required"),
        FieldPanel("formats"),
        FieldPanel("max_mb"),
        FieldPanel("note"),
        FieldPanel("template"),
    ]

    class Meta(Orderable.Meta):
        verbose_name = "제출서류"
        verbose_name_plural = "제출서류"
        constraints = [
            models.UniqueConstraint(fields=["page", "key"], name="required_document_key_once"),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def accepted_formats(self) -> list[str]:
        """The accepted kinds (DocumentFormat values); an empty list means all of them."""
        return list(self.formats) or list(DocumentFormat.values)

    @property
    def format_labels(self) -> str:
        """The accepted kinds as shown: «PDF, HWP»."""
        return ", ".join(DocumentFormat(value).label for value in self.accepted_formats)


class Attachment(Orderable):
    """첨부파일 (S10): the official text and forms, shown as "name [hwp, 328KB]"."""

    page = ParentalKey("cms.NoticePage", on_delete=models.CASCADE, related_name="attachments")
    document = models.ForeignKey(
        settings.WAGTAILDOCS_DOCUMENT_MODEL,
        verbose_name="파일",
        on_delete=models.PROTECT,
        related_name="+",
    )
    label = models.CharField(
        "표시 이름",
        max_length=120,
        blank=True,
        help_text="비워 두면 문서의 제목을 보여 줍니다.",
    )

    panels = [FieldPanel("document"), FieldPanel("label")]

    class Meta(Orderable.Meta):
        verbose_name = "첨부파일"
        verbose_name_plural = "첨부파일"

    def __str__(self) -> str:
        return self.label or str(self.document)


class IntakeChange(models.Model):
    """One change of a published notice's intake facts, with its reason (domain.md 5.1).

    `changes` maps a field's name to ``[old, new]`` as text; times as ISO 8601.
    """

    notice = models.ForeignKey(
        "cms.NoticePage", on_delete=models.PROTECT, related_name="intake_changes"
    )
    old_closes_at = models.DateTimeField("이전 마감", null=True, blank=True)
    new_closes_at = models.DateTimeField("새 마감", null=True, blank=True)
    changes = models.JSONField("바뀐 항목", default=dict)
    reason = models.CharField("사유", max_length=300)
    at: models.DateTimeField[datetime, datetime] = models.DateTimeField("시각")
    by = models.ForeignKey("members.User", on_delete=models.PROTECT, related_name="+")
    outage = models.ForeignKey(
        "cms.Outage", on_delete=models.PROTECT, related_name="changes", null=True, blank=True
    )

    class Meta:
        verbose_name = "접수 변경 이력"
        verbose_name_plural = "접수 변경 이력"
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.notice.code} {self.at:%Y-%m-%d %H:%M}"

    @property
    def is_extension(self) -> bool:
        """Whether companies got more time: shown on the notice as «접수기간 연장»."""
        if self.old_closes_at is None or self.old_closes_at == self.new_closes_at:
            return False
        return self.new_closes_at is None or self.new_closes_at > self.old_closes_at

    @property
    def lines(self) -> list[str]:
        """The changes in words: «접수 마감: 2026-03-31 18:00 → 2026-04-05 18:00»."""
        names = {field.name: field.verbose_name for field in self.notice._meta.concrete_fields}
        return [
            f"{names.get(name, name)}: {in_words(old)} → {in_words(new)}"
            for name, (old, new) in self.changes.items()
        ]


def in_words(value: str | None) -> str:
    """Write a fact of the history for people: a moment to the minute, «없음» for nothing."""
    try:
        return format_datetime(datetime.fromisoformat(value or ""))
    except ValueError:
        return value or "없음"
