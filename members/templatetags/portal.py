"""Template tags and filters of the page frame and the components.

Filters write values as `members.formatting` says; tags prepare what a component needs and a
template cannot compute. No tag here reads the database.
"""

from datetime import date, datetime
from functools import cache
from typing import Any

from django import template
from django.conf import settings
from django.contrib.messages import get_messages
from django.contrib.staticfiles import finders
from django.core.paginator import Page
from django.forms import BaseForm, BoundField
from django.http import HttpRequest, QueryDict
from django.template import Context
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from members import form_rendering, formatting, sessions
from members.display import Contrast, DisplayPreferences, TextSize, read_preferences
from members.menu import MAIN_MENU, MY_MENU, MenuItem, current_item
from members.models import User

register = template.Library()

CORE_FONT = "fonts/PortalSans-Regular.woff2"
MESSAGES_COOKIE = "messages"


def request_of(context: Context) -> HttpRequest | None:
    """The request behind a context, also inside an include that passes `only` its own names."""
    return context.get("request") or getattr(context, "request", None)


# --- values -------------------------------------------------------------------------------------


@register.filter
def krdate(value: date | None) -> str:
    """A date or datetime as 2026-03-11 (day in Seoul); empty without a value."""
    return formatting.format_date(value) if value else ""


@register.filter
def krdate_long(value: date | None) -> str:
    """A date or datetime in prose: 2026년 3월 11일(수)."""
    return formatting.format_long_date(value) if value else ""


@register.filter
def krdate_document(value: date | None) -> str:
    """A date or datetime as public documents write it: 2026. 3. 11."""
    return formatting.format_document_date(value) if value else ""


@register.filter
def krdatetime(value: datetime | None) -> str:
    """A moment in Seoul to the minute: 2026-03-11 09:00."""
    return formatting.format_datetime(value) if value else ""


@register.filter
def krclosing(value: datetime | None) -> str:
    """The end of a half-open period: midnight is 24:00 of the day before (A14)."""
    return formatting.format_closing(value) if value else ""


@register.filter
def krperiod(opens_at: datetime | None, closes_at: datetime | None = None) -> str:
    """A half-open period, `{{ opens_at|krperiod:closes_at }}`; without closing it is 상시."""
    return formatting.format_period(opens_at, closes_at) if opens_at else ""


@register.filter
def filesize_ko(value: int | None) -> str:
    """Bytes as 328KB or 1.2MB."""
    return formatting.format_size(value) if value is not None else ""


@register.filter
def thousands(value: int | None) -> str:
    """A whole number with separators: 1,234,567; empty without a value."""
    return formatting.format_thousands(value) if value is not None else ""


@register.filter
def business_number(value: str | None) -> str:
    """A business registration number as 3-2-5 digits."""
    return formatting.format_business_number(value or "")


@register.filter
def corporate_number(value: str | None) -> str:
    """A corporate registration number as 6-7 digits."""
    return formatting.format_corporate_number(value or "")


@register.filter
def phone(value: str | None) -> str:
    """A telephone number with hyphens."""
    return formatting.format_phone(value or "")


@register.filter
def masked_name(value: str | None) -> str:
    """A person's name with its middle hidden."""
    return formatting.mask_name(value or "")


@register.filter
def masked_phone(value: str | None) -> str:
    """A telephone number with its middle hidden."""
    return formatting.mask_phone(value or "")


@register.filter
def masked_email(value: str | None) -> str:
    """An e-mail address with most of its local part hidden."""
    return formatting.mask_email(value or "")


@register.filter
def masked_business_number(value: str | None) -> str:
    """A business registration number with its serial part hidden."""
    return formatting.mask_business_number(value or "")


@register.simple_tag
def time_element(value: date | None, kind: str = "") -> SafeString:
    """A `time` element with the ISO value of Seoul.

    `kind`: empty (a datetime to the minute, a date as a date), "date" (the day only), "long"
    (2026년 3월 11일) or "closing" (midnight shown as 24:00 of the day before).
    """
    if value is None:
        return SafeString("")
    if kind in {"date", "long"} or not isinstance(value, datetime):
        shown = formatting.format_long_date if kind == "long" else formatting.format_date
        return format_html(
            '<time datetime="{}">{}</time>', formatting.format_date(value), shown(value)
        )
    shown_at = formatting.format_closing if kind == "closing" else formatting.format_datetime
    iso = formatting.in_seoul(value).isoformat(timespec="minutes")
    return format_html('<time datetime="{}">{}</time>', iso, shown_at(value))


@register.simple_tag
def days_left(closes_at: datetime | None) -> str:
    """How long until a closing, by the clock of now: «3일 남음», «오늘 마감», «마감», «상시»."""
    return formatting.format_days_left(closes_at, timezone.now()) if closes_at else "상시"


# --- the frame ----------------------------------------------------------------------------------


@register.simple_tag(takes_context=True)
def portal_settings(context: Context) -> Any:
    """The site's settings, put into the context by `config.context_processors.portal`.

    Needed only inside an include that passes `only` its own names; elsewhere use `portal`.
    """
    if "portal" in context:
        return context["portal"]
    return getattr(request_of(context), "portal_settings", None)


@register.simple_tag(takes_context=True)
def display_preferences(context: Context) -> DisplayPreferences:
    """The visitor's contrast and text size from validated cookies."""
    request = request_of(context)
    return read_preferences(request.COOKIES if request else {})


@register.simple_tag
def display_choices() -> dict[str, list[tuple[str, str]]]:
    """The choices of the display form: `contrast` and `size`, each as (value, label)."""
    return {"contrast": Contrast.choices, "size": TextSize.choices}


