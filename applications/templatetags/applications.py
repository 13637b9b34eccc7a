"""What notices and my page show of this room (house style 3.2)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import template
from django.template import Context
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from applications import rules, selectors
from applications.enums import STAGE_OF, STAGES, STATE_TONES, VOID_STATES, ApplicationState
from applications.models import Application
from applications.stage_picture import stage_picture
from cms.enums import IntakeKind
from cms.models import NoticePage
from members.formatting import in_seoul
from members.models import Company, User
from members.rules import ALLOWED, Verdict

register = template.Library()

SHOWN_ON_MY_PAGE = 5


@register.inclusion_tag("applications/parts/apply_panel.html", takes_context=True)
def apply_panel(context: Context, page: NoticePage) -> dict[str, Any]:
    """The panel 신청정보 of a notice (S14 to S18): scrap, and how to apply in its present state.

    For a visitor without a session nothing personal is read: the panel can be cached.
    """
    at = timezone.now()
    viewer: User | None = context.get("viewer")
    shown: dict[str, Any] = {
        "notice": page,
        "status": page.status_at(at).value,
        "is_own": page.intake_kind == IntakeKind.OWN,
        "intake": rules.check_intake(page, at=at),
        "viewer": viewer,
        "request": context.get("request"),
        "csrf_token": context.get("csrf_token"),
    }
    if viewer is not None and viewer.company is not None:
        shown |= company_side(page, viewer=viewer, company=viewer.company, at=at)
    return shown


def company_side(
    page: NoticePage, *, viewer: User, company: Company, at: datetime
) -> dict[str, Any]:
    """What the panel says to a company: its application, its permit, whether it may begin."""
    existing = selectors.applications_on(page, company=company)
    permit = (
        None if page.is_open_at(at) else selectors.late_permit_for(page, company=company, at=at)
    )
    verdict: Verdict = rules.may_start(page, company, at, existing, permit)
    return {
        "is_company": True,
        "is_scrapped": selectors.has_bookmark(page, person=viewer),
        "application": selectors.present_application(existing),
        "permit": permit,
        "may_start": verdict,
        "is_open_to_viewer": rules.check_intake(page, at=at, permit=permit) == ALLOWED,
    }


@register.inclusion_tag("applications/parts/my_applications.html")
def my_applications(viewer: User) -> dict[str, Any]:
    """The part of my page on applications: what waits for the company, and the last ones."""
    company = viewer.company
    if company is None:
        return {"applications": [], "tasks": []}
    rows = list(selectors.applications_of(company)[:SHOWN_ON_MY_PAGE])
    tasks = list(selectors.open_tasks(company)[:SHOWN_ON_MY_PAGE])
    return {"applications": rows, "tasks": tasks, "at": timezone.now()}


@register.simple_tag
def moment_element(value: datetime | None) -> SafeString:
    """A `time` element to the second, for the server's clock and the moment of intake."""
    if value is None:
        return SafeString("")
    local = in_seoul(value)
    shown = local.strftime("%Y-%m-%d %H:%M:%S")
    return format_html('<time datetime="{}">{}</time>', local.isoformat("T", "seconds"), shown)


@register.simple_tag
def stages(application: Application) -> SafeString:
    """The stages of an application as a picture, with its text."""
    is_early = application.state in VOID_STATES | {ApplicationState.GIVEN_UP}
    ended = application.get_state_display() if is_early else ""
    return stage_picture(STAGES, current=STAGE_OF[application.state], ended=ended)


@register.filter
def state_tone(application: Application) -> str:
    """The colour that supports a state's word."""
    return STATE_TONES.get(application.state, "gray")


@register.filter
def state_label(value: str) -> str:
    """The Korean word of a state's value, as events keep it."""
    return str(ApplicationState(value).label) if value in ApplicationState.values else value


@register.filter
def lookup(values: Mapping[Any, Any], key: Any) -> Any:
    """Return a mapping's value, or None; templates cannot index by a variable."""
    return values.get(key)
