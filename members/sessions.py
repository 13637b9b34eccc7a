"""How long a log-in lives (domain.md section 6), and the list of live ones."""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth import login, logout
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest
from django.utils import timezone

from members.models import LoginSession, SecondFactor, User

STARTED = "started_at"
SEEN = "seen_at"
# Set while a code of the person's second factor is still asked for.
FACTOR_ASKED = "factor_asked"
FACTOR_PASSED = "factor_passed_at"
# When the person last proved by password or code to be there.
CONFIRMED = "confirmed_at"
CONFIRMATION_LIFE = timedelta(minutes=10)
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


def begin(
    request: HttpRequest, *, user: User, address: str | None, factor_passed: bool = False
) -> None:
    """Log a person in under a new session id and list the session.

    Whoever has a second factor stays half logged in until its code is given, unless the way in
    was as strong (`factor_passed`: a signing cert, or a session that had passed already).
    """
    login(request, user, backend="members.authentication.LoginNameBackend")
    now = timezone.now()
    request.session[STARTED] = now.isoformat()
    request.session[SEEN] = now.isoformat()
    request.session[CONFIRMED] = now.isoformat()
    if factor_passed:
        request.session[FACTOR_PASSED] = now.isoformat()
    elif SecondFactor.objects.in_use().filter(user=user).exists():
        request.session[FACTOR_ASKED] = True
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


def is_half_logged_in(session: SessionBase, *, user: User) -> bool:
    """Tell whether the second factor is still missing: asked for, or demanded of all staff."""
    if session.get(FACTOR_ASKED):
        return True
    is_demanded = settings.STAFF_SECOND_FACTOR_REQUIRED and user.is_staff_account
    return bool(is_demanded) and FACTOR_PASSED not in session


def pass_factor(request: HttpRequest) -> None:
    """Note that the second factor was given; the session gets a new id (ASVS 7.2.4)."""
    old_key = request.session.session_key or ""
    request.session.cycle_key()
    request.session.pop(FACTOR_ASKED, None)
    request.session[FACTOR_PASSED] = timezone.now().isoformat()
    note_confirmation(request.session)
    request.session.save()
    LoginSession.objects.filter(session_key=old_key).update(
        session_key=request.session.session_key or ""
    )


def note_confirmation(session: SessionBase) -> None:
    """Note that the person proved again to be there."""
    session[CONFIRMED] = timezone.now().isoformat()


def is_confirmed(session: SessionBase) -> bool:
    """Tell whether the person proved within the last 10 minutes to be there."""
    confirmed = _moment(session, CONFIRMED)
    return confirmed is not None and timezone.now() - confirmed < CONFIRMATION_LIFE


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
