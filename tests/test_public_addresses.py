"""Closed by default: every address of ours needs a log-in unless it is listed."""

import pytest

from tests.addresses import walk
from tests.public_addresses import OF_LIBRARIES, OURS

ADDRESSES = list(walk())


def test_public_addresses_are_the_listed_ones():
    """S63: a visitor reaches what is published and nothing else of ours."""
    public = {str(address) for address in ADDRESSES if address.is_ours and address.is_public}

    assert public == set(OURS)


def test_library_views_outside_the_admin_are_the_listed_ones():
    """S63: no library opens a door beside the published pages."""
    outside = {
        str(address)
        for address in ADDRESSES
        if not address.is_ours and not address.route.startswith("admin/")
    }

    assert outside == set(OF_LIBRARIES)


def test_there_is_no_django_admin():
    assert not [address.route for address in ADDRESSES if "admin" in address.namespaces]


@pytest.mark.parametrize("address", [a for a in ADDRESSES if a.is_ours], ids=str)
def test_own_addresses_have_names(address):
    assert address.name
