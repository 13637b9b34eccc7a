"""What the views of joining and logging in know of a visitor."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from members.models import User

ADMIN_HOME = "/admin/"


def signed_in_person(request: HttpRequest) -> User | None:
    """Return who is logged in; a request without a session cookie is not asked."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return None
    return request.user if isinstance(request.user, User) else None


def local_target(target: str) -> str:
    """Return a path on this site, or '' for anything else (ASVS 3.7.2)."""
    is_local = url_has_allowed_host_and_scheme(target, allowed_hosts=None)
    return target if is_local and target.startswith("/") else ""
