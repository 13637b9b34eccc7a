"""Where this room joins Wagtail's admin: lists, screens, buttons, menus, and the walls."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import URLPattern, URLResolver, include, path, reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.menus.pages import PageMenuItem
from wagtail.models import Page
from wagtail.permissions import policy_registry
from wagtail.snippets.models import register_snippet

from cms.admin_words import name_link_dialogs
from cms.models import NoticePage
from cms.rules import advice_on, may_copy, may_delete, may_move
from cms.views import outages, staff
from cms.viewsets import (
    CategoryViewSet,
    EntryViewSet,
    GuideViewSet,
    NoticeViewSet,
    PortalPageViewSet,
    SynonymViewSet,
)
from members.rules import Verdict

# Reports that name pages or rows of every agency; config.middleware closes their addresses too.
OPERATORS_REPORTS = frozenset({"page-types-usage", "site-history"})

register_snippet(CategoryViewSet)
register_snippet(SynonymViewSet)
name_link_dialogs()


def register_lists() -> list[Any]:
    return [PortalPageViewSet(), NoticeViewSet(), GuideViewSet(), EntryViewSet()]


def register_staff_screens() -> list[URLPattern | URLResolver]:
    screens = [
        path("notice/<slug:code>/intake/", staff.intake, name="intake"),
        path("notice/<slug:code>/clone/", staff.clone, name="clone"),
        path("corners/", staff.corners, name="corners"),
        path("outages/", outages.outages, name="outages"),
        path("outages/<uuid:uuid>/", outages.outage, name="outage"),
    ]
    return [path("", include((screens, "cms_staff")))]


# --- buttons ------------------------------------------------------------------------------------


class NoticeMenuItem(PageMenuItem):
    """A button of a notice's own screen, addressed by its code."""

    screen = ""

    @property
    def url(self) -> str:
        return reverse(self.screen, args=[self.page.specific_deferred.code])


class IntakeMenuItem(NoticeMenuItem):
    label = "접수 변경"
    icon_name = "date"
    screen = "cms_staff:intake"

    def is_shown(self, user: Any) -> bool:
        is_published_once = self.page.first_published_at is not None
        return is_published_once and bool(self.page.permissions_for_user(user).can_publish())


class CloneMenuItem(NoticeMenuItem):
    label = "지난 공고 복제"
    icon_name = "copy"
    screen = "cms_staff:clone"

    def is_shown(self, user: Any) -> bool:
        return bool(self.page.permissions_for_user(user).can_copy_to(self.page.get_parent()))


def notice_buttons(page: Page) -> Iterator[PageMenuItem]:
    if page.specific_class is NoticePage:
        yield IntakeMenuItem(page=page, priority=12)
        yield CloneMenuItem(page=page, priority=14)


def header_buttons(
    page: Page, user: Any, view_name: str, next_url: str | None = None
) -> Iterator[PageMenuItem]:
    return notice_buttons(page)


def listing_buttons(page: Page, user: Any, next_url: str | None = None) -> Iterator[PageMenuItem]:
    return notice_buttons(page)


# --- walls (domain.md section 5) ----------------------------------------------------------------


def refuse(request: HttpRequest, page: Page, verdict: Verdict) -> HttpResponse | None:
    """Say why something is not done and lead back to the page; None where it may be done."""
    if verdict.allowed:
        return None
    messages.error(request, verdict.reason)
    if page.permissions_for_user(request.user).can_edit():
        return redirect("wagtailadmin_pages:edit", page.pk)
    return redirect("wagtailadmin_explore_root")


def ask_before_deleting(request: HttpRequest, page: Page) -> HttpResponse | None:
    return refuse(request, page, may_delete(page))


def ask_before_moving(request: HttpRequest, page: Page, destination: Page) -> HttpResponse | None:
    """Ask for the right as well: Wagtail's confirmation names the page to whoever knows its id."""
    if not page.permissions_for_user(request.user).can_move():
        raise PermissionDenied
    return refuse(request, page, may_move(page, destination))


