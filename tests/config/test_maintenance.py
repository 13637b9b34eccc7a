"""The maintenance page: who waits, who gets through, what machines are told."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.utils import timezone

from config import maintenance
from members.formatting import format_datetime
from tests.factories.members import MemberFactory, StaffFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _open_again():
    yield
    maintenance.end()


def test_visitors_and_members_are_told_to_wait(client, log_in, site):
    """Issue B 2: 503 in plain Korean with Retry-After and no cookie."""
    member = log_in(MemberFactory())
    until_at = timezone.now() + timedelta(hours=2)
    call_command("maintenance", "on", "--until", until_at.isoformat(), "--text", "서버를 옮깁니다.")

    for person in (client, member):
        response = person.get("/notices/")
        page = response.content.decode()

        assert response.status_code == 503
        assert 7000 < int(response["Retry-After"]) <= 7200
        assert "서버를 옮깁니다." in page
        assert format_datetime(until_at) in page
        assert not response.cookies
        assert response["Cache-Control"] == "no-store"


def test_programs_get_a_problem(client, site):
    """Issue B 2 and 4: the API answers problem+json."""
    maintenance.begin(text="", until_at=None)

    response = client.get("/api/v1/notices")

    assert response.status_code == 503
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["code"] == "maintenance"
    assert response["Retry-After"] == "600"


def test_staff_get_through_and_can_log_in(client, log_in, site):
    """Issue B 2: staff look at the result before the others come back."""
    officer = log_in(StaffFactory())
    maintenance.begin(text="", until_at=None)

    assert officer.get("/notices/").status_code == 200
    assert client.get("/login/").status_code == 200
    assert client.get("/healthz").status_code == 200


def test_maintenance_ends(client, site, capsys):
    """Issue B 2: `maintenance off` opens the site; a damaged file shuts it."""
    settings.MAINTENANCE_FILE.write_text("{", encoding="utf-8")
    assert client.get("/").status_code == 503

    call_command("maintenance", "off")
    call_command("maintenance", "off")

    assert client.get("/").status_code == 200
    assert capsys.readouterr().out == "점검을 끝냈습니다.\n점검 중이 아니었습니다.\n"


def test_a_faulty_moment_shuts_nothing(client, site):
    """Issue B 2: a typing error is said and changes nothing."""
    with pytest.raises(CommandError, match="시각은"):
        call_command("maintenance", "on", "--until", "내일")

    assert client.get("/").status_code == 200
