"""사업공고: notices, their required documents and attachments, and the intake's history."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Coalesce, Least
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from modelcluster.models import get_all_child_relations
from wagtail.api import APIField
from wagtail.fields import StreamField
from wagtail.models import PageManager
from wagtail.query import PageQuerySet

from cms.blocks import BodyBlock
from cms.enums import IntakeKind, MemberLevel, NoticeStatus, OriginalsPolicy
from cms.models.base import AgencyOwnedPage, Category
from cms.models.notice_panels import (
    CONTENT_PANELS,
    INTAKE_FIELDS,
    PROMOTE_PANELS,
    NoticeForm,
)
from cms.models.notice_parts import RequiredDocument
from cms.models.notice_questions import NoticeQuestion
from members.models import Agency

CLOSING_SOON = timedelta(hours=72)

# Child rows that applications name by their key (domain.md 5.2).
KEYED_ROWS = {"required_documents": RequiredDocument, "questions": NoticeQuestion}

# Given once, when the notice is created.
IDENTITY_FIELDS = ("code", "agency")


class NoticeQuerySet(PageQuerySet):
    def with_status(self, at: datetime) -> "NoticeQuerySet":
        """Annotate `status_now` (NoticeStatus value); the same answer as `status_at`."""
        closed = Q(stopped_early_at__lte=at) | Q(intake_closes_at__lte=at)
        return self.annotate(
            status_now=Case(
                When(closed, then=Value(NoticeStatus.CLOSED.value)),
                When(intake_opens_at__gt=at, then=Value(NoticeStatus.COMING.value)),
                default=Value(NoticeStatus.OPEN.value),
                output_field=models.CharField(),
            )
        )

    def open_at(self, at: datetime) -> "NoticeQuerySet":
        return self.with_status(at).filter(status_now=NoticeStatus.OPEN)

    def of_agency(self, agency: Agency) -> "NoticeQuerySet":
        return self.filter(agency=agency)

    def for_cards(self) -> "NoticeQuerySet":
        """Load what a list shows and nothing else; the body stays in the database."""
        return self.select_related("agency", "category").only(
            "title",
            "code",
            "summary",
            "intake_kind",
            "intake_opens_at",
            "intake_closes_at",
            "stopped_early_at",
            "posted_at",
            "view_count",
            "agency__name",
            "category__name",
        )

    def newest_first(self) -> "NoticeQuerySet":
        return self.order_by("-posted_at", "-pk")

    def open_first(self, at: datetime) -> "NoticeQuerySet":
        """Order 진행 by closing (상시 last), then 예정 by opening, then 마감, latest first."""
        far = datetime.max.replace(tzinfo=at.tzinfo) - timedelta(days=2)
        ends = Least(
            Coalesce("intake_closes_at", Value(far)), Coalesce("stopped_early_at", Value(far))
        )
        is_open, is_coming = Q(status_now=NoticeStatus.OPEN), Q(status_now=NoticeStatus.COMING)
        return self.with_status(at).order_by(
            Case(When(is_open, then=0), When(is_coming, then=1), default=2),
            Case(When(is_open, then=ends), When(is_coming, then=F("intake_opens_at"))),
            Case(When(status_now=NoticeStatus.CLOSED, then=ends)).desc(),
            "-pk",
        )


NoticeManager = PageManager.from_queryset(NoticeQuerySet)


class NoticeCodeSeries(models.Model):
    """The locked counter of notice codes; one row."""

    prefix = models.CharField(max_length=10, unique=True)
    last_number = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.prefix}{self.last_number:07d}"

    @classmethod
    def take_next(cls, prefix: str = "BZA") -> str:
        """Return the next code; must run in the transaction that creates the notice."""
        cls.objects.get_or_create(prefix=prefix)
        series = cls.objects.select_for_update().get(prefix=prefix)
        series.last_number += 1
        series.save(update_fields=["last_number"])
        return str(series)


class NoticePage(AgencyOwnedPage):
    """One notice (S10 to S18). It lies below its agency's page with its code as slug.

    `intake_opens_at`, `intake_closes_at`: half-open period in minutes; no closing time means a
    rolling intake (상시). `code`: ``BZA`` and 7 digits, given once. Its only public address is
    ``/notices/<code>/``.
    """

    code = models.CharField("공고번호", max_length=20, unique=True, editable=False)
    agency = models.ForeignKey(
        Agency,
        verbose_name="기관",
        on_delete=models.PROTECT,
        related_name="notices",
        editable=False,
    )
    category = models.ForeignKey(
        Category, verbose_name="사업구분", on_delete=models.PROTECT, related_name="notices"
    )
    programme = models.ForeignKey(
        "cms.ProgrammeGuidePage",
        verbose_name="관련 사업안내",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="notices",
    )
    official_number = models.CharField("공고 문서번호", max_length=60, blank=True)
    summary = models.CharField("요약", max_length=300)
    intake_kind = models.CharField("접수 방법", max_length=12, choices=IntakeKind.choices)
    intake_opens_at = models.DateTimeField("접수 시작")
    intake_closes_at = models.DateTimeField("접수 마감", null=True, blank=True)
    stopped_early_at = models.DateTimeField("조기 마감 시각", null=True, blank=True)
    stop_reason = models.CharField("조기 마감 사유", max_length=300, blank=True)
    external_url = models.URLField("접수시스템 주소", blank=True)
    member_level = models.CharField(
        "신청 가능 회원",
        max_length=12,
        choices=MemberLevel.choices,
        default=MemberLevel.PROVISIONAL,
    )
    originals_policy = models.CharField(
        "원본서류 미제출 기업",
        max_length=10,
        choices=OriginalsPolicy.choices,
        default=OriginalsPolicy.WARN,
    )
    capacity = models.PositiveIntegerField("모집 규모(개사)", null=True, blank=True)
    rounds_allowed = models.PositiveSmallIntegerField("기업당 신청 횟수", default=1)
    is_certificate_offered = models.BooleanField("확인증 발급", default=True)
    contact_department = models.CharField("담당 부서", max_length=120, blank=True)
    contact_phone = models.CharField("문의 전화", max_length=20)
    contact_email = models.EmailField("문의 전자우편", blank=True)
    posted_at = models.DateTimeField("게시일", default=timezone.now)
    view_count = models.PositiveIntegerField("조회", default=0, editable=False)
    body = StreamField(BodyBlock(), verbose_name="본문", blank=True)

    objects = NoticeManager()

    api_fields = [
        APIField(name)
        for name in (
            "code", "summary", "intake_kind", "intake_opens_at", "intake_closes_at",
            "stopped_early_at", "external_url", "contact_department", "contact_phone",
            "contact_email", "posted_at", "body",
        )
    ]  # fmt: skip
    content_panels = CONTENT_PANELS
    promote_panels = PROMOTE_PANELS
    base_form_class = NoticeForm
    template = "cms/notice_page.html"
    parent_page_types = ["cms.PartnerAgencyPage"]
    subpage_types: list[str] = []
    exclude_fields_in_copy = ["code", "view_count", "stopped_early_at", "stop_reason"]

    class Meta:
        verbose_name = "사업공고"
        verbose_name_plural = "사업공고"
        constraints = [
            models.CheckConstraint(
                condition=Q(intake_closes_at__isnull=True)
                | Q(intake_closes_at__gt=models.F("intake_opens_at")),
                name="notice_closes_after_it_opens",
                violation_error_message="접수 마감은 접수 시작보다 늦어야 합니다.",
            ),
            models.CheckConstraint(
                condition=~Q(intake_kind=IntakeKind.EXTERNAL) | ~Q(external_url=""),
                name="notice_external_has_address",
                violation_error_message="별도 시스템 접수에는 접수시스템 주소가 필요합니다.",
            ),
            models.CheckConstraint(
                condition=Q(stopped_early_at__isnull=True) | ~Q(stop_reason=""),
                name="notice_stop_has_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["intake_closes_at"]),
            models.Index(fields=["agency", "intake_closes_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}" if self.code else self.title

    @property
    def ends_at(self) -> datetime | None:
        """The moment from which nothing is taken any more, or None for a rolling intake."""
        ends = [moment for moment in (self.intake_closes_at, self.stopped_early_at) if moment]
        return min(ends, default=None)

    def status_at(self, at: datetime) -> NoticeStatus:
        """Return 예정, 진행 or 마감 at a moment; half-open: the closing minute is out."""
        ends_at = self.ends_at
        if ends_at is not None and ends_at <= at:
            return NoticeStatus.CLOSED
        return NoticeStatus.COMING if self.intake_opens_at > at else NoticeStatus.OPEN

    def is_open_at(self, at: datetime) -> bool:
        return self.status_at(at) == NoticeStatus.OPEN

    def is_closing_soon_at(self, at: datetime) -> bool:
        ends_at = self.ends_at
        return self.is_open_at(at) and ends_at is not None and ends_at - at <= CLOSING_SOON

    @property
    def is_rolling(self) -> bool:
        """상시: a notice that takes applications without an end."""
        return self.ends_at is None

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Give a new notice its identity; keep a published one's intake facts out of the write.

        A whole-row save comes from a revision (publish, revert, schedule) and may be older than
        the last change_intake, so after the first publishing it never writes those columns.
        """
        if self.alias_of_id:
            raise ValidationError("공고는 별칭으로 만들 수 없습니다. 복제해 주십시오.")
        with transaction.atomic():
            if self._state.adding:
                self.code = self.slug = NoticeCodeSeries.take_next()
                for row in [*self.required_documents.all(), *self.questions.all()]:
                    row.key = uuid4()
            elif kwargs.get("update_fields") is None and self.is_published_before():
                kwargs["update_fields"] = self.fields_of_a_revision()
            super().save(*args, **kwargs)

    def is_published_before(self) -> bool:
        """Tell from the database whether the notice was ever published."""
        return NoticePage.objects.filter(pk=self.pk, first_published_at__isnull=False).exists()

    def fields_of_a_revision(self) -> list[str]:
        """Return every column and child relation that a revision may write."""
        kept = {*INTAKE_FIELDS, *IDENTITY_FIELDS, "view_count"}
        columns = [
            field.name
            for field in self._meta.concrete_fields
            if field.name not in kept and not field.primary_key and field.name != "page_ptr"
        ]
        return columns + [
            relation.get_accessor_name() for relation in get_all_child_relations(self)
        ]

    def clean(self) -> None:
        super().clean()
        if self.intake_kind == IntakeKind.EXTERNAL and not self.external_url:
            raise ValidationError(
                {"external_url": "별도 시스템 접수에는 접수시스템 주소가 필요합니다."}
            )

    def with_content_json(self, content: dict[str, Any]) -> "NoticePage":
        """Keep identity always, and intake facts once published, from the live row (5.1)."""
        kept = {**content, "code": self.code, "slug": self.slug}
        for name, model in KEYED_ROWS.items():
            kept[name] = self.with_own_keys(content.get(name, []), model=model)
        page: NoticePage = super().with_content_json(kept)
        page.view_count = self.view_count
        if self.first_published_at is not None:
            for name in INTAKE_FIELDS:
                setattr(page, name, getattr(self, name))
        return page

    def with_own_keys(
        self,
        rows: list[dict[str, Any]],
        *,
        model: Any = RequiredDocument,
    ) -> list[dict[str, Any]]:
        """Return a revision's child rows, each with a key that is this notice's (5.2).

        A row keeps the key of the live row it stands for. The revisions that Page.copy() takes
        along still hold the keys of the notice they came from; those get new ones.
        """
        live = dict(model.objects.filter(page_id=self.pk).values_list("pk", "key"))
        rows_of = {str(key): pk for pk, key in live.items()}
        elsewhere = {
            str(key)
            for key in model.objects.filter(key__in=[row["key"] for row in rows])
            .exclude(page_id=self.pk)
            .values_list("key", flat=True)
        }
        kept = []
        for row in rows:
            key = str(live.get(row["pk"], row["key"]))
            key = str(uuid4()) if key in elsewhere else key
            kept.append({**row, "key": key, "pk": rows_of.get(key, row["pk"])})
        return kept

    def get_url_parts(self, request: Any = None) -> tuple[int, str, str] | None:
        """Return the one permanent address instead of the place in the tree (5.5)."""
        parts = super().get_url_parts(request=request)
        if parts is None or not self.code:
            return parts
        site_id, root_url, _ = parts
        return site_id, root_url, reverse("cms:notice", args=[self.code])

    def get_url(self, request: Any = None, current_site: Any = None) -> str | None:
        """Return the permanent address without asking for the site: the same on every site."""
        if self.code:
            return reverse("cms:notice", args=[self.code])
        address: str | None = super().get_url(request=request, current_site=current_site)
        return address

    url = property(get_url)

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Send whoever comes through the page tree to the permanent address."""
        return redirect(self.url, permanent=True)
