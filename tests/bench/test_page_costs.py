"""What a page costs: queries, and CPU as a ratio to a bare view of the same run.

`make bench` runs this alone and prints the table; nothing here is judged by the clock.
"""

import time

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cms.models import NoticePage
from cms.services.site import provision_site
from config import load_data
from members.enums import StaffRole
from members.services.staff import create_staff

pytestmark = [pytest.mark.bench, pytest.mark.django_db]

YARDSTICK = "/healthz"
ROUNDS = 20


@pytest.fixture
def operator():
    return create_staff(
        username="benchoperator",
        name="운영자",
        email="operator@bench.example",
        role=StaffRole.OPERATOR,
        agency=None,
        password="long-enough-password",
        by=None,
        at=timezone.now(),
    )


def cpu_per_request(client: Client, address: str) -> float:
    client.get(address)
    started = time.process_time()
    for _ in range(ROUNDS):
        response = client.get(address)
    assert response.status_code == 200, address
    return (time.process_time() - started) / ROUNDS


def queries_of(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        client.get(address)
    return len(captured)


def measure(rows, *, label, client, address, yardstick):
    queries = queries_of(client, address)
    ratio = cpu_per_request(client, address) / yardstick
    rows.append((label, address, queries, ratio))
    return queries


def test_pages_cost_the_same_queries_however_many_notices(operator, capsys):
    """S1, S2, S10: home, list, detail and the officer's list at 100 and 2,000 notices."""
    at = timezone.now()
    provision_site(by=operator)
    agencies = load_data.make_agencies(2, by=operator, at=at)
    corners = [corner for corner, _, _ in agencies]
    anonymous, officer = Client(), Client()
    officer.cookies["sessionid"] = load_data.session_cookie(agencies[0][1])
    yardstick = cpu_per_request(anonymous, YARDSTICK)
    rows, counted = [], {}

    for size, missing in ((100, 100), (2000, 1900)):
        load_data.make_notices(missing, corners=corners, at=at, closes_in=None)
        detail = NoticePage.objects.live().first().get_url()
        pages = {
            "home": (anonymous, "/"),
            "notice list": (anonymous, "/notices/"),
            "API list": (anonymous, "/api/v1/notices"),
            "notice detail": (anonymous, detail),
            "officer's notices": (officer, "/admin/notices/"),
        }
        for label, (client, address) in pages.items():
            queries = measure(
                rows,
                label=f"{label} ({size})",
                client=client,
                address=address,
                yardstick=yardstick,
            )
            counted.setdefault(label, set()).add(queries)

    with capsys.disabled():
        print(f"\n{'page':<28}{'queries':>8}{'CPU, times ' + YARDSTICK:>22}")
        for label, _, queries, ratio in rows:
            print(f"{label:<28}{queries:>8}{ratio:>22.1f}")
    assert {label: len(queries) for label, queries in counted.items()} == dict.fromkeys(counted, 1)
