"""What `manage.py check` says of the trust store (pki.md section 5)."""

from datetime import timedelta

import time_machine

from config.checks import trust_store_holds
from tests.members.pki.conftest import world

__all__ = ["world"]


def test_a_broken_store_is_an_error(settings, tmp_path):
    (tmp_path / "trust.toml").write_text("root = 1", "utf-8")
    settings.TRUST_DIR = tmp_path

    assert [message.id for message in trust_store_holds()] == ["portal.E001"]


def test_what_expires_soon_is_a_warning(settings, tmp_path, world):
    settings.TRUST_DIR = world.write_trust(tmp_path)
    assert trust_store_holds() == []

    with time_machine.travel(world.now + timedelta(days=8 * 365 - 10), tick=False):
        warnings = trust_store_holds()

    assert len(warnings) == 4  # two authorities and two responders
    told = {found.msg for found in warnings}
    assert "MINI4 CA in the trust store expires within 14 days." in told


def test_no_store_is_no_fault(settings, tmp_path):
    settings.TRUST_DIR = tmp_path

    assert trust_store_holds() == []
