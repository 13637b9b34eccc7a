"""The deadline rule (security.md section 6): one clock, half-open, read under the intake's lock."""

import contextlib
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection

from applications.enums import ApplicationState
from applications.models import Application
from applications.services import submissions
from applications.services.moves import grant_late_permit
from applications.services.submissions import IntakeClosedError, submit_application
from cms.models import NoticePage
from cms.services.notices import change_intake
from tests.applications.conftest import hand_in
from tests.factories.members import StaffFactory

pytestmark = pytest.mark.django_db

CLOSES_AT = datetime(2031, 3, 31, 9, 0, tzinfo=UTC)  # 18:00 in Seoul
TICK = timedelta(milliseconds=1)


@pytest.fixture
def ready_to_close(ready, notice):
    """A ready draft of a notice that closes at 18:00 Seoul time."""
    NoticePage.objects.filter(pk=notice.pk).update(intake_closes_at=CLOSES_AT)
    return Application.objects.get(pk=ready.pk)


@pytest.fixture
def clock(monkeypatch):
    """Return a function that sets the one clock: the process's, or PostgreSQL's stood in for."""

    def stand_at(moment):
        if connection.vendor == "sqlite":
            return time_machine.travel(moment, tick=False)
        monkeypatch.setattr(submissions, "moment_of_intake", lambda *, waited: moment - waited)
        return time_machine.travel(moment, tick=False)

    return stand_at


@pytest.mark.parametrize(
    ("moment", "is_in"),
    [
        (CLOSES_AT - timedelta(days=1), True),
        (CLOSES_AT - TICK, True),  # 17:59:59.999
        (CLOSES_AT, False),  # 18:00:00.000
        (CLOSES_AT + TICK, False),
        (CLOSES_AT + timedelta(days=1), False),
    ],
)
def test_a_hand_in_counts_until_the_last_millisecond(ready_to_close, clock, moment, is_in):
    """S15, security.md 6: 18:00 means 17:59:59.999 is in and 18:00:00.000 is out."""
    with clock(moment):
        if is_in:
            assert hand_in(ready_to_close).submitted_at == moment
        else:
            with pytest.raises(IntakeClosedError):
                hand_in(ready_to_close)

    stored = Application.objects.get(pk=ready_to_close.pk)
    assert stored.is_draft is not is_in


@pytest.mark.parametrize(("waited", "is_in"), [(5, True), (1, False), (0, False)])
def test_time_spent_waiting_here_is_given_back(ready_to_close, clock, waited, is_in):
    """security.md 2, row 1: nobody is refused for our queue: the wait is taken off."""
    with clock(CLOSES_AT + timedelta(seconds=2)), contextlib.suppress(IntakeClosedError):
        submit_application(
            application=ready_to_close,
            submission_key=ready_to_close.submission_key,
            version=ready_to_close.version,
            by=ready_to_close.created_by,
            waited=lambda: timedelta(seconds=waited),
        )

    assert Application.objects.get(pk=ready_to_close.pk).is_draft is not is_in


def test_the_wait_is_asked_for_under_the_lock(ready_to_close, clock):
    """security.md 6: time spent waiting for the lock counts as ours, too."""
    moment = CLOSES_AT + timedelta(seconds=2)
    asked = []

    def waited():
        asked.append(connection.in_atomic_block)
        return timedelta(seconds=3)

    with clock(moment):
        application = submit_application(
            application=ready_to_close,
            submission_key=ready_to_close.submission_key,
            version=ready_to_close.version,
            by=ready_to_close.created_by,
            waited=waited,
        )

    assert asked == [True]
    assert application.submitted_at == moment - timedelta(seconds=3)


def test_a_closing_at_midnight_holds_until_the_day_is_over(ready_to_close, notice, clock):
    """A14: 24:00 of a day is 00:00 of the next, exclusive."""
    midnight = datetime(2031, 3, 31, 15, 0, tzinfo=UTC)  # 2031-04-01 00:00 in Seoul
    NoticePage.objects.filter(pk=notice.pk).update(intake_closes_at=midnight)

    with clock(midnight), pytest.raises(IntakeClosedError, match="2031-03-31 24:00"):
        hand_in(ready_to_close)
    with clock(midnight - TICK):
        assert hand_in(ready_to_close).state == ApplicationState.SUBMITTED


def test_a_hand_in_before_the_opening_is_refused(ready_to_close, notice, clock):
    """S11: half-open at the beginning as well: the opening minute is in."""
    opens_at = CLOSES_AT - timedelta(days=10)
    NoticePage.objects.filter(pk=notice.pk).update(intake_opens_at=opens_at)

    with clock(opens_at - TICK), pytest.raises(IntakeClosedError):
        hand_in(ready_to_close)
    with clock(opens_at):
        assert hand_in(ready_to_close).submitted_at == opens_at


def test_an_early_stop_ends_the_intake(ready_to_close, notice, clock):
    """Domain section 2: stopped early with reason; the person is told so."""
    stopped = CLOSES_AT - timedelta(days=2)
    NoticePage.objects.filter(pk=notice.pk).update(
        stopped_early_at=stopped, stop_reason="예산이 모두 쓰였습니다."
    )

    with clock(stopped), pytest.raises(IntakeClosedError, match="조기 마감"):
        hand_in(ready_to_close)


def test_an_extension_takes_the_draft_in(ready_to_close, notice, clock, at):
    """security.md 2, row 15: the row that is locked at the hand-in decides."""
    with clock(CLOSES_AT):
        change_intake(
            notice=notice,
            changes={"intake_closes_at": CLOSES_AT + timedelta(hours=1)},
            reason="접수시스템 장애",
            by=StaffFactory(agency=notice.agency),
            at=at,
        )
        assert hand_in(ready_to_close).state == ApplicationState.SUBMITTED


@pytest.mark.parametrize(("offset", "is_in"), [(-TICK, True), (timedelta(0), False), (TICK, False)])
def test_a_late_permit_ends_half_open_too(ready_to_close, notice, company, clock, offset, is_in):
    """N5: a personal permit can be used, until its last millisecond and not after it."""
    until_at = CLOSES_AT + timedelta(days=1)
    with clock(CLOSES_AT + timedelta(minutes=1)):
        grant_late_permit(
            notice=notice,
            business_number=company.business_number,
            until_at=until_at,
            reason="담당자 입원",
            by=StaffFactory(agency=notice.agency),
            at=CLOSES_AT + timedelta(minutes=1),
        )

    with clock(until_at + offset):
        if is_in:
            assert hand_in(ready_to_close).state == ApplicationState.SUBMITTED
        else:
            with pytest.raises(IntakeClosedError):
                hand_in(ready_to_close)


def test_a_late_permit_is_for_one_company(ready_to_close, notice, clock):
    """N5: another company's permit opens nothing."""
    with clock(CLOSES_AT):
        grant_late_permit(
            notice=notice,
            business_number="1018100012",
            until_at=CLOSES_AT + timedelta(days=1),
            reason="담당자 입원",
            by=StaffFactory(agency=notice.agency),
            at=CLOSES_AT,
        )
        with pytest.raises(IntakeClosedError):
            hand_in(ready_to_close)


def test_a_rolling_notice_never_closes(ready, notice, clock):
    """S13: rolling programmes exist beside short calls."""
    NoticePage.objects.filter(pk=notice.pk).update(intake_closes_at=None)

    with clock(CLOSES_AT + timedelta(days=3650)):
        assert hand_in(ready).state == ApplicationState.SUBMITTED
