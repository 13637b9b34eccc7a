"""Home, the notice list and standard pages."""

from datetime import datetime

from django.core.validators import RegexValidator
from django.db import models
from django.http import Http404, HttpRequest
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Orderable, Page
from wagtail.url_routing import RouteResult

from cms.blocks import BodyBlock
from cms.models.base import BasePage

MOST_BANNERS = 4


class HomePage(BasePage):
    """The main page (S1 to S8)."""

    lead = models.CharField("머리말", max_length=200, blank=True)
    urgent_title = models.CharField("긴급 공지 제목", max_length=120, blank=True)
    urgent_text = models.TextField("긴급 공지 내용", blank=True)

    content_panels = [
        *BasePage.content_panels,
        FieldPanel("lead", help_text="제목 아래에 보일 한 문장입니다."),
        MultiFieldPanel(
            [FieldPanel("urgent_title"), FieldPanel("urgent_text")],
            heading="긴급 공지",
            help_text="제목을 비우면 긴급 공지를 보이지 않습니다.",
        ),
        InlinePanel("banners", heading="배너", label="배너", max_num=MOST_BANNERS),
    ]
    parent_page_types = ["wagtailcore.Page"]
    subpage_types = [
        "cms.NoticeListPage",
        "cms.ProgrammeListPage",
        "cms.AgencyListPage",
        "cms.AnnualSchedulePage",
        "cms.AnnouncementListPage",
        "cms.StandardPage",
    ]
    max_count = 1

    class Meta:
        verbose_name = "첫 화면"
        verbose_name_plural = "첫 화면"

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        """Find a page below by its whole path: one query, where Wagtail asks once per level."""
        if not path_components:
            return super().route(request, path_components)
        path = f"{self.url_path}{'/'.join(path_components)}/"
        page = Page.objects.live().filter(url_path=path).first()
        if page is None:
            raise Http404
        return RouteResult(page.specific)


class HomeBanner(Orderable):
    """A hint on the main page, shown between its two moments (S66)."""

    page = ParentalKey(HomePage, on_delete=models.CASCADE, related_name="banners")
    title = models.CharField("제목", max_length=60)
    text = models.CharField("설명", max_length=120, blank=True)
    url = models.CharField(
        "연결 주소",
        max_length=300,
        validators=[RegexValidator(r"^(/(?!/)|https://)", "/ 또는 https://로 시작해야 합니다.")],
    )
    image = models.ForeignKey(
        "cms.PortalImage",
        verbose_name="이미지",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="장식으로 쓰입니다. 글자는 제목과 설명에 적어 주십시오.",
    )
    starts_at = models.DateTimeField("보이기 시작", null=True, blank=True)
    ends_at = models.DateTimeField("보이기 끝", null=True, blank=True)

    panels = [
        FieldPanel("title"),
        FieldPanel("text"),
        FieldPanel("url", help_text="이 누리집 안이면 /notices/처럼 적습니다."),
        FieldPanel("image"),
        FieldRowPanel([FieldPanel("starts_at"), FieldPanel("ends_at")]),
    ]

    class Meta(Orderable.Meta):
        verbose_name = "배너"
        verbose_name_plural = "배너"

    def __str__(self) -> str:
        return self.title

    @property
    def leads_outside(self) -> bool:
        return self.url.startswith("https://")

    def is_shown_at(self, at: datetime) -> bool:
        """Tell whether a moment lies in the banner's half-open time."""
        begun = self.starts_at is None or self.starts_at <= at
        return begun and (self.ends_at is None or at < self.ends_at)


class NoticeListPage(BasePage):
    """사업공고: every body's notices in one list (S1)."""

    introduction = models.TextField("소개", blank=True)

    content_panels = [*BasePage.content_panels, FieldPanel("introduction")]
    parent_page_types = ["cms.HomePage"]
    subpage_types: list[str] = []
    max_count = 1

    class Meta:
        verbose_name = "사업공고 목록"
        verbose_name_plural = "사업공고 목록"


class StandardPage(BasePage):
    """A page of free text, such as 이용안내 (S9)."""

    introduction = models.TextField("소개", blank=True)
    body = StreamField(BodyBlock(), verbose_name="본문", blank=True)

    content_panels = [
        *BasePage.content_panels,
        FieldPanel("introduction", help_text="제목 아래에 보일 한두 문장입니다."),
        FieldPanel("body"),
    ]
    parent_page_types = ["cms.HomePage", "cms.StandardPage"]
    subpage_types = ["cms.StandardPage"]

    class Meta:
        verbose_name = "일반 페이지"
        verbose_name_plural = "일반 페이지"
