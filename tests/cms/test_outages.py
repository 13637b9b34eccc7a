"""Outages and the extension they propose (domain.md 5.1); the number of applications."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cms.models import IntakeChange, NoticePage, Outage
from cms.rules import fair_closing
from cms.selectors import extension_proposals
from cms.services import outages as services
from tests.factories.applications import ApplicationFactory
from tests.factories.cms import NoticePageFactory
from tests.factories.members import StaffFactory

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)


@pytest.fixture
def operator():
    return StaffFactory(operator=True)


def logged(operator, *, hours_ago=3, hours=1):
    now = timezone.now()
    return services.log_outage(
        started_at=now - hours_ago * HOUR,
        ended_at=now - (hours_ago - hours) * HOUR,
        description="전산실 정전",
        by=operator,
        at=now,
    )


@pytest.mark.parametrize(
    ("closes", "lost_from", "lost_to", "expected"),
    [
        (NOON + 100 * HOUR, NOON, NOON + HOUR, NOON + 101 * HOUR),
        (NOON + 100 * HOUR, NOON, NOON + timedelta(minutes=61), NOON + 102 * HOUR),
        (NOON + 2 * HOUR, NOON, NOON + HOUR, NOON + 25 * HOUR),
        (NOON + timedelta(minutes=30), NOON, NOON + HOUR, NOON + 25 * HOUR),
        (NOON, NOON, NOON + HOUR, None),
        (None, NOON, NOON + HOUR, None),
    ],
    ids=["lost hour", "rounded up", "closes soon after", "closed within", "closed before", "상시"],
)
def test_the_extension_is_fair(closes, lost_from, lost_to, expected):
    """domain 5.1: the lost time in full hours, and at least a day after the outage's end."""
    notice = NoticePage(intake_opens_at=NOON - 100 * HOUR, intake_closes_at=closes)

    assert fair_closing(notice, started_at=lost_from, ended_at=lost_to) == expected


def test_only_notices_that_were_open_are_proposed(two_agencies, operator):
    """domain 5.1: of every agency; not the coming, the closed, the rolling, the stopped, drafts."""
    now = timezone.now()
    urgent = NoticePageFactory(agency=two_agencies.a, intake_closes_at=now + HOUR)
    calm = NoticePageFactory(agency=two_agencies.b, intake_closes_at=now + 30 * 24 * HOUR)
    NoticePageFactory(agency=two_agencies.a, coming=True)
    NoticePageFactory(agency=two_agencies.a, closed=True)
    NoticePageFactory(agency=two_agencies.a, intake_closes_at=None)
    NoticePageFactory(agency=two_agencies.a, draft=True)

    proposals = extension_proposals(outage=logged(operator))

    assert [(each.notice.code, each.is_urgent) for each in proposals] == [
        (urgent.code, True),
        (calm.code, False),
    ]


def test_one_act_extends_the_chosen_notices(log_in, client, two_agencies, operator):
    """domain 5.1: with reason and history, shown on the notice; the others stay."""
    now = timezone.now()
    chosen = NoticePageFactory(agency=two_agencies.a, intake_closes_at=now + HOUR)
    other = NoticePageFactory(agency=two_agencies.b, intake_closes_at=now + 300 * HOUR)
    desk = log_in(operator)
    desk.post(
        reverse("cms_staff:outages"),
        {
            "started_at": (now - 3 * HOUR).astimezone().strftime("%Y-%m-%d %H:%M"),
            "ended_at": (now - 2 * HOUR).astimezone().strftime("%Y-%m-%d %H:%M"),
            "description": "전산실 정전",
        },
    )
    address = reverse("cms_staff:outage", args=[Outage.objects.get().uuid])

    desk.post(address, {"codes": [chosen.code], "reason": "정전으로 접수하지 못했습니다."})

    chosen.refresh_from_db()
    other.refresh_from_db()
    change = IntakeChange.objects.get()
    assert chosen.intake_closes_at > now + 20 * HOUR
    assert other.intake_closes_at == now + 300 * HOUR
    assert (change.by, change.outage) == (operator, Outage.objects.get())
    page = client.get(f"/notices/{chosen.code}/").text
    assert "접수기간 연장" in page
    assert "정전으로 접수하지 못했습니다." in page
    assert chosen.code in desk.get(address).text


def test_an_outage_is_made_good_once(two_agencies, operator, at):
    """domain 5.1: a second press gives nothing twice."""
    notice = NoticePageFactory(agency=two_agencies.a, intake_closes_at=at + 100 * HOUR)
    outage = logged(operator)
    given = {"outage": outage, "codes": [notice.code], "reason": "정전", "by": operator, "at": at}
    services.apply_extensions(**given)

    with pytest.raises(services.OutageAppliedError):
        services.apply_extensions(**given)

    assert IntakeChange.objects.count() == 1


def test_a_strange_code_extends_nothing(two_agencies, operator, at):
    """domain 5.1: only what the outage hit; nothing is written otherwise."""
    closed = NoticePageFactory(agency=two_agencies.a, closed=True)

    with pytest.raises(services.NothingToExtendError):
        services.apply_extensions(
            outage=logged(operator), codes=[closed.code], reason="정전", by=operator, at=at
        )

    assert Outage.objects.get().applied_at is None


def test_an_outage_is_over_and_has_a_length(operator, at):
    """domain 5.1: no outage of tomorrow, none that ends before it starts."""
    times = {"description": "정전", "by": operator, "at": at}

    with pytest.raises(services.OutageInFutureError):
        services.log_outage(started_at=at, ended_at=at + HOUR, **times)
    with pytest.raises(ValidationError):
        services.log_outage(started_at=at, ended_at=at - HOUR, **times)


def test_outages_are_the_operators(log_in, two_agencies, operator):
    """domain 3: officers and comms are sent away."""
    address = reverse("cms_staff:outage", args=[logged(operator).uuid])

    for person in (StaffFactory(agency=two_agencies.a), StaffFactory(comms=True)):
        answer = log_in(person).get(address)
        assert answer.status_code in {302, 403}


# --- the list's number of applications ----------------------------------------------------------


def test_the_list_counts_the_own_notices_applications(log_in, two_agencies):
    """S63, S66: handed in only, drafts are not counted; another agency's are not there."""
    own = NoticePageFactory(agency=two_agencies.a)
    foreign = NoticePageFactory(agency=two_agencies.b)
    for _ in range(2):
        ApplicationFactory(notice=own, submitted=True)
        ApplicationFactory(notice=foreign, submitted=True)
    ApplicationFactory(notice=own)
    browser = log_in(StaffFactory(agency=two_agencies.a))

    rows = browser.get("/admin/notices/").context["object_list"]

    assert [(row.pk, row.applications_number) for row in rows] == [(own.pk, 2)]


def test_the_number_costs_no_query_per_notice(log_in, two_agencies):
    """S66: one notice and twenty cost the same."""
    browser = log_in(StaffFactory(agency=two_agencies.a))

    def cost():
        browser.get("/admin/notices/")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            browser.get("/admin/notices/")
        return len(queries)

    ApplicationFactory(notice=NoticePageFactory(agency=two_agencies.a), submitted=True)
    one = cost()
    for _ in range(19):
        NoticePageFactory(agency=two_agencies.a)

    assert cost() == one
