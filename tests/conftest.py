"""What every test may ask for.

The database starts with the site's frame in it (tests/database.py). Sockets beyond this machine
are blocked (pyproject.toml).
"""

import shutil
from collections import namedtuple
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache
from django.utils import timezone
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from pytest_django.plugin import blocking_manager_key

from tests.client import CheckingClient
from tests.database import django_db_setup, restore_foundation, use_quick_flush
from tests.factories.cms import agency_with_corner, home

__all__ = ["django_db_setup"]

# The same examples on every machine, however slow it is: a red suite is red for everybody.
hypothesis_settings.register_profile(
    "suite", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile("suite")

TwoAgencies = namedtuple("TwoAgencies", "a b")


def pytest_sessionstart(session):
    use_quick_flush()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item, nextitem):
    """Put the migrated rows back after the fixtures of a committing test are gone.

    After the last test the database itself is gone.
    """
    result = yield
    if nextitem is not None:
        restore_foundation(item, item.config.stash[blocking_manager_key])
    return result


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """Run browser journeys last: their driver leaves an event loop and greenlets in the thread.

    Each of pytest-xdist's workers keeps this order under `--dist load`, and not under worksteal.
    """
    items.sort(key=lambda item: item.get_closest_marker("journey") is not None)


def pytest_sessionfinish(session):
    shutil.rmtree(settings.TEST_DIR, ignore_errors=True)


@pytest.fixture(autouse=True)
def _own_folders_and_cache():
    """Every test starts with empty file folders and an empty cache."""
    cache.clear()
    yield
    for folder in (settings.MEDIA_ROOT, settings.PRIVATE_ROOT):
        shutil.rmtree(Path(folder), ignore_errors=True)


@pytest.fixture
def at():
    """The present moment; services take it as an argument and never read the clock."""
    return timezone.now()


@pytest.fixture
def client():
    """The checking client, not logged in."""
    return CheckingClient()


@pytest.fixture
def log_in(db):
    """Return a function that gives a checking client with a real session of a person."""

    def begin(user, **kwargs):
        return CheckingClient().log_in(user, **kwargs)

    return begin


@pytest.fixture
def site(db):
    """The home page of the whole tree of sections, without agencies and notices."""
    return home()


@pytest.fixture
def two_agencies(site):
    """Agencies `a` and `b`, each with its groups, page, collections and rights."""
    return TwoAgencies(agency_with_corner(), agency_with_corner())
