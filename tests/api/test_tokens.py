"""Access tokens: made and revoked by the operator, held by a system, never a person's log-in."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth import authenticate
from django.urls import reverse
from django.utils import timezone

from members.enums import ApiScope
from members.models import AccessRecord, ApiToken
from members.services import api_tokens as services
from members.services.throttle import LIMITS
from tests.factories.members import MemberFactory, StaffFactory

pytestmark = pytest.mark.django_db

OWN = "/api/v1/agency/notices"


@pytest.fixture
def operator(db):
    return StaffFactory(operator=True)


@pytest.fixture
def issued(two_agencies, operator, at):
    return services.issue_token(
        agency=two_agencies.a,
        label="누리집 연계",
        scopes=[ApiScope.NOTICES],
        expires_at=at + timedelta(days=30),
        by=operator,
        at=at,
    )


def ask(client, secret, address=OWN):
    return client.get(address, headers={"Authorization": f"Bearer {secret}"})


def test_token_stands_for_an_officer_who_cannot_log_in(issued, two_agencies):
    """S63: the rules about officers are the rules about tokens; there is no second set."""
    token, secret = issued
    account = token.account

    assert (account.agency, account.staff_role) == (two_agencies.a, "officer")
    assert account.name == "누리집 연계 (API)"
    account.set_password("우산 아래 빗소리 42")
    account.save()
    assert authenticate(None, username=account.username, password="우산 아래 빗소리 42") is None
    assert secret not in str(ApiToken.objects.values())


def test_token_opens_until_it_is_revoked(client, issued, operator, at):
    """S63: revoking works at the next request, and both ends leave an access record."""
    token, secret = issued
    before = ask(client, secret)

    services.revoke_token(token=token, by=operator, at=at, reason="담당자 변경")
    after = ask(client, secret)

    token.refresh_from_db()
    assert (before.status_code, after.status_code) == (200, 401)
    assert after["WWW-Authenticate"].startswith("Bearer")
    assert token.last_used_at is not None
    assert not token.account.is_active
    told = AccessRecord.objects.filter(what__startswith="접근 토큰").values_list("what", "reason")
    assert {what.split(":")[0] for what, _ in told} == {"접근 토큰 발급", "접근 토큰 회수"}
    assert "담당자 변경" in {reason for _, reason in told}


def test_token_ends_on_its_day(client, issued, time_machine):
    _, secret = issued
    time_machine.move_to(timezone.now() + timedelta(days=30))

    assert ask(client, secret).status_code == 401


def test_token_of_a_retired_agency_is_refused(client, issued, two_agencies):
    _, secret = issued
    two_agencies.a.is_active = False
    two_agencies.a.save()

    assert ask(client, secret).status_code == 401


@pytest.mark.parametrize("life", [timedelta(0), timedelta(days=-1), timedelta(days=400)])
def test_token_lives_a_year_at_most(two_agencies, operator, at, life):
    with pytest.raises(services.BadExpiryError):
        services.issue_token(
            agency=two_agencies.a, label="x", scopes=[], expires_at=at + life, by=operator, at=at
        )


def test_a_missing_scope_is_told(client, two_agencies, operator, at):
    """S63: a token may do less than its officer, never more."""
    _, secret = services.issue_token(
        agency=two_agencies.a,
        label="일정만",
        scopes=[ApiScope.SCHEDULE],
        expires_at=at + timedelta(days=1),
        by=operator,
        at=at,
    )

    answer = ask(client, secret)

    assert (answer.status_code, answer.json()["code"]) == (403, "scope_missing")


def test_wrong_tokens_are_counted_by_address(client, issued, monkeypatch):
    """S63: guessing is locked out, for the right token from there too."""
    _, secret = issued
    for _ in range(LIMITS["api_wrong_token"].tries):
        assert ask(client, "esp_wrong").status_code == 401

    told = ask(client, secret)

    assert (told.status_code, told.json()["code"]) == (429, "too_many_requests")
    assert int(told["Retry-After"]) > 0


def test_a_token_has_a_rate(client, issued, monkeypatch):
    """S63: one system cannot take the portal for itself."""
    _, secret = issued
    small = LIMITS["api_token"].__class__(2, timedelta(hours=1), timedelta(minutes=15), "x")
    monkeypatch.setitem(LIMITS, "api_token", small)

    statuses = [ask(client, secret).status_code for _ in range(3)]

    assert statuses == [200, 200, 429]


# --- the operator's screens ---------------------------------------------------------------------


def test_operator_makes_a_token_and_sees_its_secret_once(log_in, operator, two_agencies, client):
    """S63: made in the admin, shown once, not on the list and not on its own page."""
    staff = log_in(operator)
    form = {
        "agency": two_agencies.a.pk,
        "label": "누리집 연계",
        "scopes": ["notices", "publish"],
        "last_day": (timezone.localdate() + timedelta(days=90)).isoformat(),
    }

    page = staff.post(reverse("members_admin:api_token_create"), form).content.decode()
    secret = re.search(r"esp_[\w-]{43}", page)[0]
    token = ApiToken.objects.get()
    own = staff.get(reverse("api-tokens_modeladmin_inspect", args=[token.uuid])).content.decode()
    listed = staff.get(reverse("api-tokens_modeladmin_index")).content.decode()

    assert ask(client, secret).status_code == 200
    assert "누리집 연계" in listed
    assert "공고 게시와 접수 변경" in own
    assert secret not in own + listed


def test_operator_revokes_with_a_reason(log_in, operator, issued):
    """S63: no reason, no revoking."""
    token, _ = issued
    staff = log_in(operator)
    address = reverse("members_admin:api_token_revoke", args=[token.uuid])

    staff.post(address, {"reason": ""})
    token.refresh_from_db()
    assert token.revoked_at is None
    staff.post(address, {"reason": "유출 의심"})

    token.refresh_from_db()
    assert token.revoked_by == operator


@pytest.mark.parametrize("name", ["api-tokens_modeladmin_index", "members_admin:api_token_create"])
def test_nobody_else_sees_tokens(log_in, two_agencies, name):
    """S63: tokens are the operator's (domain.md section 3)."""
    for person in (
        StaffFactory(agency=two_agencies.a),
        StaffFactory(agency=two_agencies.a, staff_role="manager"),
        StaffFactory(comms=True),
        MemberFactory(),
    ):
        assert log_in(person).get(reverse(name)).status_code in {302, 403}


def test_token_accounts_are_not_on_the_list_of_staff(log_in, operator, issued):
    """S63: nobody gives such an account a password or another role."""
    token, _ = issued

    page = log_in(operator).get(reverse("staff_modeladmin_index"))

    assert token.account.username not in page.content.decode()
