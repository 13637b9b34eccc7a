"""Limits on trying (domain.md section 6)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from members.models import Throttle
from members.services import throttle

pytestmark = pytest.mark.django_db


def fail(times, *, at, key="hanbit1", scope="login_account"):
    for _ in range(times):
        throttle.note_failure(scope=scope, key=key, at=at)


def test_four_failures_do_not_lock(at):
    """domain.md 6: the fifth failure locks, not the fourth."""
    fail(4, at=at)

    throttle.check(scope="login_account", key="hanbit1", at=at)


def test_the_fifth_failure_locks_for_fifteen_minutes(at):
    """domain.md 6: 5 failures lock log-in for 15 minutes."""
    fail(5, at=at)

    with pytest.raises(throttle.ThrottledError) as caught:
        throttle.check(scope="login_account", key="HANBIT1 ", at=at)

    assert caught.value.retry_at == at + timedelta(minutes=15)


def test_a_lock_ends_by_time_and_the_count_begins_anew(at):
    """domain.md 6: unlocked by time."""
    fail(5, at=at)
    later = at + timedelta(minutes=15)

    throttle.check(scope="login_account", key="hanbit1", at=later)
    fail(4, at=later)

    throttle.check(scope="login_account", key="hanbit1", at=later)


def test_failures_while_locked_do_not_lengthen_the_lock(at):
    """security.md 2.38: the lock is no weapon against the owner."""
    fail(5, at=at)
    fail(5, at=at + timedelta(minutes=14))

    throttle.check(scope="login_account", key="hanbit1", at=at + timedelta(minutes=15))


def test_old_failures_fall_out_of_the_window(at):
    """domain.md 6: failures are counted within 15 minutes."""
    fail(4, at=at)
    later = at + timedelta(minutes=16)

    fail(4, at=later)

    throttle.check(scope="login_account", key="hanbit1", at=later)


def test_one_person_does_not_lock_another(at):
    """domain.md 6: the counter is per account."""
    fail(5, at=at)

    throttle.check(scope="login_account", key="hanbit2", at=at)
    throttle.check(scope="login_address", key="hanbit1", at=at)


def test_clear_unlocks_at_once(at):
    """domain.md 6: sooner by reset or certificate."""
    fail(5, at=at)

    throttle.clear(scope="login_account", key="hanbit1")

    throttle.check(scope="login_account", key="hanbit1", at=at)


def test_hit_lets_the_limit_pass_and_refuses_the_next(at):
    """security.md ASVS 2.4.1: the N+1st is refused."""
    tries = throttle.LIMITS["find_password_account"].tries
    for _ in range(tries):
        throttle.hit(scope="find_password_account", key="a", at=at)

    with pytest.raises(throttle.ThrottledError):
        throttle.hit(scope="find_password_account", key="a", at=at)


def test_an_unknown_scope_is_an_error(at):
    """A misspelt scope must not switch a limit off."""
    with pytest.raises(KeyError):
        throttle.check(scope="log_in", key="a", at=at)


def test_the_key_itself_is_not_stored(at):
    """security.md 14.2: counters hold no addresses and no IDs."""
    throttle.note_failure(scope="login_address", key="203.0.113.9", at=at)

    assert "203.0.113.9" not in str(Throttle.objects.values().get())


def test_purge_forgets_old_counters_only(at):
    """domain.md 6: nothing is kept longer than it can lock."""
    fail(1, at=at - timedelta(hours=5), key="old")
    fail(1, at=at, key="new")

    assert throttle.purge_stale(at=at) == 1
    assert Throttle.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_failures_at_the_same_time_are_all_counted(at):
    """security.md 2.38: a parallel attack gets no more tries than a slow one."""

    def fail_once(_):
        try:
            throttle.note_failure(scope="login_address", key="203.0.113.9", at=at)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(fail_once, range(16)))

    assert Throttle.objects.get().count == 16
