"""Logging in by ID, locks, sessions (S4, S54; domain.md section 6)."""

from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.utils import timezone

from members import hashing
from members.models import LoginSession, Throttle
from tests.client import CheckingClient
from tests.factories.members import PASSWORD, MemberFactory, StaffFactory

pytestmark = pytest.mark.django_db
WRONG = "틀린 비밀번호입니다"


def log_in(client, username, password=PASSWORD, **more):
    return client.post("/login/", {"username": username, "password": password, **more})


def test_a_member_logs_in_by_id_and_lands_on_my_page(client):
    """S4: whatever the case of the ID."""
    person = MemberFactory(username="hanbitmetal")

    response = log_in(client, "HanbitMetal")

    assert response.headers["Location"] == "/my/"
    assert LoginSession.objects.get(user=person).address == "127.0.0.1"
    assert client.get("/my/").status_code == 200


def test_staff_log_in_on_the_same_page_and_land_in_the_admin(client):
    """S63."""
    response = log_in(client, StaffFactory().username)

    assert response.headers["Location"] == "/admin/"


@pytest.mark.parametrize(
    ("target", "landing"),
    [
        ("/apply/BZA0000001/", "/apply/BZA0000001/"),
        ("/my/consents/?page=2", "/my/consents/?page=2"),
        ("//evil.example/", "/my/"),
        ("https://evil.example/", "/my/"),
        ("https:evil.example", "/my/"),
        ("/\\evil.example", "/my/"),
        ("javascript:alert(1)", "/my/"),
        ("/admin/", "/my/"),
    ],
)
def test_the_way_back_stays_on_this_site(client, target, landing):
    """S4: ASVS 3.7.2; members are never led into the admin."""
    response = log_in(client, MemberFactory().username, next=target)

    assert response.headers["Location"] == landing


def test_the_log_in_page_leaves_no_session_cookie(client):
    """S4: only the CSRF cookie of its form."""
    response = client.get("/login/")

    assert set(response.cookies) == {"csrftoken"}


def test_the_limits_are_told_beforehand(client):
    """S4: ui.md 1.5, session limit and lock."""
    content = client.get("/login/").content.decode()

    assert "30분" in content
    assert "12시간" in content
    assert "15분" in content


def test_unknown_id_and_wrong_password_get_the_same_answer(client):
    """S54: nobody learns which IDs exist."""
    MemberFactory(username="hanbitmetal")

    wrong = log_in(client, "hanbitmetal", WRONG).context["form"].non_field_errors()
    unknown = log_in(client, "nobodyhere", WRONG).context["form"].non_field_errors()

    assert wrong == unknown


@pytest.mark.parametrize("name", ["hanbitmetal", "nobodyhere"])
def test_five_failures_lock_an_id_whether_it_exists_or_not(client, name):
    """S54: the sixth try fails with the right password too."""
    MemberFactory(username="hanbitmetal")
    for _ in range(5):
        assert log_in(client, name, WRONG).status_code == 200

    response = log_in(client, name)

    assert response.status_code == 429
    assert settings.SESSION_COOKIE_NAME not in client.cookies


def test_a_lock_ends_after_fifteen_minutes(client):
    """S54."""
    MemberFactory(username="hanbitmetal")
    for _ in range(5):
        log_in(client, "hanbitmetal", WRONG)

    with time_machine.travel(timezone.now() + timedelta(minutes=15, seconds=1)):
        response = log_in(client, "hanbitmetal")

    assert response.headers["Location"] == "/my/"


def test_a_success_forgets_the_failures(client):
    """S54: four slips, then right, then four slips again do not lock."""
    MemberFactory(username="hanbitmetal")
    for _ in range(2):
        for _ in range(4):
            log_in(CheckingClient(), "hanbitmetal", WRONG)
        assert log_in(CheckingClient(), "hanbitmetal").status_code == 302


def test_many_failures_lock_an_address(client):
    """S54: per address too, wider than per ID."""
    for turn in range(30):
        log_in(client, f"nobody{turn:04d}", WRONG)

    response = log_in(client, MemberFactory().username)

    assert response.status_code == 429
    assert Throttle.objects.filter(scope="login_address").exists()


