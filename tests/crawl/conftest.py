"""The planted world is built once per module; every request in it is rolled back."""

import logging

import pytest
from django.db import transaction

from tests.crawl.world import World


@pytest.fixture(autouse=True)
def _own_folders_and_cache():
    """Stand in for the suite's fixture: the world's files live as long as the world."""


@pytest.fixture(autouse=True)
def _quiet():
    """Refusals are what a crawl is for; its report names what matters."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        yield World()
        transaction.set_rollback(True)
