"""Checking certificates from other systems (N2)."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from certificates.api import CHECKS_AT_ONCE
from certificates.services.checking import SCOPE
from members.enums import ApiScope
from members.models import AccessRecord
from members.services.api_tokens import issue_token
from members.services.throttle import LIMITS
from tests.factories.certificates import CertificateFactory
from tests.factories.cms import NoticePageFactory
from tests.factories.members import CompanyFactory, StaffFactory

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


# --- an agency's own system ---------------------------------------------------------------------

OWN = "/api/v1/agency/certificates/check"


@pytest.fixture
def secret_of(two_agencies, at):
    """Return a function that makes a token of an agency and returns its secret."""

    def make(agency, *scopes):
        _, secret = issue_token(
            agency=agency,
            label="접수 연계",
            scopes=scopes or [ApiScope.CERTIFICATES],
            expires_at=at + timedelta(days=30),
            by=StaffFactory(operator=True),
            at=at,
        )
        return secret

    return make


def ask_own(client, secret, *entries):
    headers = {"Authorization": f"Bearer {secret}"} if secret else {}
    return client.post(OWN, {"entries": list(entries)}, "application/json", headers=headers)


def test_agency_checks_its_own_by_number_and_others_by_their_code(client, two_agencies, secret_of):
    """S61, S63: N2: the other agency's number alone looks like one that does not exist."""
    own, foreign = (
        CertificateFactory(notice=NoticePageFactory(agency=agency)) for agency in two_agencies
    )

    answer = ask_own(
        client,
        secret_of(two_agencies.a),
        {"number": own.number.lower()},
        {"number": foreign.number},
        {"number": foreign.number, "code": foreign.check_code},
        {"number": "2026-BZA9999999-0001"},
    )

    told = [
        item["certificate"] and item["certificate"]["number"] for item in answer.json()["items"]
    ]
    assert told == [own.number, None, foreign.number, None]
    assert foreign.company_name not in str(answer.json()["items"][1])
    record = AccessRecord.objects.get(what__startswith="확인증 확인")
    assert record.actor.api_token.agency == two_agencies.a


def test_agency_check_needs_a_token_with_its_scope(client, two_agencies, secret_of):
    """S63: no token 401, another scope 403, too many or none 422."""
    entry = {"number": "2026-BZA0000001-0001"}
    right = secret_of(two_agencies.a)

    answers = [
        ask_own(client, "", entry),
        ask_own(client, secret_of(two_agencies.b, ApiScope.NOTICES), entry),
        ask_own(client, right),
        ask_own(client, right, *[entry] * (CHECKS_AT_ONCE + 1)),
    ]

    assert [answer.status_code for answer in answers] == [401, 403, 422, 422]


def test_agency_check_costs_the_same_for_one_and_for_many(client, two_agencies, secret_of):
    """S61: a fixed number of queries."""
    secret, notice = secret_of(two_agencies.a), NoticePageFactory(agency=two_agencies.a)
    entries = [{"number": row.number} for row in CertificateFactory.create_batch(20, notice=notice)]
    ask_own(client, secret, entries[0])
    costs = []

    for few in (entries[:1], entries):
        with CaptureQueriesContext(connection) as seen:
            assert ask_own(client, secret, *few).status_code == 200
        costs.append(len(seen))

    assert costs[0] == costs[1]
