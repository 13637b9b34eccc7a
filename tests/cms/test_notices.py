"""cms/services/notices.py and the state of a notice by the clock."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cms.enums import IntakeKind, NoticeStatus
from cms.models import IntakeChange, NoticePage
from cms.services import notices as services
from members.models import OutboxMail
from tests.factories.cms import NoticePageFactory, start_of_minute
from tests.factories.members import StaffFactory

pytestmark = pytest.mark.django_db


def change(notice, at, reason="사유", **changes):
    return services.change_intake(
        notice=notice, changes=changes, reason=reason, by=StaffFactory(manager=True), at=at
    )


# --- change_intake ------------------------------------------------------------------------------


def test_change_intake_extends_and_leaves_a_row(at):
    """domain 5.1: old and new closing, reason, who and when are kept."""
    notice = NoticePageFactory()
    closes_at = notice.intake_closes_at + timedelta(days=5)

    made = change(notice, at, reason="  신청이 몰렸습니다.  ", intake_closes_at=closes_at)

    notice.refresh_from_db()
    assert notice.intake_closes_at == closes_at
    assert (made.old_closes_at, made.new_closes_at) == (closes_at - timedelta(days=5), closes_at)
    assert (made.reason, made.at, made.is_extension) == ("신청이 몰렸습니다.", at, True)
    assert made.lines[0].startswith("접수 마감: ")


def test_change_intake_writes_only_what_changed(at):
    """domain 5.1: a text saved meanwhile by an editor is not written away."""
    notice = NoticePageFactory()
    stale = NoticePage.objects.get(pk=notice.pk)
    NoticePage.objects.filter(pk=notice.pk).update(summary="그사이 고친 요약")

    change(stale, at, intake_closes_at=notice.intake_closes_at + timedelta(days=1))

    assert NoticePage.objects.get(pk=notice.pk).summary == "그사이 고친 요약"


@pytest.mark.parametrize("reason", ["", "   "])
def test_change_intake_needs_a_reason(at, reason):
    """domain 5.1: nothing moves without one."""
    notice = NoticePageFactory()

    with pytest.raises(services.ReasonMissingError):
        change(notice, at, reason=reason, capacity=5)

    assert not IntakeChange.objects.exists()


def test_change_intake_refuses_what_is_no_intake_fact(at):
    """domain 5.1: the code and the title are not changed here."""
    with pytest.raises(services.NotAnIntakeFactError):
        change(NoticePageFactory(), at, code="BZA0000001")


def test_change_intake_refuses_a_draft(at):
    """domain 5.1: before the first publishing the page's form holds the facts."""
    with pytest.raises(services.NotPublishedYetError):
        change(NoticePageFactory(draft=True), at, capacity=5)


def test_change_intake_refuses_no_change(at):
    """domain 5.1: a row of the history says something."""
    notice = NoticePageFactory(capacity=5)

    with pytest.raises(services.NothingChangedError):
        change(notice, at, capacity=5, intake_closes_at=notice.intake_closes_at)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"intake_kind": IntakeKind.EXTERNAL}, "external_url"),
        ({"member_level": "nobody"}, "member_level"),
        ({"stopped_early": True}, "stop_reason"),
        ({"closes_before": True}, "__all__"),
    ],
)
def test_change_intake_refuses_contradictions(at, changes, field):
    """domain 5.1, S16: the facts must fit together; the error names the field."""
    notice = NoticePageFactory()
    if changes.pop("stopped_early", False):
        changes = {"stopped_early_at": at}
    if changes.pop("closes_before", False):
        changes = {"intake_closes_at": notice.intake_opens_at - timedelta(minutes=1)}

    with pytest.raises(ValidationError) as refused:
        change(notice, at, **changes)

    assert field in refused.value.message_dict
    assert not IntakeChange.objects.exists()


def test_change_intake_tells_the_agencys_staff(at):
    """domain 5.1: people who may have told companies the old time hear of the new one."""
    notice = NoticePageFactory()
    officer = StaffFactory(agency=notice.agency)
    StaffFactory()

    change(notice, at, intake_closes_at=notice.intake_closes_at + timedelta(days=1))

    mails = OutboxMail.objects.filter(kind="intake_changed")
    assert [mail.to for mail in mails] == [officer.email]
    assert notice.code in mails[0].body


# --- state by the clock -------------------------------------------------------------------------

BASE = start_of_minute()
OFFSETS = st.integers(-3, 3).map(lambda minutes: timedelta(minutes=minutes))


@given(opens=OFFSETS, lasts=st.none() | st.integers(1, 3), stops=st.none() | OFFSETS, now=OFFSETS)
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_state_is_the_same_in_python_and_in_sql(notice_row, opens, lasts, stops, now):
    """S11, S18: 예정, 진행, 마감 agree at every minute, boundaries included."""
    opens_at, at = BASE + opens, BASE + now
    NoticePage.objects.filter(pk=notice_row.pk).update(
        intake_opens_at=opens_at,
        intake_closes_at=opens_at + timedelta(minutes=lasts) if lasts else None,
        stopped_early_at=BASE + stops if stops is not None else None,
        stop_reason="사유" if stops is not None else "",
    )

    row = NoticePage.objects.with_status(at).get(pk=notice_row.pk)

    assert row.status_now == row.status_at(at)
    assert NoticePage.objects.open_at(at).filter(pk=row.pk).exists() == row.is_open_at(at)


@pytest.fixture
def notice_row(db):
    return NoticePageFactory()


@pytest.mark.parametrize(
    ("minutes", "status"),
    [
        (-1, NoticeStatus.COMING),
        (0, NoticeStatus.OPEN),
        (9, NoticeStatus.OPEN),
        (10, NoticeStatus.CLOSED),
    ],
)
def test_a_period_is_half_open(minutes, status):
    """S11, A14: the opening minute is in, the closing minute is out."""
    notice = NoticePage(
        intake_opens_at=BASE, intake_closes_at=BASE + timedelta(minutes=10), code="BZA0000001"
    )

    assert notice.status_at(BASE + timedelta(minutes=minutes)) == status


def test_a_notice_closes_soon_in_its_last_three_days():
    """domain 2: 마감임박 in the last 72 hours, never for a rolling notice."""
    notice = NoticePage(intake_opens_at=BASE, intake_closes_at=BASE + timedelta(days=10))
    rolling = NoticePage(intake_opens_at=BASE)

    assert not notice.is_closing_soon_at(BASE + timedelta(days=6, hours=23))
    assert notice.is_closing_soon_at(BASE + timedelta(days=7))
    assert not rolling.is_closing_soon_at(BASE + timedelta(days=7))
    assert rolling.is_rolling


def test_a_notice_stopped_early_is_closed(at):
    """domain 2: stopped early with a reason means 마감 before the closing time."""
    notice = NoticePageFactory(stopped=True)

    assert notice.status_at(at) == NoticeStatus.CLOSED
