"""Passwords are hashed few at a time: one costs a quarter of a processor's second.

Without a bound the log-ins of the closing hour would starve the submissions beside them
(security.md section 0.8). The bound holds per server process.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore

from django.contrib.auth import authenticate
from django.contrib.auth.hashers import make_password

from members.models import User

PARALLEL_HASHES = 2
WAIT_SECONDS = 10

_slots = BoundedSemaphore(PARALLEL_HASHES)


class HashingBusyError(Exception):
    """Too many log-ins at this moment; the person should try again shortly."""


@contextmanager
def hashing_slot() -> Iterator[None]:
    """Wait for a place among the parallel hashes. Raises HashingBusyError after 10 seconds."""
    if not _slots.acquire(timeout=WAIT_SECONDS):
        raise HashingBusyError
    try:
        yield
    finally:
        _slots.release()


def hash_password(password: str) -> str:
    """Return the stored form of a password."""
    with hashing_slot():
        return make_password(password)


def is_password_of(user: User, password: str) -> bool:
    """Tell whether this is the person's password."""
    with hashing_slot():
        return user.check_password(password)


def find_by_credentials(username: str, password: str) -> User | None:
    """Return the active person with this ID and password; an unknown ID costs the same time."""
    with hashing_slot():
        user = authenticate(None, username=username, password=password)
    return user if isinstance(user, User) else None
