"""One's own log-ins and password (S54; ui.md 1.5)."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from members.models import LoginSession
from tests.factories.members import PASSWORD, MemberFactory, StaffFactory

pytestmark = pytest.mark.django_db
NEW_PASSWORD = "새벽 산책길 구름"


def entries(**changes):
    return {
        "present": PASSWORD,
        "password": NEW_PASSWORD,
        "password_again": NEW_PASSWORD,
        **changes,
    }


def test_changing_the_password_keeps_this_device_and_ends_the_others(log_in):
    """S54."""
    person = MemberFactory()
    here, there = log_in(person), log_in(person)

    response = here.post("/my/password/", entries())

    assert response.headers["Location"] == "/my/"
    assert here.get("/my/").status_code == 200
    assert there.get("/my/").status_code == 302
    assert LoginSession.objects.filter(user=person).count() == 1
    person.refresh_from_db()
    assert person.check_password(NEW_PASSWORD)


def test_the_present_password_is_asked_for(log_in):
    """S54: an open screen is not enough."""
    person = MemberFactory()

    response = log_in(person).post("/my/password/", entries(present="틀린 비밀번호"))

    assert "present" in response.context["form"].errors
    person.refresh_from_db()
    assert person.check_password(PASSWORD)


def test_guessing_the_present_password_is_limited(log_in):
    """S54."""
    client = log_in(MemberFactory())

    codes = [
        client.post("/my/password/", entries(present="틀린 비밀번호")).status_code for _ in range(6)
    ]

    assert codes == [200] * 5 + [429]


@pytest.mark.parametrize("again", ["다른 비밀번호 42", ""])
def test_the_new_password_is_typed_twice(log_in, again):
    """S35: 비밀번호 확인."""
    response = log_in(MemberFactory()).post("/my/password/", entries(password_again=again))

    assert "password_again" in response.context["form"].errors


def test_staff_change_theirs_on_the_same_page(log_in):
    """S63."""
    response = log_in(StaffFactory()).post("/my/password/", entries())

    assert response.headers["Location"] == "/admin/"


def test_the_list_shows_one_s_own_log_ins_only(log_in):
    """S54: where one is logged in, and from where."""
    person = MemberFactory()
    client = log_in(person, address="203.0.113.7")
    log_in(MemberFactory(), address="198.51.100.9")

    content = client.get("/my/sessions/").content.decode()

    assert "203.0.113.7" in content
    assert "198.51.100.9" not in content
    assert "지금 쓰는 기기" in content


def test_one_log_in_is_ended(log_in):
    """S54."""
    person = MemberFactory()
    here, there = log_in(person), log_in(person)
    session = LoginSession.objects.filter(user=person).earliest("pk")
    other = LoginSession.objects.filter(user=person).latest("pk")

    here.post(f"/my/sessions/{other.uuid}/end/")

    assert here.get("/my/").status_code == 200
    assert there.get("/my/").status_code == 302
    assert list(LoginSession.objects.filter(user=person)) == [session]


def test_a_stranger_s_log_in_cannot_be_ended(log_in):
    """S54: it does not exist for others."""
    victim = MemberFactory()
    log_in(victim)
    session = LoginSession.objects.get(user=victim)

    response = log_in(MemberFactory()).post(f"/my/sessions/{session.uuid}/end/")

    assert response.status_code == 404
    assert LoginSession.objects.filter(pk=session.pk).exists()


def test_all_other_log_ins_are_ended_at_once(log_in):
    """S54."""
    person = MemberFactory()
    here, *others = [log_in(person) for _ in range(3)]

    here.post("/my/sessions/")

    assert here.get("/my/").status_code == 200
    assert all(client.get("/my/").status_code == 302 for client in others)


def test_the_list_costs_the_same_for_one_and_for_three(log_in):
    """S54: no query per row."""
    person = MemberFactory()
    client = log_in(person)

    def queries():
        client.get("/my/sessions/")
        with CaptureQueriesContext(connection) as found:
            client.get("/my/sessions/")
        return len(found)

    with_one = queries()
    log_in(person)
    log_in(person)

    assert queries() == with_one < 8
