"""What the pages of this room show beside their own fields.

A page is drawn by Wagtail when it is served and when an editor previews it; both reach these
tags, and each of them asks the database a fixed number of times.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import template
from django.core.paginator import Page as PageOfList
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.template import Context
from django.utils import timezone
from django.utils.safestring import SafeString
from wagtail.models import Page

from cms import selectors
from cms.enums import NoticeStatus
from cms.forms import NoticeFilterForm, ScheduleFilterForm
from cms.models import (
    AnnouncementPage,
    HomeBanner,
    HomePage,
    IntakeChange,
    NoticeListPage,
    NoticePage,
    PartnerAgencyPage,
    PortalDocument,
    ProgrammeGuidePage,
    RequiredDocument,
    ScheduleEntryPage,
    StandardPage,
)
from cms.models.notice_parts import Attachment
from cms.search import marks
from members.countries import country_name
from members.formatting import day_in_seoul

register = template.Library()

NOTICES_ON_A_PAGE = 20
ANNOUNCEMENTS_ON_HOME = 5


@dataclass(frozen=True)
class NoticeListing:
    """One page of the notice list with the filters that led to it."""

    form: NoticeFilterForm
    page_obj: "PageOfList[NoticePage]"
    cards: list[selectors.NoticeCard]
    words: tuple[str, ...] = ()

    @property
    def count(self) -> int:
        """How many notices match, over all pages."""
        return int(self.page_obj.paginator.count)


@dataclass(frozen=True)
class ScheduleListing:
    """One year of the schedule with the filters that led to it."""

    form: ScheduleFilterForm
    schedule: selectors.Schedule


@dataclass(frozen=True)
class GuideNotices:
    """A programme's notices: those that run or come, and those that are over."""

    present: list[selectors.NoticeCard]
    past: list[selectors.NoticeCard]


@dataclass(frozen=True)
class FileFacts:
    """A public file as KRDS writes it: name [hwp, 328KB]."""

    name: str
    url: str
    size: int | None
    kind: str


def query_of(context: Context) -> dict[str, Any]:
    """Return the GET parameters behind a context; none in a preview."""
    request: HttpRequest | None = context.get("request")
    return request.GET if request is not None else {}


# --- notices ------------------------------------------------------------------------------------


@register.simple_tag
def home_notices() -> list[selectors.NoticeCard]:
    """The notices of every agency that matter now (S2)."""
    return selectors.home_notices(timezone.now())


@register.simple_tag(takes_context=True)
def notice_listing(context: Context) -> NoticeListing:
    """The notices that the reader's filters leave, 20 a page."""
    at = timezone.now()
    form = NoticeFilterForm(query_of(context))
    filters = form.filters()
    notices = selectors.filtered_notices(filters=filters, at=at)
    page_obj = Paginator(notices, NOTICES_ON_A_PAGE).get_page(query_of(context).get("page"))
    return NoticeListing(
        form, page_obj, selectors.cards(page_obj.object_list, at), filters.search.words
    )


@register.simple_tag
def agency_notices(page: PartnerAgencyPage) -> list[selectors.NoticeCard]:
    """An agency's notices, open ones first."""
    return selectors.notices_of_agency(page.agency, timezone.now())


@register.simple_tag
def guide_notices(page: ProgrammeGuidePage) -> GuideNotices:
    """A programme's notices, present and past (S5)."""
    cards = selectors.notices_of_guide(page, timezone.now())
    return GuideNotices(
        present=[card for card in cards if card.status != NoticeStatus.CLOSED],
        past=[card for card in cards if card.status == NoticeStatus.CLOSED],
    )


@register.simple_tag
def notice_status(notice: NoticePage) -> NoticeStatus:
    """예정, 진행 or 마감 by the server's clock."""
    return notice.status_at(timezone.now())


@register.simple_tag
def notice_closes_soon(notice: NoticePage) -> bool:
    """Whether a notice closes within three days."""
    return notice.is_closing_soon_at(timezone.now())


@register.inclusion_tag("components/notice_badges.html")
def notice_badge(notice: NoticePage, at: datetime | None = None) -> dict[str, Any]:
    """The state of a notice in words (S11)."""
    at = at or timezone.now()
    return {
        "status": notice.status_at(at),
        "is_closing_soon": notice.is_closing_soon_at(at),
        "ends_at": notice.ends_at,
    }


@register.simple_tag
def notice_documents(notice: NoticePage) -> list[RequiredDocument]:
    """The required documents with their templates, also of a draft in preview."""
    return list(notice.required_documents.select_related("template").all())


@register.simple_tag
def notice_files(notice: NoticePage) -> list[Attachment]:
    """The attachments with their documents, also of a draft in preview."""
    return list(notice.attachments.select_related("document").all())


@register.simple_tag
def notice_extensions(notice: NoticePage) -> list[IntakeChange]:
    """The changes that gave companies more time, newest first: «접수기간 연장»."""
    if notice.first_published_at is None:
        return []
    return [change for change in notice.intake_changes.all() if change.is_extension]


