"""What happens to every request before a view sees it."""

import time
import uuid
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from wagtail.models import Page
from wagtail.permissions import policy_registry

from cms.models import PortalDocument, PortalImage
from config.logs import request_id
from members import sessions

GetResponse = Callable[[HttpRequest], HttpResponse]

ADMIN_PREFIX = "/admin/"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})

PUBLIC_POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "manifest-src 'self'",
        "base-uri 'none'",
        "object-src 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
    ]
)
# A page as its editor previews it: the public page, framed by the admin.
PREVIEW_POLICY = PUBLIC_POLICY.replace("frame-ancestors 'none'", "frame-ancestors 'self'")
# Wagtail's date and chooser widgets still carry inline scripts, and it frames its preview.
ADMIN_POLICY = "; ".join(
    [
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "frame-src 'self'",
        "form-action 'self'",
        "base-uri 'self'",
        "object-src 'none'",
        "frame-ancestors 'self'",
    ]
)

# Views of Wagtail that show every agency's rows or open a second way in (stack.md section 5).
CLOSED_ADMIN_VIEWS = frozenset(
    {
        "page_types_usage",
        "page_types_usage_results",
        "site_history",
        "site_history_results",
        # Found by the canary crawl on 8.0.1: titles of every agency's drafts by id, names and
        # addresses of every collection's files.
        "wagtailadmin_choose_page_chosen_multiple",
        "wagtailadmin_api:documents:listing",
        "wagtailadmin_api:documents:detail",
        "wagtailadmin_api:documents:find",
        "wagtailadmin_api:images:listing",
        "wagtailadmin_api:images:detail",
        "wagtailadmin_api:images:find",
    }
)
# Shut for everybody: a view that only raises, and page actions that ask no rule of ours first.
SHUT_ADMIN_VIEWS = frozenset({"wagtailadmin_error_test", "wagtailadmin_api:pages:action"})
SECOND_DOORS = frozenset(
    {
        "wagtailadmin_login",
        "wagtailadmin_password_reset",
        "wagtailadmin_password_reset_done",
        "wagtailadmin_password_reset_confirm",
        "wagtailadmin_password_reset_complete",
    }
)


def request_clock(get_response: GetResponse) -> GetResponse:
    """Note when the request reached us (security.md section 6) and give it a name for logs."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request.received_monotonic = time.monotonic()  # type: ignore[attr-defined]
        name = uuid.uuid4().hex
        request.request_id = name  # type: ignore[attr-defined]
        # A thread serves one request after another: the next one sets its own name.
        request_id.set(name)
        response = get_response(request)
        response["X-Request-ID"] = name
        return response

    return middleware


def security_headers(get_response: GetResponse) -> GetResponse:
    """Add the content policy; a view may have set a stricter one of its own (downloads)."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        policy, framing = policy_of(request)
        response.headers.setdefault("Content-Security-Policy", policy)
        response.headers.setdefault("X-Frame-Options", framing)
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()"
        )
        user = getattr(request, "_cached_user", None)
        if user is not None and user.is_authenticated:
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    return middleware


def policy_of(request: HttpRequest) -> tuple[str, str]:
    """Return the content policy of an address, and who may frame its page.

    Wagtail draws a preview through a request of its own, made up for the page's address.
    """
    if getattr(request, "is_dummy", False):
        return PREVIEW_POLICY, "SAMEORIGIN"
    if request.path.startswith(ADMIN_PREFIX):
        return ADMIN_POLICY, "SAMEORIGIN"
    return PUBLIC_POLICY, "DENY"


def session_limits(get_response: GetResponse) -> GetResponse:
    """End a session that idled or lasted too long (domain.md section 6)."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
            if not sessions.is_alive(request.session, user=request.user):
                sessions.end(request)
                if request.headers.get("Accept", "").startswith("application/json"):
                    return HttpResponse(status=401)
                return redirect(f"{reverse('members:login')}?expired=1&next={request.path}")
            sessions.touch(request.session)
        return get_response(request)

    return middleware


class ClosedByDefaultMiddleware(LoginRequiredMiddleware):
    """Our own views need a log-in unless they say otherwise.

    Wagtail marks none of its views as open: its pages are public by nature and its admin guards
    itself, so views from `wagtail` pass.
    """

    def process_view(
        self, request: HttpRequest, view_func: Any, view_args: Any, view_kwargs: Any
    ) -> HttpResponseBase | None:
        if view_func.__module__.split(".")[0] in {"wagtail", "wagtail_modeladmin"}:
            return None
        # Before asking who it is: a public page read without a session must not touch one.
        if not getattr(view_func, "login_required", True):
            return None
        return super().process_view(request, view_func, view_args, view_kwargs)


def names_strangers(request: HttpRequest, view_kwargs: Any) -> bool:
    """Tell whether a bulk action is asked for rows that its lists do not show to this person.

    Wagtail 8.0.1 answers with the titles of those it refuses, drafts of other agencies included.
    """
    wanted = {number for number in request.GET.getlist("id") if number.isdecimal()}
    label = f"{view_kwargs['app_label']}.{view_kwargs['model_name']}"
    models = {model._meta.label_lower: model for model in (Page, PortalDocument, PortalImage)}
    model = models.get(label)
    if not wanted or model is None:
        return False
    policy = policy_registry.get_by_type(model)
    shown = (
        policy.explorable_instances(request.user)
        if model is Page
        else policy.instances_user_has_any_permission_for(request.user, ["change", "choose"])
    )
    number_of_shown: int = shown.filter(pk__in=wanted).count()
    return number_of_shown < model.objects.filter(pk__in=wanted).count()


class StaffGateMiddleware:
    """Keep members out of the admin and staff out of its leaks and second doors."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view_func: Any, view_args: Any, view_kwargs: Any
    ) -> HttpResponse | None:
        if not request.path.startswith(ADMIN_PREFIX):
            return None
        match = request.resolver_match
        names = {match.url_name, match.view_name} if match else set()
        if names & SHUT_ADMIN_VIEWS:
            raise Http404
        if names & SECOND_DOORS:
            return redirect(reverse("members:login"))
        if request.user.is_authenticated:
            if not request.user.is_staff_account:
                raise PermissionDenied
            if names & CLOSED_ADMIN_VIEWS and not request.user.is_operator:
                raise PermissionDenied
            if "wagtail_bulk_action" in names and names_strangers(request, view_kwargs):
                raise PermissionDenied
        return None


def atomic_admin(get_response: GetResponse) -> GetResponse:
    """Run unsafe requests under /admin/ and the API in one transaction (domain.md 5.4).

    Wagtail sends some of its signals outside one; a receiver that fails must leave nothing.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        is_writer = request.path.startswith((ADMIN_PREFIX, "/api/v1/"))
        if not is_writer or request.method in SAFE_METHODS:
            return get_response(request)
        with transaction.atomic():
            response = get_response(request)
            if response.status_code >= 500:
                transaction.set_rollback(True)
        return response

    return middleware