def test_a_lock_never_ends_a_live_session(client):
    """S54: whoever is in stays in."""
    person = MemberFactory()
    log_in(client, person.username)
    for _ in range(5):
        log_in(CheckingClient(), person.username, WRONG)

    assert client.get("/my/").status_code == 200


def test_an_inactive_person_gets_the_common_answer(client):
    """S54."""
    person = MemberFactory(inactive=True)

    response = log_in(client, person.username)

    assert "맞지 않습니다" in response.context["form"].non_field_errors()[0]


def test_people_of_a_company_that_left_are_told_after_the_right_password(client):
    """S64."""
    person = MemberFactory(company__left=True)

    assert "탈퇴한 기업" in log_in(client, person.username).content.decode()
    assert "탈퇴한 기업" not in log_in(client, person.username, WRONG).content.decode()


@pytest.mark.parametrize("state", ["waiting", "refused", "suspended"])
def test_other_states_log_in_and_see_what_their_state_means(client, state):
    """S64: closed rooms lead to the explanation."""
    person = MemberFactory(**{state: True})

    log_in(client, person.username)

    assert client.get("/my/profile/").headers["Location"] == "/my/membership/"
    assert person.company.get_membership_state_display() in client.get("/my/").content.decode()


def test_an_expired_temporary_password_does_not_log_in(client, at):
    """S53: 24 hours."""
    person = MemberFactory(
        must_change_password=True, temporary_password_expires_at=at - timedelta(minutes=1)
    )

    assert "24시간" in log_in(client, person.username).content.decode()


def test_a_temporary_password_must_be_changed_first(client):
    """S53: every page leads to the change, and after it the person goes on."""
    person = MemberFactory(temporary_password=True)
    log_in(client, person.username)
    assert client.get("/my/").headers["Location"] == "/my/password/"

    response = client.post(
        "/my/password/",
        {"present": PASSWORD, "password": "새벽 산책길 구름", "password_again": "새벽 산책길 구름"},
    )

    assert response.headers["Location"] == "/my/"
    assert client.get("/my/").status_code == 200
    person.refresh_from_db()
    assert not person.must_change_password


def test_logging_out_ends_the_session(client):
    """S4."""
    log_in(client, MemberFactory().username)
    old = client.cookies[settings.SESSION_COOKIE_NAME].value

    client.post("/logout/")
    client.cookies[settings.SESSION_COOKIE_NAME] = old

    assert client.get("/my/").status_code == 302
    assert not LoginSession.objects.exists()


def test_logging_in_gives_a_new_session_id(client):
    """S4: a planted id is not kept (ASVS 7.2.4)."""
    client.cookies[settings.SESSION_COOKIE_NAME] = "planted0planted0planted0planted0"

    log_in(client, MemberFactory().username)

    assert client.cookies[settings.SESSION_COOKIE_NAME].value != "planted0planted0planted0planted0"


def test_an_idle_session_ends_and_leads_back(log_in):
    """S4: thirty minutes for members; the log-in page says why."""
    client = log_in(MemberFactory())

    with time_machine.travel(timezone.now() + timedelta(minutes=31)):
        response = client.get("/my/consents/")
        shown = client.get(response.headers["Location"]).content.decode()

    assert response.headers["Location"] == "/login/?expired=1&next=/my/consents/"
    assert "로그인이 끝났습니다." in shown
    assert 'value="/my/consents/"' in shown


def test_a_session_is_extended_by_the_button(log_in):
    """S4: ui.md 1.5, extending keeps the page."""
    client = log_in(MemberFactory())
    start = timezone.now()

    with time_machine.travel(start + timedelta(minutes=29)):
        answer = client.post("/session/extend/").json()
    with time_machine.travel(start + timedelta(minutes=58)):
        response = client.get("/my/")

    assert 1790 <= answer["seconds"] <= 1800
    assert response.status_code == 200


def test_extending_needs_a_session(client):
    """S4: the script is told by a redirect, which it treats as an error."""
    assert client.post("/session/extend/").status_code == 302


def test_the_password_is_hashed_at_most_twice_at_a_time():
    """S54: security.md section 0.8, the closing hour survives the log-ins."""
    with hashing.hashing_slot(), hashing.hashing_slot():
        assert not hashing._slots.acquire(blocking=False)
