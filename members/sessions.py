"""How long a log-in lives (domain.md section 6), and the list of live ones."""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth import login, logout
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest
from django.utils import timezone

from members.models import LoginSession, User

STARTED = "started_at"
SEEN = "seen_at"
# The session row is written at most once a minute: each write takes SQLite's write lock.
TOUCH_EVERY = timedelta(minutes=1)
WARNING_BEFORE = timedelta(minutes=2)


def idle_limit(user: User) -> timedelta:
    """Return how long this person may do nothing (members 30 minutes, staff 15)."""
    limit: timedelta = (
        settings.STAFF_IDLE_LIMIT if user.is_staff_account else settings.MEMBER_IDLE_LIMIT
    )
    return limit


def absolute_limit(user: User) -> timedelta:
    """Return how long a log-in lasts at most (members 12 hours, staff 8)."""
    limit: timedelta = (
        settings.STAFF_ABSOLUTE_LIMIT if user.is_staff_account else settings.MEMBER_ABSOLUTE_LIMIT
    )
    return limit


def begin(request: HttpRequest, *, user: User, address: str | None) -> None:
    """Log a person in under a new session id and list the session."""
    login(request, user, backend="members.authentication.LoginNameBackend")
    now = timezone.now()
    request.session[STARTED] = now.isoformat()
    request.session[SEEN] = now.isoformat()
    request.session.save()
    LoginSession.objects.update_or_create(
        session_key=request.session.session_key or "",
        defaults={
            "user": user,
            "started_at": now,
            "address": address,
            "browser": request.headers.get("User-Agent", "")[:200],
        },
    )


def end(request: HttpRequest) -> None:
    """Log out here and take the session off the list."""
    LoginSession.objects.filter(session_key=request.session.session_key or "").delete()
    logout(request)


def _moment(session: SessionBase, name: str) -> datetime | None:
    stored = session.get(name)
    return datetime.fromisoformat(stored) if stored else None


def is_alive(session: SessionBase, *, user: User) -> bool:
    """Tell whether the session is within both limits; one without marks is not."""
    started, seen, now = _moment(session, STARTED), _moment(session, SEEN), timezone.now()
    if started is None or seen is None:
        return False
    return now - seen < idle_limit(user) and now - started < absolute_limit(user)


def touch(session: SessionBase) -> None:
    """Note that the person is there."""
    seen, now = _moment(session, SEEN), timezone.now()
    if seen is None or now - seen >= TOUCH_EVERY:
        session[SEEN] = now.isoformat()


def expires_at(session: SessionBase, *, user: User) -> datetime | None:
    """Return when this session ends if nothing more is done."""
    started, seen = _moment(session, STARTED), _moment(session, SEEN)
    if started is None or seen is None:
        return None
    return min(seen + idle_limit(user), started + absolute_limit(user))


def extend(session: SessionBase) -> None:
    """Note now that the person is there, because a button said so."""
    session[SEEN] = timezone.now().isoformat()
