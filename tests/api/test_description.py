"""The API's description: checked in, and shown on a page of our own."""

import json
from pathlib import Path

import pytest
from django.conf import settings

from config.api import api

pytestmark = pytest.mark.django_db

CHECKED_IN = Path(settings.BASE_DIR) / "docs" / "openapi.json"


def test_checked_in_description_is_that_of_the_code():
    """S1: whoever builds on the API sees each change of it in the history (`make docs`)."""
    assert json.loads(CHECKED_IN.read_text(encoding="utf-8")) == api.get_openapi_schema()


def test_description_is_public_and_of_version_3_1(client, site):
    description = client.get("/api/v1/openapi.json").json()

    assert description["openapi"].startswith("3.1")
    assert "/api/v1/notices/{code}" in description["paths"]


def test_every_refusal_is_described_as_a_problem():
    """Errors have one shape in every operation."""
    for path, operations in api.get_openapi_schema()["paths"].items():
        for method, operation in operations.items():
            for status, answer in operation["responses"].items():
                if int(status) >= 400:
                    assert list(answer["content"]) == ["application/problem+json"], (path, method)


def test_page_names_every_address_and_loads_nothing_from_outside(client, site):
    """The checking client refuses what our content policy forbids."""
    page = client.get("/api/v1/docs").content.decode()

    for path in api.get_openapi_schema()["paths"]:
        assert path in page
