"""Who is asking: the client's address, membership gates for views, access records by request."""

import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import wraps
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from members.enums import ACTIVE_MEMBERSHIPS, AccessAction, StaffRole
from members.models import AccessRecord, Company, User
from members.services.access_records import record_access

View = Callable[..., HttpResponseBase]
REASON = "access_reason"
REASON_LIFE = timedelta(minutes=30)


def client_address(request: HttpRequest) -> str | None:
    """Return the client's address, None where it has none (a local socket).

    `settings.TRUSTED_PROXIES` says how many proxies of ours append to X-Forwarded-For; with 0
    the header is a stranger's word and ignored (ASVS 15.3.4).
    """
    address = request.META.get("REMOTE_ADDR", "")
    if settings.TRUSTED_PROXIES:
        hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",")]
        if len(hops) >= settings.TRUSTED_PROXIES:
            address = hops[-settings.TRUSTED_PROXIES]
    try:
        return str(ip_address(address))
    except ValueError:
        return None


def waited(request: HttpRequest) -> timedelta:
    """Return how long this request has been with us; 0 without our first middleware."""
    received = getattr(request, "received_monotonic", None)
    return timedelta(seconds=time.monotonic() - received) if received else timedelta(0)


def note_access(
    request: HttpRequest,
    action: AccessAction,
    subjects: Sequence[Company | User],
    what: str,
    reason: str = "",
) -> AccessRecord:
    """Record what the staff member behind this request does with somebody's data.

    Without a `reason` of its own the record carries the one the operator stated.
    """
    actor = request.user
    if not isinstance(actor, User):
        raise PermissionDenied
    return record_access(
        actor=actor,
        action=action,
        subjects=subjects,
        what=what,
        at=timezone.now(),
        address=client_address(request),
        reason=reason or current_reason(request),
        request_id=getattr(request, "request_id", ""),
    )


def state_reason(request: HttpRequest, reason: str) -> None:
    """Keep why the operator looks at personal data; it stands in every record of 30 minutes."""
    until = timezone.now() + REASON_LIFE
    request.session[REASON] = {"text": reason, "until": until.isoformat()}


def current_reason(request: HttpRequest) -> str:
    """Return the reason that this session stated and that still holds, or ''."""
    session = getattr(request, "session", None)
    stated = session.get(REASON) if session is not None else None
    if not stated or datetime.fromisoformat(stated["until"]) <= timezone.now():
        return ""
    return str(stated["text"])


def lacks_reason(request: HttpRequest) -> bool:
    """Tell whether this person has to state a reason first (domain.md section 3: operator)."""
    person = request.user
    if not isinstance(person, User) or not (person.is_operator or person.is_superuser):
        return False
    return not current_reason(request)


def reason_url(request: HttpRequest) -> str:
    """Return where the reason is asked; from there a page is led back to, an action is not."""
    target = request.get_full_path() if request.method == "GET" else ""
    return f"{reverse('members_admin:reason')}?{urlencode({'next': target})}"


def reason_first(view: View) -> View:
    """Ask the operator why before a staff view shows personal data."""

    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if lacks_reason(request):
            return redirect(reason_url(request))
        return view(request, *args, **kwargs)

    return wrapper


def staff_only(*roles: StaffRole) -> Callable[[View], View]:
    """Let in active staff with one of these roles, and superusers; others get 403."""

    def decorate(view: View) -> View:
        @wraps(view)
        def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            person = request.user
            if not isinstance(person, User) or not person.is_active:
                raise PermissionDenied
            if not person.is_superuser and person.staff_role not in roles:
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return wrapper

    return decorate


def company_person_required(view: View) -> View:
    """Let in people of a company, whatever its membership; staff and others get 403."""

    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if request.user.company is None:
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return wrapper


def member_required(view: View) -> View:
    """Let in people of a provisional or full member; other states are led to their explanation."""

    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        company = request.user.company if request.user.is_authenticated else None
        if company is not None and company.membership_state not in ACTIVE_MEMBERSHIPS:
            return redirect("members:membership")
        return view(request, *args, **kwargs)

    return company_person_required(wrapper)
