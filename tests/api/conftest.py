"""Systems of agencies that call the API by a token."""

import itertools
import json
from datetime import timedelta

import pytest
from django.utils import timezone

from members.enums import ApiScope
from members.services.api_tokens import issue_token
from tests.client import CheckingClient
from tests.factories.members import StaffFactory

numbers = itertools.count()


class System:
    """An agency's own system: asks with its token, writes with fresh keys."""

    def __init__(self, agency, scopes):
        at = timezone.now()
        self.token, self.secret = issue_token(
            agency=agency,
            label=f"연계 시스템 {agency.code}",
            scopes=scopes,
            expires_at=at + timedelta(days=9),
            by=StaffFactory(operator=True),
            at=at,
        )
        self.client = CheckingClient()

    def headers(self, etag=None, key=None):
        given = {"Authorization": f"Bearer {self.secret}"}
        given |= {"Idempotency-Key": key or f"test-key-{next(numbers)}"}
        return given | ({"If-Match": etag} if etag else {})

    def get(self, address):
        return self.client.get(address, headers={"Authorization": f"Bearer {self.secret}"})

    def post(self, address, data=None, *, etag=None, key=None):
        return self.client.post(
            address,
            json.dumps(data or {}),
            content_type="application/json",
            headers=self.headers(etag, key),
        )

    def patch(self, address, data, *, etag=None):
        return self.client.patch(
            address, json.dumps(data), content_type="application/json", headers=self.headers(etag)
        )

    def upload(self, address, file, *, etag=None, key=None, **fields):
        return self.client.post(address, {"file": file, **fields}, headers=self.headers(etag, key))


@pytest.fixture
def system_of(db):
    """Return a function that makes a system of an agency, with every scope unless told."""
    return lambda agency, scopes=tuple(ApiScope): System(agency, scopes)