def ask_before_copying(request: HttpRequest, page: Page) -> HttpResponse | None:
    """A notice is copied by its own screen, which gives it a new code and next year's dates."""
    if page.specific_class is NoticePage:
        return redirect("cms_staff:clone", page.specific_deferred.code)
    return refuse(request, page, may_copy(page))


def ask_before_bulk_action(
    request: HttpRequest, action_type: str, objects: Sequence[Any], action: Any
) -> HttpResponse | None:
    """Refuse the whole action when one of its pages may not be deleted or moved."""
    for page in objects:
        if not isinstance(page, Page):
            return None
        verdict = None
        if action_type == "delete":
            verdict = may_delete(page)
        elif action_type == "move":
            verdict = may_move(page, action.cleaned_form.cleaned_data["chooser"])
        if verdict is not None and not verdict.allowed:
            messages.error(request, verdict.reason)
            return redirect(action.next_url)
    return None


def offer_own_pages_only(pages: QuerySet[Page], request: HttpRequest) -> QuerySet[Page]:
    """Show in choosers what the explorer shows: Wagtail's own offer every agency's drafts."""
    own = policy_registry.get_by_type(Page).explorable_instances(request.user)
    return pages.filter(pk__in=own.values_list("pk", flat=True))


def advise(request: HttpRequest, page: Page) -> None:
    """Say what a published or submitted notice lacks to explain itself; autosave says nothing."""
    notice = page.specific
    if isinstance(notice, NoticePage) and {"action-publish", "action-submit"} & set(request.POST):
        for sentence in advice_on(notice):
            messages.warning(request, sentence)


# --- menus and log ------------------------------------------------------------------------------


def hide_reports_of_all(request: HttpRequest, items: list[MenuItem]) -> None:
    if not request.user.is_operator:  # type: ignore[union-attr]  # the admin knows who is there
        items[:] = [item for item in items if item.name not in OPERATORS_REPORTS]


def hide_help(request: HttpRequest, items: list[MenuItem]) -> None:
    """Wagtail's help leads outside, where many of our offices cannot go."""
    items[:] = [item for item in items if item.name != "help"]


class OperatorMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return bool(request.user.is_operator)  # type: ignore[union-attr]  # see above


def offer_corners() -> MenuItem:
    return OperatorMenuItem(
        "기관 자리", reverse("cms_staff:corners"), name="corners", icon_name="home", order=50
    )


def offer_outages() -> MenuItem:
    return OperatorMenuItem(
        "장애 기록", reverse("cms_staff:outages"), name="outages", icon_name="warning", order=60
    )


def portal_letters() -> SafeString:
    """Give the admin our fonts, as the public pages have them."""
    sheets = [(static(f"css/{name}.css"),) for name in ("fonts", "admin")]
    return format_html_join("", '<link rel="stylesheet" href="{}">', sheets)


def name_our_actions(actions: Any) -> None:
    actions.register_action(
        "cms.change_intake", "접수 변경", lambda data: f"접수 변경: {data.get('reason', '')}"
    )


# Called, not used as decorators: Wagtail ships no types.
hooks.register("register_admin_viewset", register_lists)
hooks.register("register_admin_urls", register_staff_screens)
hooks.register("register_page_header_buttons", header_buttons)
hooks.register("register_page_listing_more_buttons", listing_buttons)
hooks.register("before_delete_page", ask_before_deleting)
hooks.register("before_move_page", ask_before_moving)
hooks.register("before_copy_page", ask_before_copying)
hooks.register("after_create_page", advise)
hooks.register("after_edit_page", advise)
hooks.register("before_bulk_action", ask_before_bulk_action)
hooks.register("construct_page_chooser_queryset", offer_own_pages_only)
hooks.register("construct_reports_menu", hide_reports_of_all)
hooks.register("construct_main_menu", hide_help)
hooks.register("register_settings_menu_item", offer_corners)
hooks.register("register_settings_menu_item", offer_outages)
hooks.register("insert_global_admin_css", portal_letters)
hooks.register("register_log_actions", name_our_actions)
