"""What every page of ours shares."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from django.db import models
from modelcluster.models import get_all_child_relations
from wagtail.admin.panels import FieldPanel, MultiFieldPanel, PublishingPanel
from wagtail.models import Page

from cms.models.editing import PlainCopyForm, PortalPageForm


class Category(models.Model):
    """사업구분 (S12): shared by notices and programme guides; edited by staff."""

    slug = models.SlugField("주소 이름", max_length=60, unique=True)
    name = models.CharField("이름", max_length=80, unique=True)
    description = models.CharField("설명", max_length=200, blank=True)
    position = models.PositiveSmallIntegerField("표시 순서", default=100)

    panels = [
        FieldPanel("name"),
        FieldPanel("slug", help_text="주소에 쓰는 영문 이름입니다. 예: regional-marketing"),
        FieldPanel("description"),
        FieldPanel("position", help_text="작은 수가 먼저 보입니다."),
    ]

    class Meta:
        verbose_name = "사업구분"
        verbose_name_plural = "사업구분"
        ordering = ["position", "name"]

    def __str__(self) -> str:
        return self.name


class BasePage(Page):
    """Abstract parent of our pages: Korean promote tab, no comments, no hidden pages."""

    show_in_menus_default = False
    # A published page is public: what must stay inside never becomes a page.
    private_page_options: list[str] = []
    base_form_class = PortalPageForm
    copy_form_class = PlainCopyForm

    promote_panels = [
        MultiFieldPanel(
            [
                FieldPanel(
                    "slug",
                    heading="주소 이름",
                    help_text="주소에 쓰는 영문 이름입니다. 게시한 뒤에는 바꾸지 마십시오.",
                ),
                FieldPanel(
                    "seo_title", heading="검색 제목", help_text="검색 결과에 보일 제목입니다."
                ),
                FieldPanel(
                    "search_description",
                    heading="검색 설명",
                    help_text="검색 결과에서 제목 아래에 보일 문장입니다.",
                ),
            ],
            heading="검색과 주소",
        ),
    ]

    settings_panels = [PublishingPanel()]

    class Meta:
        abstract = True

    @property
    def last_changed_at(self) -> datetime | None:
        """When the public text last changed; shown on every page (품질관리 지침)."""
        return self.last_published_at

    def with_content_json(self, content: dict[str, Any]) -> Page:
        """Build the page of a revision, whatever was deleted since the revision was saved."""
        return super().with_content_json(self.without_lost_targets(content))

    def without_lost_targets(self, content: dict[str, Any]) -> dict[str, Any]:
        """Return a revision's content without references whose protected target is gone.

        Wagtail raises a bare Exception for a missing target of a PROTECT foreign key. The page's
        own column then falls back to the live value; a child row is left out.
        """
        kept = dict(content)
        for field in protected_references(type(self)):
            if field.name in kept and is_lost(field, kept[field.name]):
                kept[field.name] = getattr(self, field.attname)
        for relation in get_all_child_relations(self):
            name = relation.get_accessor_name()
            references = protected_references(relation.related_model)
            if kept.get(name) and references:
                kept[name] = [
                    row
                    for row in kept[name]
                    if not any(is_lost(field, row.get(field.name)) for field in references)
                ]
        return kept


def protected_references(model: type[models.Model]) -> list[Any]:
    """Return a model's foreign keys that protect what they point at."""
    return [
        field
        for field in model._meta.concrete_fields
        if field.remote_field is not None
        and getattr(field.remote_field, "on_delete", None) is models.PROTECT
    ]


def is_lost(field: Any, value: Any) -> bool:
    """Tell whether a stored reference points at a row that is not there any more."""
    if value is None:
        return False
    target = field.remote_field
    return not target.model._default_manager.filter(**{target.field_name: value}).exists()


class AgencyOwnedPage(BasePage):
    """Abstract: a child of an agency's page; `agency` is its column, set from the parent.

    save() is the only point that every creation route passes (form, copy, API, import), so the
    column is filled there (docs/adr/0011-identity-of-pages.md).
    """

    slug: str
    slug_prefix = "page"

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self._state.adding:
            self.take_agency_of_parent()
            # Korean titles give no address name, and editors need not invent one.
            if not self.slug:
                self.slug = f"{self.slug_prefix}-{uuid4().hex[:8]}"
        super().save(*args, **kwargs)

    def take_agency_of_parent(self) -> None:
        """Set `agency` to the one whose page this lies below."""
        self.agency_id = self.get_parent().specific.agency_id

    def with_content_json(self, content: dict[str, Any]) -> Page:
        """Keep the agency of the live row: a revision from before a move names the old one."""
        return super().with_content_json({**content, "agency": self.agency_id})
