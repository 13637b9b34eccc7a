"""Checking certificates from other systems (N2)."""

import pytest
from django.utils import timezone

from certificates.services.checking import SCOPE
from members.services.throttle import LIMITS
from tests.factories.certificates import CertificateFactory
from tests.factories.members import CompanyFactory

pytestmark = pytest.mark.django_db

ADDRESS = "/api/v1/certificates/check"


@pytest.fixture
def certificate(site):
    return CertificateFactory(company=CompanyFactory(representative="홍길동"))


def ask(client, certificate, **changes):
    asked = {"number": certificate.number, "code": certificate.check_code, **changes}
    return client.post(ADDRESS, asked, content_type="application/json")


def test_valid_certificate_is_told_in_exactly_the_listed_fields(client, certificate):
    """S60: what the paper shows, the representative masked, nothing else."""
    answer = ask(client, certificate)

    told = answer.json()
    assert answer.status_code == 200
    assert set(told) == {
        "number", "state", "issued_date", "ended_at", "is_provisional", "notice_code",
        "notice_title", "company_name", "representative", "founded_date", "business_number",
        "industry", "main_product", "address", "phone",
    }  # fmt: skip
    assert (told["number"], told["state"]) == (certificate.number, "valid")
    assert told["representative"] == "홍*동"


def test_revoked_certificate_is_told_with_its_moment(client, site):
    """S61: the state and when it ended, not why."""
    revoked = CertificateFactory(revoked=True, ended_at=timezone.now(), end_reason="내부 사유")

    answer = ask(client, revoked)

    assert answer.json()["state"] == "revoked"
    assert answer.json()["ended_at"]
    assert "내부 사유" not in answer.text


def test_wrong_pair_is_404_and_limited(client, certificate):
    """S60: 10 wrong pairs an hour and address, as on the check page."""
    first = ask(client, certificate, code="2" * 12)
    for _ in range(LIMITS[SCOPE].tries - 1):
        ask(client, certificate, code="2" * 12)

    assert first.status_code == 404
    assert first.json()["status"] == 404
    assert ask(client, certificate).status_code == 429


def test_malformed_requests_are_422(client, certificate):
    """S60: a request without a code is told what it lacks."""
    answer = client.post(ADDRESS, {"number": "x"}, content_type="application/json")

    assert answer.status_code == 422
    assert "code" in answer.text


def test_neither_session_nor_csrf_is_touched(client, certificate):
    """S60: other systems carry no cookies and get none."""
    answer = ask(client, certificate)

    assert not answer.cookies


def test_the_description_is_public(client, site):
    """S60: OpenAPI names the endpoint."""
    assert ADDRESS in client.get("/api/v1/openapi.json").json()["paths"]
