"""The demonstration and the load data, as their commands make them."""

import json
from collections import Counter
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from applications.models import Application
from cms.models import NoticePage, ScheduleEntryPage
from config.demo.people import PASSWORD, SHOWN_LOGINS
from members.models import Company, LegalText, User
from tests.client import CheckingClient

pytestmark = pytest.mark.django_db


def test_the_demo_shows_every_state_and_its_people_get_in(client):
    """S1, S11, S64: notices closed, open and coming as on the anchor day; log-ins that work."""
    call_command("load_demo", stdout=StringIO())

    at = timezone.now()
    states = Counter(notice.status_at(at).value for notice in NoticePage.objects.live())
    assert sum(states.values()) == 40
    assert set(states) == {"closed", "open", "coming"}
    assert (Company.objects.count(), ScheduleEntryPage.objects.live().count()) == (24, 61)
    assert LegalText.objects.in_force_at(at).count() == 5
    assert Application.objects.submitted().exists()
    assert "시연용 가상 자료" in client.get("/").content.decode()
    for _, username in SHOWN_LOGINS:
        assert User.objects.get(username=username).check_password(PASSWORD), username


def test_the_demo_refuses_a_filled_database_and_production(settings):
    """ASVS 6.3.2: no demo account where the numbers of the demonstration are not allowed."""
    User.objects.create_user("somebody1", name="누군가")

    with pytest.raises(CommandError):
        call_command("load_demo", stdout=StringIO())
    settings.ALLOW_DEMO_NUMBERS = False
    with pytest.raises(CommandError):
        call_command("load_demo", if_empty=True, stdout=StringIO())


def test_load_data_gives_ids_sessions_and_planted_words(settings):
    """Issue of the house: measuring from outside needs ids, cookies and planted words."""
    settings.ALLOW_LOAD_DATA = True
    printed = StringIO()

    call_command(
        "seed_load",
        companies=3,
        notices=2,
        applications=4,
        json=True,
        closes_in=600,
        stdout=printed,
    )

    report = json.loads(printed.getvalue())
    assert [len(report[name]) for name in ("agencies", "companies", "notices", "applications")] == [
        2,
        3,
        2,
        4,
    ]
    member, officer = CheckingClient(), CheckingClient()
    member.cookies[report["cookie_name"]] = report["companies"][0]["session"]
    officer.cookies[report["cookie_name"]] = report["agencies"][0]["session"]
    assert report["companies"][0]["planted"] in member.get("/my/").content.decode()
    listed = officer.get("/admin/notices/").content.decode()
    assert report["agencies"][0]["planted"] in listed
    assert report["agencies"][1]["planted"] not in listed


def test_load_data_needs_permission(settings):
    """Load data never by accident."""
    settings.ALLOW_LOAD_DATA = False

    with pytest.raises(CommandError):
        call_command("seed_load", stdout=StringIO())
