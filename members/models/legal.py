"""Legal texts with versions, and the record of who agreed to which (S22 to S26, S58)."""

import hashlib
import json
from datetime import datetime
from uuid import uuid4

from django.db import models
from django.db.models import Q

from members.enums import ConsentChoice, ConsentPurpose, LegalKind
from members.models.agencies import Agency
from members.models.companies import Company


class LegalTextQuerySet(models.QuerySet["LegalText"]):
    def in_force_at(self, at: datetime) -> "LegalTextQuerySet":
        """The newest published version of each kind that took effect by `at`."""
        newest = (
            LegalText.objects.filter(
                kind=models.OuterRef("kind"), is_published=True, effective_at__lte=at
            )
            .order_by("-effective_at", "-pk")
            .values("pk")[:1]
        )
        return self.filter(pk=models.Subquery(newest))

    def to_consent(self) -> "LegalTextQuerySet":
        """The texts a joining company is asked about, required ones first (S22 to S25)."""
        return self.exclude(kind=LegalKind.PRIVACY_POLICY).order_by("-is_required", "position")


class LegalText(models.Model):
    """One version of one text. A published version is never edited, only followed.

    `sections` is a list of ``{"heading": str, "body": [str, …]}``.
    """

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    kind = models.CharField("종류", max_length=20, choices=LegalKind.choices)
    version = models.CharField("판", max_length=20)
    title = models.CharField("제목", max_length=120)
    statement = models.CharField("동의 문구", max_length=200, blank=True)
    sections = models.JSONField("본문", default=list)
    is_required = models.BooleanField("필수", default=True)
    position = models.PositiveSmallIntegerField("순서", default=0)
    effective_at = models.DateTimeField("시행일")
    is_published = models.BooleanField("게시", default=False)
    created_at = models.DateTimeField("작성 시각", auto_now_add=True)
    created_by = models.ForeignKey(
        "members.User", on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )

    objects = LegalTextQuerySet.as_manager()

    class Meta:
        verbose_name = "약관·동의문"
        verbose_name_plural = "약관·동의문"
        constraints = [
            models.UniqueConstraint(fields=["kind", "version"], name="legal_text_version_once"),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.version}"

    @property
    def content_hash(self) -> str:
        """SHA-256 (64 hex digits) of what a person saw: title, statement and body."""
        shown = json.dumps(
            [self.title, self.statement, self.sections], ensure_ascii=False, sort_keys=True
        )
        return hashlib.sha256(shown.encode()).hexdigest()


class ConsentQuerySet(models.QuerySet["Consent"]):
    def latest_of(self, company: Company) -> "ConsentQuerySet":
        """The last answer of this company's people per kind of text."""
        newest = (
            Consent.objects.filter(company=company, text__kind=models.OuterRef("text__kind"))
            .order_by("-at", "-pk")
            .values("pk")[:1]
        )
        return self.filter(company=company, pk=models.Subquery(newest))

    def agreed(self) -> "ConsentQuerySet":
        return self.filter(choice=ConsentChoice.AGREED)


class Consent(models.Model):
    """One answer, never changed: a withdrawal is another row (domain.md section 1).

    For an application or a certificate `recipient` is the notice's agency and `notice_code`
    the notice; `address` is the client's address, `way` the screen it was given on.
    """

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="consents")
    person = models.ForeignKey("members.User", on_delete=models.PROTECT, related_name="consents")
    text = models.ForeignKey(LegalText, on_delete=models.PROTECT, related_name="consents")
    text_hash = models.CharField("문안 해시", max_length=64)
    choice = models.CharField("선택", max_length=12, choices=ConsentChoice.choices)
    purpose = models.CharField("받은 목적", max_length=20, choices=ConsentPurpose.choices)
    recipient = models.ForeignKey(
        Agency, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    notice_code = models.CharField("공고번호", max_length=20, blank=True)
    at = models.DateTimeField("시각")
    address = models.GenericIPAddressField("접속 주소", null=True, blank=True)
    way = models.CharField("방법", max_length=40, default="web")

    objects = ConsentQuerySet.as_manager()

    class Meta:
        verbose_name = "동의 기록"
        verbose_name_plural = "동의 기록"
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["company", "-at"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(choice__in=ConsentChoice.values), name="consent_choice_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.company} {self.text} {self.get_choice_display()}"
