"""The miniature authority for tests, and a site that trusts it."""

import pytest
from django.conf import settings as portal_settings

from members.pki.trust import load_trust_store
from tests.members.pki.world import World


@pytest.fixture(scope="session")
def world():
    return World()


@pytest.fixture(scope="session")
def trust(world, tmp_path_factory):
    return load_trust_store(world.write_trust(tmp_path_factory.mktemp("trust")))


@pytest.fixture
def trusted_site(world, trust, at, db, tmp_path, settings):
    """A site whose trust store and lists are those of the miniature."""
    assert not portal_settings.DEBUG
    settings.TRUST_DIR = world.write_trust(tmp_path / "trust")
    world.fill_lists(trust, at)
    return trust
