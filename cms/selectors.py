"""What the public pages show, read over several models."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import groupby

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q, QuerySet
from wagtail.models import Page, ReferenceIndex

from cms.enums import NoticeStatus
from cms.models import (
    AnnouncementPage,
    Category,
    NoticePage,
    Outage,
    PartnerAgencyPage,
    PortalDocument,
    PortalImage,
    ProgrammeGuidePage,
    ScheduleEntryPage,
)
from cms.models.announcements import AnnouncementQuerySet
from cms.models.notices import CLOSING_SOON, NoticeQuerySet
from cms.rules import fair_closing
from cms.search.results import NO_SEARCH, Search, answers
from members.formatting import SEOUL, day_in_seoul
from members.models import Agency

NOTICES_ON_HOME = 6
ENTRIES_ON_HOME = 6


@dataclass(frozen=True)
class NoticeCard:
    """A notice as a list shows it, with its state at the moment of showing."""

    notice: NoticePage
    status: NoticeStatus
    is_closing_soon: bool


@dataclass(frozen=True)
class NoticeFilters:
    """What a reader asked of the list; empty values ask nothing."""

    search: Search = NO_SEARCH
    state: str = ""
    agency: str = ""
    category: str = ""
    kind: str = ""
    from_date: date | None = None
    to_date: date | None = None
    newest_first: bool = False


@dataclass(frozen=True)
class Month:
    """The schedule entries that begin in one month."""

    first_day: date
    entries: list[ScheduleEntryPage]


@dataclass(frozen=True)
class Schedule:
    """One year's activities: what is over, and what runs or comes, each by month (S3)."""

    year: int
    past: list[Month]
    ahead: list[Month]
    years: list[int] = field(default_factory=list)
    past_count: int = 0

    @property
    def is_empty(self) -> bool:
        return not self.past and not self.ahead


@dataclass(frozen=True)
class AgencyGuides:
    """One agency's programme guides (S5)."""

    agency: Agency
    guides: list[ProgrammeGuidePage]


@dataclass(frozen=True)
class NeedGuides:
    """The programme guides of one kind of support (S5)."""

    category: Category
    guides: list[ProgrammeGuidePage]


def cards(notices: Iterable[NoticePage], at: datetime) -> list[NoticeCard]:
    """Return notices with their state at a moment."""
    return [
        NoticeCard(notice, notice.status_at(at), notice.is_closing_soon_at(at))
        for notice in notices
    ]


def public_notices() -> NoticeQuerySet:
    """Return the published notices with what a card shows."""
    notices: NoticeQuerySet = NoticePage.objects.live().for_cards()
    return notices


def filtered_notices(*, filters: NoticeFilters, at: datetime) -> NoticeQuerySet:
    """Return the published notices that match, in the order the reader chose (S10).

    Words are looked for by the search's own index, each of them must occur.
    """
    notices = public_notices().with_status(at)
    if filters.search.text:
        notices = notices.filter(answers(filters.search))
    if filters.state:
        notices = notices.filter(status_now=filters.state)
    if filters.agency:
        notices = notices.filter(agency__code=filters.agency)
    if filters.category:
        notices = notices.filter(category__slug=filters.category)
    if filters.kind:
        notices = notices.filter(intake_kind=filters.kind)
    if filters.from_date:
        notices = notices.exclude(intake_closes_at__lt=start_of(filters.from_date))
        notices = notices.exclude(stopped_early_at__lt=start_of(filters.from_date))
    if filters.to_date:
        last = datetime.combine(filters.to_date, time.max, tzinfo=SEOUL)
        notices = notices.filter(intake_opens_at__lte=last)
    return notices.newest_first() if filters.newest_first else notices.open_first(at)


def start_of(day: date) -> datetime:
    """Return the moment at which a day begins in Seoul."""
    return datetime.combine(day, time.min, tzinfo=SEOUL)


def home_notices(at: datetime) -> list[NoticeCard]:
    """Return the notices of every agency that matter now (S2)."""
    return cards(public_notices().open_first(at)[:NOTICES_ON_HOME], at)


