"""System checks of our own."""

from typing import Any

from django.core.checks import CheckMessage, Error, Warning, register
from django.utils import timezone

from members.pki.trust import TrustStoreError, expiry_warnings, trust_store


@register("security")
def trust_store_holds(**kwargs: Any) -> list[CheckMessage]:
    """Tell when the trust store is broken, or something in it expires within 180, 60 or 14 days."""
    try:
        store = trust_store()
    except TrustStoreError as error:
        return [Error(f"The trust store cannot be used: {error}", id="portal.E001")]
    if store is None:
        return []
    return [
        Warning(
            f"{name} in the trust store has expired."
            if not step
            else f"{name} in the trust store expires within {step.days} days.",
            id="portal.W001",
        )
        for name, step in expiry_warnings(store, timezone.now())
    ]
