"""What pages of lower rooms show of certificates."""

from typing import Any

from django import template
from django.template import Context
from django.utils import timezone

from certificates import numbers
from certificates.models import Certificate
from certificates.selectors import offer_for
from cms.models import NoticePage
from members.models import User

register = template.Library()

SHOWN_ON_MY_PAGE = 3


@register.inclusion_tag("certificates/parts/panel.html", takes_context=True)
def certificate_panel(context: Context, page: NoticePage) -> dict[str, Any]:
    """The part of a notice's page about its certificate (S16): button, link or reason.

    Reads `viewer` of `config.context_processors.signed_in`; without one nothing is asked of
    session, CSRF or database.
    """
    viewer = context.get("viewer")
    return {"offer": offer_for(notice=page, viewer=viewer, at=timezone.now()), "viewer": viewer}


@register.inclusion_tag("certificates/parts/my_summary.html")
def my_certificates(viewer: User) -> dict[str, Any]:
    """The part of my page about certificates: the newest three and the way to all."""
    certificates: list[Certificate] = []
    if viewer.company is not None:
        owned = Certificate.objects.owned_by(viewer.company).select_related("notice")
        certificates = list(owned.order_by("-issued_at", "-pk")[:SHOWN_ON_MY_PAGE])
    return {"certificates": certificates}


@register.filter
def check_code(code: str) -> str:
    """A check code in groups of four: ABCD-EFGH-JKMN."""
    return numbers.show_code(code)


@register.filter
def state_tone(state: str) -> str:
    """The tone of the badge of a certificate's state."""
    return {"valid": "success", "revoked": "danger"}.get(state, "gray")
