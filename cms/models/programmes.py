"""사업안내: guides to the support programmes."""

from django import forms
from django.db import models
from modelcluster.fields import ParentalKey
from wagtail.admin.panels import FieldPanel, InlinePanel
from wagtail.api import APIField
from wagtail.fields import StreamField
from wagtail.models import Orderable

from cms.blocks import BodyBlock
from cms.models.base import AgencyOwnedPage, BasePage, Category
from members.models import Agency


class ProgrammeListPage(BasePage):
    """사업안내 (S5): every programme, per partner body."""

    introduction = models.TextField("소개", blank=True)

    content_panels = [*BasePage.content_panels, FieldPanel("introduction")]
    parent_page_types = ["cms.HomePage"]
    subpage_types: list[str] = []
    max_count = 1

    class Meta:
        verbose_name = "사업안내 목록"
        verbose_name_plural = "사업안내 목록"


class ProgrammeGuidePage(AgencyOwnedPage):
    """One programme: purpose, target, support, steps, documents, questions.

    `support` and `process` hold one item a line.
    """

    slug_prefix = "programme"

    agency = models.ForeignKey(
        Agency, verbose_name="기관", on_delete=models.PROTECT, related_name="guides", editable=False
    )
    category = models.ForeignKey(
        Category, verbose_name="사업구분", on_delete=models.PROTECT, related_name="guides"
    )
    purpose = models.TextField("목적")
    target = models.TextField("지원 대상")
    support = models.TextField("지원 내용", help_text="한 줄에 하나씩 적습니다.")
    process = models.TextField("추진 절차", blank=True, help_text="한 줄에 하나씩 적습니다.")
    cycle = models.CharField("모집 시기", max_length=200, blank=True)
    contact_department = models.CharField("담당 부서", max_length=120, blank=True)
    contact_phone = models.CharField("문의 전화", max_length=20, blank=True)
    contact_email = models.EmailField("문의 전자우편", blank=True)
    body = StreamField(BodyBlock(), verbose_name="본문", blank=True)

    content_panels = [
        *BasePage.content_panels,
        FieldPanel("category", widget=forms.Select),
        FieldPanel("purpose"),
        FieldPanel("target"),
        FieldPanel("support"),
        FieldPanel("process"),
        FieldPanel("cycle"),
        InlinePanel("guide_documents", heading="필요한 서류", label="서류"),
        InlinePanel("questions", heading="자주 묻는 질문", label="질문"),
        FieldPanel("contact_department"),
        FieldPanel("contact_phone"),
        FieldPanel("contact_email"),
        FieldPanel("body"),
    ]
    api_fields = [
        APIField(name)
        for name in ("purpose", "target", "support_items", "process_items", "cycle", "body")
    ]
    parent_page_types = ["cms.PartnerAgencyPage"]
    subpage_types: list[str] = []

    class Meta:
        verbose_name = "사업안내"
        verbose_name_plural = "사업안내"

    @property
    def support_items(self) -> list[str]:
        return [line.strip() for line in self.support.splitlines() if line.strip()]

    @property
    def process_items(self) -> list[str]:
        return [line.strip() for line in self.process.splitlines() if line.strip()]


class GuideDocument(Orderable):
    """A document a programme usually asks for; the notice's own list is what counts."""

    page = ParentalKey(ProgrammeGuidePage, on_delete=models.CASCADE, related_name="guide_documents")
    label = models.CharField("서류 이름", max_length=120)
    is_required = models.BooleanField("필수", default=True)
    note = models.CharField("안내", max_length=300, blank=True)

    class Meta(Orderable.Meta):
        verbose_name = "필요한 서류"
        verbose_name_plural = "필요한 서류"

    def __str__(self) -> str:
        return self.label


class GuideQuestion(Orderable):
    page = ParentalKey(ProgrammeGuidePage, on_delete=models.CASCADE, related_name="questions")
    question = models.CharField("질문", max_length=200)
    answer = models.TextField("답변")

    class Meta(Orderable.Meta):
        verbose_name = "자주 묻는 질문"
        verbose_name_plural = "자주 묻는 질문"

    def __str__(self) -> str:
        return self.question
