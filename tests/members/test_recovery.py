"""Finding an ID and setting a new password (S51 to S54, decisions A10 and A11)."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from members.models import OutboxMail, PasswordReset
from members.services.recovery import RESET_LIFETIME
from tests.client import CheckingClient
from tests.factories.members import PASSWORD, MemberFactory

pytestmark = pytest.mark.django_db
NEW_PASSWORD = "새벽 산책길 구름"


@pytest.fixture
def person():
    return MemberFactory(
        username="hanbitmetal",
        company__business_number="1248100998",
        company__email="office@hanbit.example",
        mobile="01012345678",
        email="lee@hanbit.example",
    )


FOUND = {"business_number": "124-81-00998", "email": "Office@hanbit.example"}
FOUND_PERSON = {**FOUND, "mobile": "010-1234-5678"}


def answer_of(response):
    """Return the main part of a page without what differs by request."""
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", response.content.decode())


def link_in(mail):
    return re.search(r"/find/password/[\w-]+/", mail.body)[0]


def test_both_ways_stand_side_by_side(client):
    """S51: 아이디찾기 and 비밀번호찾기."""
    content = client.get("/find/id/").content.decode()

    assert "아이디찾기" in content
    assert "비밀번호찾기" in content


def test_the_ids_go_to_the_representative_mail(client, person):
    """S52: all IDs of the company, never on the screen."""
    MemberFactory(company=person.company, colleague=True, username="colleague77")

    response = client.post("/find/id/", FOUND)

    mail = OutboxMail.objects.get(kind="login_names")
    assert mail.to == "office@hanbit.example"
    assert "hanbitmetal" in mail.body
    assert "colleague77" in mail.body
    assert "hanbitmetal" not in response.content.decode()


@pytest.mark.parametrize(
    "changed", [{"email": "other@hanbit.example"}, {"business_number": "120-88-00767"}]
)
def test_a_stranger_gets_the_same_answer_and_no_mail(client, person, changed):
    """S52: decision A11, nothing tells whether a company is a member."""
    known = client.post("/find/id/", FOUND)
    unknown = CheckingClient().post("/find/id/", {**FOUND, **changed})

    assert answer_of(known) == answer_of(unknown)
    assert OutboxMail.objects.count() == 1


def test_finding_and_not_finding_do_the_same_work(client, person):
    """S52: the mail of a stranger is written too, and rolled back."""
    written = []

    for email in ("office@hanbit.example", "other@hanbit.example"):
        with CaptureQueriesContext(connection) as queries:
            client.post("/find/id/", {**FOUND, "email": email})
        tables = " ".join(query["sql"] for query in queries if "INSERT" in query["sql"])
        written.append(tables.count("members_outboxmail"))

    assert written[0] == written[1] > 0
    assert OutboxMail.objects.count() == 1


def test_finding_an_id_is_limited(client, person):
    """S52: tries of one company and of one address."""
    codes = [client.post("/find/id/", FOUND).status_code for _ in range(6)]

    assert codes == [200] * 5 + [429]


def test_a_one_time_link_sets_a_new_password(client, person, log_in):
    """S53: number, representative mail and mobile match; the link goes to the person's mail."""
    inside = log_in(person)
    client.post("/find/password/", FOUND_PERSON)
    mail = OutboxMail.objects.get(kind="password_reset")

    response = client.post(
        link_in(mail), {"password": NEW_PASSWORD, "password_again": NEW_PASSWORD}
    )

    assert mail.to == "lee@hanbit.example"
    assert response.headers["Location"] == "/login/"
    person.refresh_from_db()
    assert person.check_password(NEW_PASSWORD)
    assert inside.get("/my/").headers["Location"].startswith("/login/")
    assert OutboxMail.objects.filter(kind="password_changed").exists()


def test_the_link_works_once(client, person):
    """S53."""
    client.post("/find/password/", FOUND_PERSON)
    link = link_in(OutboxMail.objects.get(kind="password_reset"))
    entries = {"password": NEW_PASSWORD, "password_again": NEW_PASSWORD}
    client.post(link, entries)

    assert client.get(link).status_code == 410
    assert client.post(link, entries).status_code == 410


def test_the_link_dies_after_an_hour(client, person):
    """S53."""
    client.post("/find/password/", FOUND_PERSON)
    link = link_in(OutboxMail.objects.get(kind="password_reset"))

    with time_machine.travel(timezone.now() + RESET_LIFETIME + timedelta(seconds=1)):
        response = client.get(link)

    assert response.status_code == 410
    assert "비밀번호 찾기" in response.content.decode()


def test_a_newer_link_ends_the_older_one(client, person):
    """S53."""
    client.post("/find/password/", FOUND_PERSON)
    first = link_in(OutboxMail.objects.get(kind="password_reset"))
    client.post("/find/password/", FOUND_PERSON)

    assert client.get(first).status_code == 410


@pytest.mark.parametrize(
    "changed",
    [
        {"email": "other@hanbit.example"},
        {"business_number": "120-88-00767"},
        {"mobile": "010-9999-8888"},
    ],
)
def test_one_wrong_entry_gives_the_same_answer_and_no_link(client, person, changed):
    """S53: all three must match one person."""
    known = client.post("/find/password/", FOUND_PERSON)
    unknown = CheckingClient().post("/find/password/", {**FOUND_PERSON, **changed})

    assert answer_of(known) == answer_of(unknown)
    assert PasswordReset.objects.count() == 1


def test_two_people_with_one_number_get_no_link(client, person):
    """S53: it must be one person."""
    MemberFactory(company=person.company, colleague=True, mobile="01012345678")

    client.post("/find/password/", FOUND_PERSON)

    assert not PasswordReset.objects.exists()


def test_an_inactive_person_gets_no_link(client, person):
    """S53."""
    person.is_active = False
    person.save()

    client.post("/find/password/", FOUND_PERSON)

    assert not PasswordReset.objects.exists()


def test_a_reset_opens_a_locked_log_in(client, person):
    """S54: sooner than the fifteen minutes."""
    for _ in range(5):
        client.post("/login/", {"username": person.username, "password": "틀림틀림"})
    client.post("/find/password/", FOUND_PERSON)
    link = link_in(OutboxMail.objects.get(kind="password_reset"))
    client.post(link, {"password": NEW_PASSWORD, "password_again": NEW_PASSWORD})

    response = client.post("/login/", {"username": person.username, "password": NEW_PASSWORD})

    assert response.headers["Location"] == "/my/"


def test_the_new_password_follows_the_rules(client, person):
    """S35: also by link, against the person's own data."""
    client.post("/find/password/", FOUND_PERSON)
    link = link_in(OutboxMail.objects.get(kind="password_reset"))

    response = client.post(link, {"password": "hanbitmetal!", "password_again": "hanbitmetal?"})

    assert set(response.context["form"].errors) == {"password"}
    person.refresh_from_db()
    assert person.check_password(PASSWORD)


def test_the_token_is_not_stored(client, person):
    """S54: a dump opens nobody's account."""
    client.post("/find/password/", FOUND_PERSON)
    token = link_in(OutboxMail.objects.get(kind="password_reset")).split("/")[-2]

    assert PasswordReset.objects.get().token_hash != token
