"""Ending a person's log-ins on every device."""

from importlib import import_module

from django.conf import settings
from django.db import transaction

from members.models import LoginSession, User


@transaction.atomic
def end_sessions(*, user: User, except_key: str = "") -> int:
    """End every listed log-in of `user` but the one under `except_key`; returns how many.

    The next request of an ended session is anonymous (ASVS 7.4.2, 7.4.3).
    """
    listed = LoginSession.objects.filter(user=user).exclude(session_key=except_key)
    keys = list(listed.values_list("session_key", flat=True))
    store = import_module(settings.SESSION_ENGINE).SessionStore
    for key in keys:
        store(key).delete()
    listed.delete()
    return len(keys)


@transaction.atomic
def end_session(*, session: LoginSession) -> None:
    """End one listed log-in."""
    store = import_module(settings.SESSION_ENGINE).SessionStore
    store(session.session_key).delete()
    session.delete()
