"""Where a log-in that is not complete yet is led: to its second factor, to a new password."""

from collections.abc import Callable
from typing import cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from members import sessions
from members.models import User

GetResponse = Callable[[HttpRequest], HttpResponse]

HALF_LOGGED_IN_PAGES = ("members:second_factor", "members:second_factor_setup", "members:logout")


def has_session(request: HttpRequest) -> bool:
    """Tell whether somebody is logged in; without a cookie nobody is asked."""
    return settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated


def second_factor_gate(get_response: GetResponse) -> GetResponse:
    """Lead whoever gave a password only to the code, and let them reach nothing else."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if not has_session(request):
            return get_response(request)
        person = cast(User, request.user)
        if not sessions.is_half_logged_in(request.session, user=person):
            return get_response(request)
        if request.path in {reverse(name) for name in HALF_LOGGED_IN_PAGES}:
            request.is_half_logged_in = True  # type: ignore[attr-defined]
            return get_response(request)
        if request.headers.get("Accept", "").startswith("application/json"):
            return HttpResponse(status=401)
        query = {"next": request.get_full_path()} if request.method == "GET" else {}
        address = reverse("members:second_factor")
        return redirect(f"{address}?{urlencode(query)}" if query else address)

    return middleware


def password_gate(get_response: GetResponse) -> GetResponse:
    """Lead a person with a temporary password to the page where it is changed, nowhere else."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if not has_session(request) or getattr(request, "is_half_logged_in", False):
            return get_response(request)
        allowed = (reverse("members:password_change"), reverse("members:logout"))
        if (
            request.user.must_change_password  # type: ignore[union-attr]  # somebody is logged in
            and request.path not in allowed
            and not request.path.startswith(settings.STATIC_URL)
        ):
            return redirect("members:password_change")
        return get_response(request)

    return middleware
