"""Staff lists of pages: Wagtail's own, with our columns, filtered to what a person may explore."""

from collections.abc import Iterable
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column
from wagtail.admin.ui.tables.pages import BulkActionsColumn, PageStatusColumn, PageTitleColumn
from wagtail.admin.views.pages.create import CreateView
from wagtail.admin.views.pages.listing import (
    ExplorableIndexView,
    GenericPageFilterSet,
    IndexView,
)
from wagtail.admin.viewsets.pages import PageListingViewSet, PageViewSet
from wagtail.models import Page
from wagtail.snippets.views.snippets import SnippetViewSet

from cms.enums import IntakeKind, NoticeStatus, ScheduleKind
from cms.models import (
    Category,
    NoticePage,
    ProgrammeGuidePage,
    ScheduleEntryPage,
    SearchSynonym,
)
from cms.notice_columns import notice_columns
from members.formatting import format_date, format_period
from members.models import Agency


def agencies_of(request: HttpRequest | None) -> QuerySet[Agency]:
    """Return the agencies a person may filter by; an officer has but the own one."""
    agencies = Agency.objects.active().in_order()
    person = getattr(request, "user", None)
    if person is not None and person.agency_id is not None:
        return agencies.filter(pk=person.agency_id)
    return agencies


class AgencyFilterSet(WagtailFilterSet):
    """Filters by agency and category; no lists of people, who may belong to other agencies."""

    agency = django_filters.ModelChoiceFilter(
        label="기관", queryset=agencies_of, empty_label="전체"
    )
    category = django_filters.ModelChoiceFilter(
        label="사업구분", queryset=Category.objects.all(), empty_label="전체"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.request is not None and self.request.user.agency_id is not None:
            self.filters.pop("agency", None)


class NoticeFilterSet(AgencyFilterSet):
    state = django_filters.ChoiceFilter(
        label="상태", choices=NoticeStatus.choices, method="filter_state", empty_label="전체"
    )
    intake_kind = django_filters.ChoiceFilter(
        label="접수 방법", choices=IntakeKind.choices, empty_label="전체"
    )

    class Meta:
        model = NoticePage
        fields: list[str] = []

    def filter_state(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.with_status(timezone.now()).filter(status_now=value)


class GuideFilterSet(AgencyFilterSet):
    class Meta:
        model = ProgrammeGuidePage
        fields: list[str] = []


class EntryFilterSet(AgencyFilterSet):
    category = None
    kind = django_filters.ChoiceFilter(
        label="종류", choices=ScheduleKind.choices, empty_label="전체"
    )

    class Meta:
        model = ScheduleEntryPage
        fields: list[str] = []


# Each row carries a menu of its own, which is most of what a list costs.
PAGES_PER_LIST = 20


def share_parents(pages: Iterable[Page]) -> None:
    """Give the rows their parents in one query; a button of each row asks for its own."""
    rows = list(pages)
    parents = {
        parent.path: parent
        for parent in Page.objects.filter(path__in={row.path[: -Page.steplen] for row in rows})
    }
    for row in rows:
        row._cached_parent_obj = parents.get(row.path[: -Page.steplen])


class OwnedIndexView(IndexView):
    """A list of pages of one kind; agencies and parents come with the rows, a query each."""

    page_title = ""
    paginate_by = PAGES_PER_LIST

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        share_parents(context["object_list"])
        return context

    def annotate_queryset(self, pages: Any) -> Any:
        return (
            pages.defer_streamfields()
            .select_related("agency")
            .prefetch_related("content_type", "sites_rooted_here")
            .prefetch_workflow_states()
            .annotate_site_root_state()
            .annotate_approved_schedule()
        )


TITLE = PageTitleColumn("title", label="제목", sort_key="title", classname="title")
AGENCY = Column("agency", label="기관", accessor="agency.name", sort_key="agency__name")
PUBLISHED = PageStatusColumn("status", label="게시", sort_key="live", width="10%")


class NoticeIndexView(OwnedIndexView):
    """Notices with what the rooms above count for them, in the same query."""

    def annotate_queryset(self, pages: Any) -> Any:
        numbers = {f"{column.name}_number": column.expression() for column in notice_columns()}
        return super().annotate_queryset(pages).annotate(**numbers)


class NoticeViewSet(PageListingViewSet):
    """사업공고: state, period, agency and the upper rooms' numbers beside each notice."""

    model = NoticePage
    name = "notices"
    menu_label = "사업공고"
    menu_order = 110
    add_to_admin_menu = True
    icon = "doc-full-inverse"
    index_view_class = NoticeIndexView
    filterset_class = NoticeFilterSet
    own_columns = [
        BulkActionsColumn("bulk_actions"),
        TITLE,
        Column("code", label="공고번호", sort_key="code"),
        Column(
            "state",
            label="상태",
            accessor=lambda page: page.status_at(timezone.now()).label,
            width="6%",
        ),
        Column(
            "period",
            label="접수기간",
            accessor=lambda page: format_period(page.intake_opens_at, page.ends_at),
            sort_key="intake_closes_at",
        ),
        AGENCY,
        PUBLISHED,
    ]

    @property
    def columns(self) -> list[Column]:
        """Our columns, with those of the rooms above before the last one."""
        numbers = [
            Column(f"{column.name}_number", label=column.label, width="6%")
            for column in notice_columns()
        ]
        return [*self.own_columns[:-1], *numbers, self.own_columns[-1]]


class GuideViewSet(PageListingViewSet):
    model = ProgrammeGuidePage
    name = "programmes"
    menu_label = "사업안내"
    menu_order = 120
    add_to_admin_menu = True
    icon = "list-ul"
    index_view_class = OwnedIndexView
    filterset_class = GuideFilterSet
    columns = [BulkActionsColumn("bulk_actions"), TITLE, AGENCY, PUBLISHED]


class EntryViewSet(PageListingViewSet):
    model = ScheduleEntryPage
    name = "schedule"
    menu_label = "연중일정"
    menu_order = 130
    add_to_admin_menu = True
    icon = "date"
    index_view_class = OwnedIndexView
    filterset_class = EntryFilterSet
    columns = [
        BulkActionsColumn("bulk_actions"),
        TITLE,
        Column("kind", label="종류", accessor="get_kind_display", sort_key="kind"),
        Column(
            "starts_date",
            label="시작일",
            accessor=lambda page: format_date(page.starts_date),
            sort_key="starts_date",
        ),
        AGENCY,
        PUBLISHED,
    ]


class ExplorerFilterSet(GenericPageFilterSet):
    """Wagtail's filters without those that list everybody who ever wrote a page."""

    owner = None
    edited_by = None
    site = None


class ExplorerView(ExplorableIndexView):
    base_filterset_class = ExplorerFilterSet
    paginate_by = PAGES_PER_LIST

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        share_parents(context["object_list"])
        return context


class AddView(CreateView):
    """A new page is saved when its author says so, and from then on by itself.

    Wagtail 8.0.1 saves a new page while it is typed, and makes a second one (for a notice with a
    code of its own) when publishing is pressed before the answer is there.
    """

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "autosave_enabled": False}


class PortalPageViewSet(PageViewSet):
    """Every page's own screens: Wagtail's, with an explorer that names no strangers."""

    model = Page
    index_view_class = ExplorerView
    add_view_class = AddView
    filterset_class = ExplorerFilterSet


class CategoryViewSet(SnippetViewSet):
    """사업구분, edited by comms and operators."""

    model = Category
    icon = "tag"
    menu_label = "사업구분"
    menu_order = 300
    add_to_admin_menu = True
    list_display = ["name", "slug", "position"]
    search_fields = ["name", "slug"]


class SynonymViewSet(SnippetViewSet):
    """검색 유의어: words that mean the same, edited by comms and operators."""

    model = SearchSynonym
    icon = "search"
    menu_label = "검색 유의어"
    menu_order = 310
    add_to_admin_menu = True
    list_display = ["words"]
    search_fields = ["words"]
