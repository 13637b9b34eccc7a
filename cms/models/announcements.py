"""공지사항: what the site itself has to say, apart from the agencies' notices."""

from datetime import datetime

from django.db import models
from django.utils import timezone
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import PageManager
from wagtail.query import PageQuerySet

from cms.blocks import BodyBlock
from cms.models.base import BasePage


class AnnouncementListPage(BasePage):
    """공지사항: the list, pinned ones first."""

    introduction = models.TextField("소개", blank=True)

    content_panels = [*BasePage.content_panels, FieldPanel("introduction")]
    parent_page_types = ["cms.HomePage"]
    subpage_types = ["cms.AnnouncementPage"]
    max_count = 1

    class Meta:
        verbose_name = "공지사항 목록"
        verbose_name_plural = "공지사항 목록"


class AnnouncementQuerySet(PageQuerySet):
    def in_order(self) -> "AnnouncementQuerySet":
        """Pinned ones first, then the newest."""
        return self.order_by("-is_pinned", "-posted_at", "-pk")


AnnouncementManager = PageManager.from_queryset(AnnouncementQuerySet)


class AnnouncementPage(BasePage):
    """One announcement of the site: outages, changes, how-to news."""

    introduction = models.CharField("요약", max_length=200)
    posted_at: models.DateTimeField[datetime, datetime] = models.DateTimeField(
        "게시일", default=timezone.now
    )
    is_pinned = models.BooleanField("위에 고정", default=False)
    body = StreamField(BodyBlock(), verbose_name="본문", blank=True)

    objects = AnnouncementManager()

    content_panels = [
        *BasePage.content_panels,
        FieldPanel("introduction", help_text="목록과 검색에 보일 한 문장입니다."),
        FieldPanel("posted_at"),
        FieldPanel("is_pinned", help_text="목록의 맨 위에 둡니다."),
        FieldPanel("body"),
    ]
    parent_page_types = ["cms.AnnouncementListPage"]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = "공지사항"
        verbose_name_plural = "공지사항"