def notices_of_agency(agency: Agency, at: datetime, limit: int = 10) -> list[NoticeCard]:
    """Return an agency's published notices, open ones first."""
    return cards(public_notices().of_agency(agency).open_first(at)[:limit], at)


def notices_of_guide(guide: ProgrammeGuidePage, at: datetime, limit: int = 10) -> list[NoticeCard]:
    """Return a programme's published notices, present and past."""
    return cards(public_notices().filter(programme_id=guide.pk).open_first(at)[:limit], at)


def public_entries() -> QuerySet[ScheduleEntryPage]:
    """Return the published schedule entries in the order of the year."""
    entries: QuerySet[ScheduleEntryPage] = (
        ScheduleEntryPage.objects.live()
        .select_related("agency", "notice", "programme")
        .order_by("starts_date", "ends_date", "pk")
    )
    return entries


@dataclass(frozen=True)
class ScheduleFilters:
    """What a reader asked of the schedule; empty values ask nothing."""

    agency: str = ""
    kind: str = ""
    country: str = ""


def year_schedule(
    *, year: int, at: datetime, filters: ScheduleFilters = ScheduleFilters()
) -> Schedule:
    """Return the year's entries that match, past ones apart from what runs or comes (S3)."""
    today = day_in_seoul(at)
    asked = {
        "agency__code": filters.agency,
        "kind": filters.kind,
        "country": filters.country,
    }
    matching = public_entries().filter(**{name: value for name, value in asked.items() if value})
    entries = list(matching.filter(starts_date__year=year))
    past = [entry for entry in entries if entry.ends_date < today]
    ahead = [entry for entry in entries if entry.ends_date >= today]
    return Schedule(
        year=year,
        past=list(by_month(past)),
        ahead=list(by_month(ahead)),
        years=[day.year for day in ScheduleEntryPage.objects.live().dates("starts_date", "year")],
        past_count=len(past),
    )


def by_month(entries: Sequence[ScheduleEntryPage]) -> Iterator[Month]:
    """Group ordered entries by the month they begin in."""
    for first_day, of_month in groupby(entries, key=lambda entry: entry.starts_date.replace(day=1)):
        yield Month(first_day, list(of_month))


def home_schedule(at: datetime) -> Schedule:
    """Return this year's past entries and the next ones from today on, whatever their year (S3)."""
    today = day_in_seoul(at)
    past = list(
        public_entries().filter(ends_date__lt=today, starts_date__gte=date(today.year, 1, 1))
    )
    ahead = list(public_entries().filter(ends_date__gte=today)[:ENTRIES_ON_HOME])
    return Schedule(
        year=today.year,
        past=list(by_month(past)),
        ahead=list(by_month(ahead)),
        past_count=len(past),
    )


def calendar_entries(at: datetime) -> QuerySet[ScheduleEntryPage]:
    """Return the entries that a subscribed calendar holds: the last year's and all that come."""
    return public_entries().filter(ends_date__gte=day_in_seoul(at) - timedelta(days=365))


def schedule_countries() -> list[str]:
    """Return the countries (ISO codes) that published entries lead to."""
    codes = ScheduleEntryPage.objects.live().exclude(country="").values_list("country", flat=True)
    return sorted(set(codes.order_by()))


def entries_of_agency(agency: Agency, at: datetime, limit: int = 10) -> list[ScheduleEntryPage]:
    """Return an agency's entries that run or come."""
    entries = public_entries().filter(agency=agency, ends_date__gte=day_in_seoul(at))
    return list(entries[:limit])


def entries_of_guide(guide: ProgrammeGuidePage, at: datetime) -> list[ScheduleEntryPage]:
    """Return a programme's entries of the last year and all that come."""
    since = day_in_seoul(at) - timedelta(days=365)
    return list(public_entries().filter(programme_id=guide.pk, ends_date__gte=since))


def guides_by_agency() -> list[AgencyGuides]:
    """Return every published programme guide, per agency in the agencies' own order (S5)."""
    guides = (
        ProgrammeGuidePage.objects.live()
        .select_related("agency", "category")
        .defer("body", "process", "support")
        .order_by("agency__position", "agency__code", "title")
    )
    return [
        AgencyGuides(agency, list(of_agency))
        for agency, of_agency in groupby(guides, key=lambda guide: guide.agency)
    ]


