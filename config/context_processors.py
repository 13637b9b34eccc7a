"""What every template may read."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from wagtail.models import Site

from cms.models import PortalSettings


def portal(request: HttpRequest) -> dict[str, Any]:
    """Give templates the site's names and contacts as `portal`."""
    site = Site.find_for_request(request)
    return {"portal": PortalSettings.for_site(site) if site else PortalSettings()}


def signed_in(request: HttpRequest) -> dict[str, Any]:
    """Give templates `viewer`: the logged-in person, or None.

    A request without a session cookie is not asked who it is, so that public pages touch
    neither session nor CSRF cookie and can be cached whole.
    """
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return {"viewer": None}
    user = getattr(request, "user", None)
    viewer = user if user is not None and user.is_authenticated else None
    return {"viewer": viewer, "user": user}
