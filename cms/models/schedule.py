"""연중일정: the year's planned activities (S3)."""

from datetime import date

from django import forms
from django.db import models
from django.db.models import F, Q
from wagtail.admin.panels import FieldPanel, Panel
from wagtail.api import APIField
from wagtail.models import PageManager
from wagtail.query import PageQuerySet

from cms.enums import ScheduleKind
from cms.models.base import AgencyOwnedPage, BasePage
from members.countries import country_names
from members.models import Agency

COUNTRIES = [("", "해당 없음"), ("KR", "대한민국"), *country_names().items()]


class AnnualSchedulePage(BasePage):
    introduction = models.TextField("소개", blank=True)

    content_panels = [*BasePage.content_panels, FieldPanel("introduction")]
    parent_page_types = ["cms.HomePage"]
    subpage_types: list[str] = []
    max_count = 1

    class Meta:
        verbose_name = "연중일정"
        verbose_name_plural = "연중일정"


class ScheduleEntryQuerySet(PageQuerySet):
    def ended_before(self, day: date) -> "ScheduleEntryQuerySet":
        """Past entries on a day; they are folded behind "+" (S3)."""
        return self.filter(ends_date__lt=day)

    def not_ended_on(self, day: date) -> "ScheduleEntryQuerySet":
        return self.filter(ends_date__gte=day)


ScheduleEntryManager = PageManager.from_queryset(ScheduleEntryQuerySet)


class ScheduleEntryPage(AgencyOwnedPage):
    """One activity; both dates are days in Seoul and inclusive."""

    slug_prefix = "entry"

    agency = models.ForeignKey(
        Agency,
        verbose_name="기관",
        on_delete=models.PROTECT,
        related_name="schedule_entries",
        editable=False,
    )
    kind = models.CharField("종류", max_length=20, choices=ScheduleKind.choices)
    starts_date: models.DateField[date, date] = models.DateField("시작일")
    ends_date: models.DateField[date, date] = models.DateField("종료일")
    country = models.CharField("국가", max_length=2, blank=True)
    city = models.CharField("도시", max_length=80, blank=True)
    description = models.TextField("설명", blank=True)
    notice = models.ForeignKey(
        "cms.NoticePage",
        verbose_name="관련 공고",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="schedule_entries",
    )
    programme = models.ForeignKey(
        "cms.ProgrammeGuidePage",
        verbose_name="관련 사업안내",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="schedule_entries",
    )

    objects = ScheduleEntryManager()

    content_panels = [
        *BasePage.content_panels,
        FieldPanel("kind"),
        FieldPanel("starts_date"),
        FieldPanel("ends_date"),
        FieldPanel("country", widget=forms.Select(choices=COUNTRIES)),
        FieldPanel("city"),
        FieldPanel("description"),
        FieldPanel("notice"),
        FieldPanel("programme"),
    ]
    promote_panels: list[Panel] = []
    api_fields = [
        APIField(name)
        for name in ("kind", "starts_date", "ends_date", "country", "city", "description")
    ]
    parent_page_types = ["cms.PartnerAgencyPage"]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = "일정"
        verbose_name_plural = "일정"
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_date__gte=F("starts_date")),
                name="schedule_ends_after_it_starts",
                violation_error_message="종료일은 시작일보다 빠를 수 없습니다.",
            ),
        ]
        indexes = [models.Index(fields=["starts_date", "ends_date"])]