def guides_by_need() -> list[NeedGuides]:
    """Return every published programme guide, per kind of support (사업구분) (S5)."""
    guides = (
        ProgrammeGuidePage.objects.live()
        .select_related("agency", "category")
        .defer("body", "process", "support")
        .order_by("category__position", "category__name", "title")
    )
    return [
        NeedGuides(category, list(of_need))
        for category, of_need in groupby(guides, key=lambda guide: guide.category)
    ]


def guides_of_agency(agency: Agency) -> list[ProgrammeGuidePage]:
    """Return an agency's published programme guides."""
    guides = ProgrammeGuidePage.objects.live().filter(agency=agency).select_related("category")
    return list(guides.order_by("title"))


def announcements() -> AnnouncementQuerySet:
    """Return the site's own published announcements, pinned ones first."""
    published: AnnouncementQuerySet = AnnouncementPage.objects.live().defer("body").in_order()
    return published


def agency_pages() -> list[PartnerAgencyPage]:
    """Return the pages of the agencies at work, in their own order (S6)."""
    pages = (
        PartnerAgencyPage.objects.live()
        .filter(agency__is_active=True)
        .select_related("agency", "logo")
        .prefetch_related("agency__former_names")
        .defer("body")
    )
    return list(pages.order_by("agency__position", "agency__code"))


def is_internal_file(file: PortalDocument | PortalImage) -> bool:
    """Tell whether a file lies in the internal collection of an agency."""
    return PartnerAgencyPage.objects.filter(internal_collection=file.collection_id).exists()


def is_public_document(document: PortalDocument) -> bool:
    """Tell whether the public may take a document: a live page that may show it uses it.

    An agency's internal files are never public, and a page of one agency makes no other agency's
    file public, whatever its text says.
    """
    owner = PartnerAgencyPage.objects.filter(
        Q(public_collection=document.collection_id) | Q(internal_collection=document.collection_id)
    ).first()
    if owner is not None and owner.internal_collection_id == document.collection_id:
        return False
    users = ReferenceIndex.get_references_to(document).filter(
        base_content_type=ContentType.objects.get_for_model(Page)
    )
    keys = [int(key) for key in users.values_list("object_id", flat=True).distinct()]
    pages = Page.objects.live().public().filter(pk__in=keys)
    if owner is None:
        return bool(pages.exists())
    corners = owner.path[: -Page.steplen]
    inside = Q(path__startswith=owner.path) | ~Q(path__startswith=corners)
    return bool(pages.filter(inside).exists())


@dataclass(frozen=True)
class ExtensionProposal:
    """A notice that an outage hit, with the closing time that makes it good."""

    notice: NoticePage
    closes_at: datetime
    is_urgent: bool
    """Closing soon after the outage: proposed to be taken."""


def notices_hit_by(outage: Outage) -> NoticeQuerySet:
    """Return the published notices whose intake ran during an outage and was not extended for it.

    Notices without a closing time lose nothing.
    """
    hit: NoticeQuerySet = NoticePage.objects.live().filter(
        intake_opens_at__lt=outage.ended_at,
        intake_closes_at__gt=outage.started_at,
        stopped_early_at__isnull=True,
    )
    return hit.exclude(intake_changes__outage=outage).select_related("agency")


def extension_proposals(*, outage: Outage) -> list[ExtensionProposal]:
    """Return what an outage proposes, first what closes first; no body is read."""
    proposals = []
    for notice in notices_hit_by(outage).defer_streamfields().order_by("intake_closes_at", "pk"):
        times = {"started_at": outage.started_at, "ended_at": outage.ended_at}
        closes_at = fair_closing(notice, **times)
        if closes_at is not None and notice.intake_closes_at is not None:
            is_urgent = notice.intake_closes_at <= outage.ended_at + CLOSING_SOON
            proposals.append(ExtensionProposal(notice, closes_at, is_urgent))
    return proposals
