"""Staff's moves: the whole table through the service, reasons, conflicts, mails."""

import pytest

from applications.enums import (
    APPLICATION_MOVES,
    COMPANY_MOVES,
    MOVES_WITH_REASON,
    ApplicationState,
)
from applications.models import Application
from applications.services.moves import (
    MovedMeanwhileError,
    MoveRefusedError,
    ReasonMissingError,
    grant_late_permit,
    move_application,
)
from members.models import OutboxMail
from tests.factories.applications import ApplicationFactory
from tests.factories.members import StaffFactory

pytestmark = pytest.mark.django_db

SUBMITTED_STATES = [state for state in ApplicationState if state != ApplicationState.DRAFT]


@pytest.fixture
def application(site):
    return ApplicationFactory(submitted=True)


@pytest.fixture
def manager(application):
    return StaffFactory(agency=application.notice.agency, manager=True)


@pytest.mark.parametrize("state", SUBMITTED_STATES)
def test_every_state_moves_only_as_the_table_says(application, manager, state, at):
    """S65: each allowed move works and writes its event; every other is refused."""
    for to in ApplicationState:
        Application.objects.filter(pk=application.pk).update(state=state)
        events_before = application.events.count()
        allowed = to in APPLICATION_MOVES[state] and to not in COMPANY_MOVES
        if allowed:
            moved = move_application(
                application=application, to=to, by=manager, at=at, reason="사유"
            )
            assert moved.state == to
        else:
            with pytest.raises(MoveRefusedError):
                move_application(application=application, to=to, by=manager, at=at, reason="사유")
        assert application.events.count() == events_before + allowed


@pytest.mark.parametrize("to", sorted(MOVES_WITH_REASON - COMPANY_MOVES))
def test_some_states_need_a_reason(application, manager, to, at):
    """S65: a correction, a return and a refusal are explained to the company."""
    state = next(state for state, moves in APPLICATION_MOVES.items() if to in moves)
    Application.objects.filter(pk=application.pk).update(state=state)

    with pytest.raises(ReasonMissingError):
        move_application(application=application, to=to, by=manager, at=at, reason="  ")


def test_move_application_tells_the_one_who_came_second(application, manager, at):
    """security.md 2, row 17: the page showed a state that is not there any more."""
    move_application(application=application, to="under_check", by=manager, at=at)

    with pytest.raises(MovedMeanwhileError) as conflict:
        move_application(
            application=application,
            to="returned",
            seen="submitted",
            by=manager,
            at=at,
            reason="중복",
        )

    assert conflict.value.state == ApplicationState.UNDER_CHECK


def test_move_application_tells_the_company_with_the_reason(application, manager, at):
    """S65: the company learns the new state and the reason by mail."""
    move_application(
        application=application, to="returned", by=manager, at=at, reason="대상이 아닙니다."
    )

    mail = OutboxMail.objects.get()
    assert mail.kind == "application_returned"
    assert mail.to == application.submitted_by.email
    assert "대상이 아닙니다." in mail.body


def test_an_officer_does_not_decide(application, at):
    """Domain section 3: the manager decides."""
    officer = StaffFactory(agency=application.notice.agency)
    Application.objects.filter(pk=application.pk).update(state="accepted")

    with pytest.raises(MoveRefusedError, match="책임자"):
        move_application(application=application, to="selected", by=officer, at=at)


def test_a_stranger_moves_nothing(application, at):
    """Domain section 3: own notices only."""
    with pytest.raises(MoveRefusedError, match="다른 기관"):
        move_application(application=application, to="under_check", by=StaffFactory(), at=at)


def test_a_later_late_permit_follows_the_first(application, manager, at):
    """N5: one live permit per company and notice; the reason stays."""
    notice = application.notice
    given = {
        "notice": notice,
        "business_number": "1018100012",
        "by": manager,
        "at": at,
        "reason": "장애",
    }
    first = grant_late_permit(**given, until_at=at.replace(year=2098))
    second = grant_late_permit(**given, until_at=at.replace(year=2099))

    first.refresh_from_db()
    assert first.revoked_by == manager
    assert second.revoked_at is None


@pytest.mark.parametrize(("own", "year"), [(False, 2099), (True, 2000)])
def test_a_late_permit_is_refused_to_strangers_and_in_the_past(application, manager, at, own, year):
    """N5: own notices only, and until a moment to come."""
    with pytest.raises(MoveRefusedError):
        grant_late_permit(
            notice=application.notice,
            business_number="1018100012",
            until_at=at.replace(year=year),
            reason="장애",
            by=manager if own else StaffFactory(manager=True),
            at=at,
        )
