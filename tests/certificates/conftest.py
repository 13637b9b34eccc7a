"""What tests of certificates share."""

from datetime import UTC, datetime

import pytest

from tests.factories.cms import NoticePageFactory
from tests.factories.members import MemberFactory


@pytest.fixture
def noon():
    """A fixed moment: 2026-03-14 12:00 in Seoul."""
    return datetime(2026, 3, 14, 3, 0, tzinfo=UTC)


@pytest.fixture
def notice(site):
    """An open notice with external intake; its certificates are offered."""
    return NoticePageFactory(external=True)


@pytest.fixture
def member(db):
    """The master of a full member."""
    return MemberFactory()
