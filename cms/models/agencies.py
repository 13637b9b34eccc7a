"""유관기관 안내: each agency's own corner. Page permission here is agency permission."""

from django.db import models
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField

from cms.blocks import BodyBlock
from cms.models.base import BasePage
from members.models import Agency


class AgencyListPage(BasePage):
    """유관기관 안내 (S6): the list of bodies."""

    introduction = models.TextField("소개", blank=True)

    content_panels = [*BasePage.content_panels, FieldPanel("introduction")]
    parent_page_types = ["cms.HomePage"]
    subpage_types = ["cms.PartnerAgencyPage"]
    max_count = 1

    class Meta:
        verbose_name = "유관기관 목록"
        verbose_name_plural = "유관기관 목록"


class PartnerAgencyPage(BasePage):
    """One body's page; its notices, guides and schedule entries are its children."""

    agency = models.OneToOneField(
        Agency, verbose_name="기관", on_delete=models.PROTECT, related_name="page"
    )
    logo = models.ForeignKey(
        "cms.PortalImage",
        verbose_name="로고",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    introduction = models.TextField("소개")
    website = models.URLField("누리집", blank=True)
    body = StreamField(BodyBlock(), verbose_name="본문", blank=True)
    # The agency's own files: the public ones may go into pages, the internal ones never leave.
    public_collection = models.OneToOneField(
        "wagtailcore.Collection",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )
    internal_collection = models.OneToOneField(
        "wagtailcore.Collection",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
    )

    content_panels = [
        *BasePage.content_panels,
        FieldPanel("introduction", help_text="어떤 일을 하는 기관인지 두세 문장으로 적습니다."),
        FieldPanel("logo"),
        FieldPanel("website"),
        FieldPanel("body"),
    ]
    parent_page_types = ["cms.AgencyListPage"]
    subpage_types = ["cms.NoticePage", "cms.ProgrammeGuidePage", "cms.ScheduleEntryPage"]
    # Made with the agency's groups and collections by cms.services.agencies, never by hand.
    is_creatable = False

    class Meta:
        verbose_name = "유관기관"
        verbose_name_plural = "유관기관"