@register.simple_tag
def file_facts(document: PortalDocument, name: str = "") -> FileFacts:
    """Name, address, size and kind of a public file; `name` replaces the document's title."""
    return FileFacts(
        name=name or document.title,
        url=document.url,
        size=document.size_in_bytes,
        kind=document.file_extension.lower(),
    )


# --- search -------------------------------------------------------------------------------------


@register.simple_tag
def marked(text: str, words: Iterable[str]) -> SafeString:
    """A text with the words of a search marked."""
    return marks.marked(text, words or ())


@register.simple_tag
def marked_excerpt(text: str, words: Iterable[str]) -> SafeString:
    """A piece of a text around the first word of a search, with the words marked."""
    return marks.marked(marks.excerpt(text, words), words)


# --- schedule -----------------------------------------------------------------------------------


@register.simple_tag
def home_schedule() -> selectors.Schedule:
    """Past entries of this year and the next ones (S3)."""
    return selectors.home_schedule(timezone.now())


@register.simple_tag(takes_context=True)
def schedule_listing(context: Context) -> ScheduleListing:
    """The schedule of the year asked for; this year where none or a faulty one was asked."""
    at = timezone.now()
    asked = str(query_of(context).get("year", ""))
    is_year = len(asked) == 4 and asked.isascii() and asked.isdigit() and asked > "1900"
    year = int(asked) if is_year else day_in_seoul(at).year
    form = ScheduleFilterForm(query_of(context), countries=selectors.schedule_countries())
    schedule = selectors.year_schedule(year=year, at=at, filters=form.filters())
    return ScheduleListing(form, schedule)


@register.simple_tag
def agency_entries(page: PartnerAgencyPage) -> list[ScheduleEntryPage]:
    """An agency's activities that run or come."""
    return selectors.entries_of_agency(page.agency, timezone.now())


@register.simple_tag
def guide_entries(page: ProgrammeGuidePage) -> list[ScheduleEntryPage]:
    """A programme's activities."""
    return selectors.entries_of_guide(page, timezone.now())


@register.simple_tag
def entry_place(entry: ScheduleEntryPage) -> str:
    """Where an activity takes place: «독일 프랑크푸르트»."""
    country = country_name(entry.country) if entry.country and entry.country != "KR" else ""
    return " ".join(part for part in (country, entry.city) if part)


# --- announcements, banners ---------------------------------------------------------------------


@register.simple_tag
def home_announcements() -> list[AnnouncementPage]:
    """The site's own latest announcements."""
    return list(selectors.announcements()[:ANNOUNCEMENTS_ON_HOME])


@register.simple_tag(takes_context=True)
def announcement_listing(context: Context) -> "PageOfList[AnnouncementPage]":
    """The site's own announcements, 20 a page."""
    pages = Paginator(selectors.announcements(), NOTICES_ON_A_PAGE)
    return pages.get_page(query_of(context).get("page"))


@register.simple_tag
def shown_banners(page: HomePage) -> list[HomeBanner]:
    """The banners of the main page whose time is now, also of a draft in preview."""
    at = timezone.now()
    banners = page.banners.select_related("image").all()
    return [banner for banner in banners if banner.is_shown_at(at)]


# --- agencies, programmes, pages ----------------------------------------------------------------


@register.simple_tag
def agency_directory() -> list[PartnerAgencyPage]:
    """The pages of the agencies at work (S6)."""
    return selectors.agency_pages()


@register.simple_tag
def programme_directory() -> list[selectors.AgencyGuides]:
    """Every programme guide, per agency (S5)."""
    return selectors.guides_by_agency()


@register.simple_tag(takes_context=True)
def tab_of(context: Context, name: str) -> str:
    """The value of a GET parameter that chooses between views of the same list."""
    return str(query_of(context).get(name, ""))


@register.simple_tag
def programme_needs() -> list[selectors.NeedGuides]:
    """Every programme guide, per kind of support (S5)."""
    return selectors.guides_by_need()


@register.simple_tag
def agency_guides(page: PartnerAgencyPage) -> list[ProgrammeGuidePage]:
    """An agency's programme guides."""
    return selectors.guides_of_agency(page.agency)


@register.simple_tag
def pages_below(page: StandardPage) -> list[Page]:
    """The published pages below a standard page, in the order of the tree."""
    return list(page.get_children().live().order_by("path"))


# Where a page belongs in the menu (S7), whatever its place in the tree.
SECTIONS = {
    NoticePage: (("사업공고", ""), ("사업공고", "/notices/")),
    NoticeListPage: (("사업공고", ""),),
    ScheduleEntryPage: (("연중일정", "/schedule/"),),
    ProgrammeGuidePage: (("사업안내", "/programmes/"),),
    PartnerAgencyPage: (("유관기관 안내", "/agencies/"),),
    AnnouncementPage: (("공지사항", "/announcements/"),),
}


@register.simple_tag
def page_trail(page: Page) -> list[tuple[str, str]]:
    """The way to a page, from the second level on, the page itself last (S7)."""
    if type(page) in SECTIONS:
        return [*SECTIONS[type(page)], (page.title, "")]
    above = page.get_ancestors().filter(depth__gt=2) if page.path else []
    return [*((parent.title, parent.url) for parent in above), (page.title, "")]