@register.simple_tag(takes_context=True)
def main_menu(context: Context) -> list[dict[str, Any]]:
    """The main menu as (item, is_current, children) dictionaries for the page being shown."""
    path = request_path(context)
    current = current_item(MAIN_MENU, path)
    return [
        {
            "item": item,
            "is_current": item is current,
            "children": marked(item.children, path),
        }
        for item in MAIN_MENU
    ]


@register.simple_tag(takes_context=True)
def my_menu(context: Context) -> list[dict[str, Any]]:
    """The side menu of /my/ as (item, is_current) dictionaries for the page being shown."""
    return marked(MY_MENU, request_path(context))


def marked(items: tuple[MenuItem, ...], path: str) -> list[dict[str, Any]]:
    """Menu entries, each with whether it is the one of `path`."""
    current = current_item(items, path)
    return [{"item": item, "is_current": item is current} for item in items]


def request_path(context: Context) -> str:
    """The address being shown; empty where a template is rendered without a request."""
    request = request_of(context)
    return request.path if request else ""


@register.simple_tag
def session_limits(viewer: User) -> dict[str, int]:
    """Seconds this person's session lasts idle (`idle`) and how long before it we warn (`warning`).

    domain.md section 6: members 30 minutes, staff 15; the warning comes 2 minutes before.
    """
    return {
        "idle": int(sessions.idle_limit(viewer).total_seconds()),
        "warning": int(sessions.WARNING_BEFORE.total_seconds()),
    }


@register.simple_tag(takes_context=True)
def page_messages(context: Context) -> list[Any]:
    """The messages of the last action.

    A request without cookies of a session or of messages can have none; it is not asked, so that
    anonymous pages touch no session.
    """
    request = request_of(context)
    if request is None or not {settings.SESSION_COOKIE_NAME, MESSAGES_COOKIE} & set(
        request.COOKIES
    ):
        return []
    return list(get_messages(request))


@register.simple_tag
def core_font_url() -> str:
    """The font file that every page needs first; empty where the fonts were not built."""
    return static(CORE_FONT) if core_font_exists() else ""


@cache
def core_font_exists() -> bool:
    """Whether the front-end build has made the web fonts."""
    return finders.find(CORE_FONT) is not None


@register.simple_tag
def trail(*parts: str) -> list[tuple[str, str]]:
    """A trail for `components/breadcrumbs.html` from labels and addresses in turn.

    `{% trail "회원서비스" "" "로그인" "" as steps %}`; an empty address makes no link.
    """
    return list(zip(parts[::2], parts[1::2], strict=True))


# --- addresses ----------------------------------------------------------------------------------


@register.simple_tag(takes_context=True)
def query_with(context: Context, **changes: Any) -> str:
    """The query string of this page with some parameters changed; None or "" removes one.

    `<a href="{% query_with page=2 %}">` keeps every filter; a changed filter drops `page`.
    """
    request = request_of(context)
    query = request.GET.copy() if request else QueryDict(mutable=True)
    if "page" not in changes:
        query.pop("page", None)
    for name, value in changes.items():
        if value in (None, ""):
            query.pop(name, None)
        else:
            query[name] = str(value)
    return f"?{query.urlencode()}"


@register.simple_tag(takes_context=True)
def query_without(context: Context, name: str, value: str) -> str:
    """The query string of this page without one value of one parameter (a filter taken off)."""
    request = request_of(context)
    query = request.GET.copy() if request else QueryDict(mutable=True)
    query.pop("page", None)
    query.setlist(name, [kept for kept in query.getlist(name) if kept != value])
    return f"?{query.urlencode()}"


@register.simple_tag
def page_numbers(page_obj: "Page[Any]") -> list[int | str]:
    """The page numbers to offer around the present one; gaps come as `Paginator.ELLIPSIS`."""
    numbers = page_obj.paginator.get_elided_page_range(page_obj.number, on_each_side=1, on_ends=1)
    return list(numbers)


# --- forms --------------------------------------------------------------------------------------


@register.filter
def field_kind(field: BoundField) -> str:
    """What `components/field.html` must draw: hidden, checkbox, group, file or input."""
    return form_rendering.field_kind(field)


@register.filter
def field_unit(field: BoundField) -> str:
    """What a field's number counts (백만원, 명): the form field's own attribute `unit`."""
    return str(getattr(field.field, "unit", ""))


@register.simple_tag
def field_widget(field: BoundField, *, hint: str = "", described_by: str = "") -> SafeString:
    """A field's control, tied to its hint, help text and errors by aria-describedby.

    `hint`: whether `components/field.html` shows a further hint with the id `<field id>_hint`;
    `described_by`: ids of other describing elements on the page.
    """
    ids = described_by.split()
    if hint:
        ids.append(f"{field.auto_id}_hint")
    return form_rendering.widget_described_by(field, ids)


@register.simple_tag
def upload_limits(field: BoundField) -> form_rendering.UploadLimits:
    """What a file field takes: its types, sizes and count, and all of it as `text`."""
    return form_rendering.upload_limits(field)


@register.filter
def named_cells(row: list[Any], columns: list[str]) -> list[tuple[str, Any]]:
    """The values of a table's row, each with the name of its column."""
    return list(zip(columns, row, strict=True))


@register.simple_tag
def error_links(form: BaseForm | form_rendering.FormBundle) -> list[form_rendering.ErrorLink]:
    """Every error of a form, formset or bundle of forms, in the order of the page."""
    return list(form_rendering.error_links(form))
