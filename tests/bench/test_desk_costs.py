"""The desk with 25,000 applications, exports of 2,000 and 25,000 rows; time judges nothing.

Beside them, from the issue: another system's list with 140 to 258 queries, and 15.8 s an export.
"""

import time
import tracemalloc

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from applications.models import Application
from cms.services.site import provision_site
from config import load_data
from members.enums import StaffRole
from members.services.staff import create_staff
from tests.bench.test_page_costs import YARDSTICK, cpu_per_request, queries_of

pytestmark = [pytest.mark.bench, pytest.mark.django_db]

LIST = reverse("applications_modeladmin_index")


@pytest.fixture
def officer():
    operator = create_staff(
        username="benchoperator",
        name="운영자",
        email="operator@bench.example",
        role=StaffRole.OPERATOR,
        agency=None,
        password="long-enough-password",
        by=None,
        at=timezone.now(),
    )
    provision_site(by=operator)
    ((corner, person, _),) = load_data.make_agencies(1, by=operator, at=timezone.now())
    person.corner = corner
    return person


def grow(officer, count, *, companies):
    at = timezone.now()
    members = load_data.make_companies(companies, at=at)
    notices = load_data.make_notices(
        count // companies, corners=[officer.corner], at=at, closes_in=None
    )
    load_data.make_applications(count, members=members, notices=notices, at=at)


def export(client, kind):
    """Return (queries, seconds, peak MiB, bytes) of one export."""
    tracemalloc.start()
    started = time.perf_counter()
    with CaptureQueriesContext(connection) as captured:
        answer = client.post(LIST, {"export": kind, "reason": "측정"})
        size = sum(len(chunk) for chunk in answer.streaming_content)
    seconds = time.perf_counter() - started
    peak = tracemalloc.get_traced_memory()[1] / 2**20
    tracemalloc.stop()
    return len(captured), seconds, peak, size


def test_the_desk_costs_the_same_queries_however_many_applications(officer, capsys):
    """Issue D.6: work list, list, search and one application at 2,000 and 25,000; exports."""
    client, anonymous = Client(), Client()
    client.cookies["sessionid"] = load_data.session_cookie(officer)
    yardstick = cpu_per_request(anonymous, YARDSTICK)
    lines, counted = [], {}
    for size, more in ((2_000, 2_000), (25_000, 23_000)):
        grow(officer, more, companies=1_000)
        assert Application.objects.count() == size
        newest = Application.objects.latest("pk")
        pages = {
            "work list": reverse("applications_admin:worklist"),
            "list": LIST,
            "list, filtered": f"{LIST}?queue=new&state=submitted",
            "list, searched": f"{LIST}?q={newest.receipt_number}",
            "one application": reverse("applications_modeladmin_inspect", args=[newest.uuid]),
        }
        for label, address in pages.items():
            queries, ratio = queries_of(client, address), cpu_per_request(client, address)
            counted.setdefault(label, set()).add(queries)
            lines.append(f"{label:<18}{size:>8}{queries:>9}{ratio / yardstick:>22.1f}")
        for kind in ("csv", "xlsx"):
            queries, seconds, peak, length = export(client, kind)
            counted.setdefault(kind, set()).add(queries)
            lines.append(
                f"export {kind:<11}{size:>8}{queries:>9}{seconds:>10.1f} s {peak:>6.1f} MiB peak"
                f" {length / 2**20:.1f} MiB"
            )
    with capsys.disabled():
        print(f"\n{'page':<18}{'rows':>8}{'queries':>9}{'CPU, times ' + YARDSTICK:>22}")
        print("\n".join(lines))
    assert {label: len(queries) for label, queries in counted.items()} == dict.fromkeys(counted, 1)
