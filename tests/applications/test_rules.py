"""Who may, when, and why not: every rule over every state."""

from datetime import timedelta
from itertools import product

import pytest

from applications import rules
from applications.enums import (
    APPLICATION_MOVES,
    COMPANY_MOVES,
    DECISIONS,
    FINAL_STATES,
    STAGE_OF,
    STAGES,
    STATE_TONES,
    ApplicationState,
)
from applications.models import Application, LatePermit
from cms.enums import IntakeKind, MemberLevel, OriginalsPolicy
from cms.models import NoticePage
from members.enums import MembershipState, StaffRole
from members.models import Agency, Company, User

AGENCY = Agency(pk=1, name="진흥원")
STRANGERS = Agency(pk=2, name="다른 기관")


def notice_of(at, **fields):
    """Return an unsaved open notice of AGENCY."""
    values = {
        # Named, so that Wagtail does not ask the database for it.
        "content_type_id": 1,
        "code": "BZA0000001",
        "agency": AGENCY,
        "live": True,
        "intake_kind": IntakeKind.OWN,
        "intake_opens_at": at - timedelta(days=1),
        "intake_closes_at": at + timedelta(days=1),
        "rounds_allowed": 1,
    }
    return NoticePage(**{**values, **fields})


def company_of(state=MembershipState.FULL, **fields):
    return Company(name="한빛", membership_state=state, **fields)


def application_in(state, notice, *, round_=1):
    submitted_at = None if state == ApplicationState.DRAFT else notice.intake_opens_at
    return Application(state=state, notice=notice, round=round_, submitted_at=submitted_at)


def staff(role, agency=AGENCY):
    return User(username="staff1", staff_role=role, agency=agency)


@pytest.mark.parametrize("kind", list(IntakeKind))
def test_only_own_intake_is_taken_here(at, kind):
    """S16, S17, S18: 별도 시스템 접수 is applied for elsewhere."""
    verdict = rules.check_intake(notice_of(at, intake_kind=kind), at=at)

    assert verdict.allowed is (kind == IntakeKind.OWN)


def test_a_coming_notice_says_when_it_opens(at):
    """S11: 예정."""
    notice = notice_of(at, intake_opens_at=at + timedelta(hours=1))

    assert "부터 신청할 수 있습니다" in rules.check_intake(notice, at=at).reason


@pytest.mark.parametrize(
    ("state", "level", "allowed"),
    [
        (MembershipState.FULL, MemberLevel.PROVISIONAL, True),
        (MembershipState.FULL, MemberLevel.FULL, True),
        (MembershipState.PROVISIONAL, MemberLevel.PROVISIONAL, True),
        (MembershipState.PROVISIONAL, MemberLevel.FULL, False),
        (MembershipState.WAITING, MemberLevel.PROVISIONAL, False),
        (MembershipState.REFUSED, MemberLevel.PROVISIONAL, False),
        (MembershipState.SUSPENDED, MemberLevel.PROVISIONAL, False),
        (MembershipState.LEFT, MemberLevel.PROVISIONAL, False),
    ],
)
def test_membership_against_the_notice(at, state, level, allowed):
    """A7, S63: provisional members may apply unless the notice demands 정식회원."""
    notice = notice_of(at, member_level=level)

    verdict = rules.check_membership(notice, company=company_of(state), at=at)

    assert verdict.allowed is allowed
    assert bool(verdict.mend_url) is not allowed


@pytest.mark.parametrize(
    ("policy", "allowed", "has_reason"),
    [
        (OriginalsPolicy.IGNORE, True, False),
        (OriginalsPolicy.WARN, True, True),
        (OriginalsPolicy.REFUSE, False, True),
    ],
)
def test_missing_originals_against_the_notice(at, policy, allowed, has_reason):
    """A8: ignore, warn (default) or refuse; never silent."""
    company = company_of(MembershipState.PROVISIONAL, originals_due_since=at - timedelta(days=9))

    verdict = rules.check_originals(notice_of(at, originals_policy=policy), company=company, at=at)

    assert (verdict.allowed, bool(verdict.reason)) == (allowed, has_reason)


@pytest.mark.parametrize("state", list(ApplicationState))
def test_one_live_application_at_a_time(at, state):
    """Domain section 2: the next begins when the last is final; void ones give the round back."""
    notice = notice_of(at)
    again = {ApplicationState.WITHDRAWN, ApplicationState.RETURNED}

    verdict = rules.check_rounds(notice, existing=[application_in(state, notice)])

    assert verdict.allowed is (state in again)


@pytest.mark.parametrize("state", list(ApplicationState))
def test_several_rounds_where_the_notice_allows_them(at, state):
    """Domain section 2: rolling grants are claimed repeatedly."""
    notice = notice_of(at, rounds_allowed=2)

    verdict = rules.check_rounds(notice, existing=[application_in(state, notice)])

    assert verdict.allowed is (state in FINAL_STATES)


def test_the_next_round_follows_the_last_that_counted(at):
    """Domain section 2: a withdrawn application gives its round back."""
    notice = notice_of(at, rounds_allowed=3)
    closed = application_in(ApplicationState.CLOSED, notice)
    withdrawn = application_in(ApplicationState.WITHDRAWN, notice, round_=2)

    assert rules.next_round([]) == 1
    assert rules.next_round([closed]) == 2
    assert rules.next_round([closed, withdrawn]) == 2


def test_may_start_says_the_first_thing_that_is_missing(at):
    """S17: one reason at a time, in the order of the page."""
    notice = notice_of(at, intake_closes_at=at, member_level=MemberLevel.FULL)

    verdict = rules.may_start(notice, company_of(MembershipState.PROVISIONAL), at, [])

    assert "마감되었습니다" in verdict.reason


def test_may_start_with_a_late_permit(at):
    """N5: a personal permit opens a closed notice until it ends."""
    notice = notice_of(at, intake_closes_at=at)
    permit = LatePermit(notice=notice, until_at=at + timedelta(hours=1))

    assert not rules.may_start(notice, company_of(), at, []).allowed
    assert rules.may_start(notice, company_of(), at, [], permit).allowed
    assert not rules.may_start(notice, company_of(), at + timedelta(hours=1), [], permit).allowed


WITHDRAWABLE = {
    ApplicationState.SUBMITTED,
    ApplicationState.UNDER_CHECK,
    ApplicationState.CORRECTION_ASKED,
    ApplicationState.ACCEPTED,
}


@pytest.mark.parametrize("state", list(ApplicationState))
def test_withdrawing_until_closing(at, state):
    """S65, domain section 2: by the company until closing."""
    notice = notice_of(at)
    application = application_in(state, notice)

    allowed = rules.may_withdraw(application, notice=notice, at=at).allowed
    too_late = rules.may_withdraw(application, notice=notice, at=notice.intake_closes_at)

    assert allowed is (state in WITHDRAWABLE)
    assert not too_late.allowed
    assert too_late.reason


@pytest.mark.parametrize("state", list(ApplicationState))
def test_withdrawing_from_a_rolling_notice(at, state):
    """S65, domain section 2: where a notice never closes, until checking starts."""
    notice = notice_of(at, intake_closes_at=None)

    verdict = rules.may_withdraw(application_in(state, notice), notice=notice, at=at)

    assert verdict.allowed is (state == ApplicationState.SUBMITTED)


@pytest.mark.parametrize("role", [*StaffRole, ""])
def test_who_may_move_what_where(at, role):
    """S63, S65: the matrix of roles, states and moves; decisions are the manager's."""
    notice = notice_of(at)
    by = staff(role, AGENCY if role in {StaffRole.OFFICER, StaffRole.MANAGER} else None)
    expected, found = {}, {}

    for state, to in product(ApplicationState, ApplicationState):
        may_by_role = role == StaffRole.MANAGER or (
            role == StaffRole.OFFICER and to not in DECISIONS
        )
        may_by_table = to in APPLICATION_MOVES[state] and to not in COMPANY_MOVES
        expected[state, to] = may_by_role and may_by_table
        verdict = rules.may_move(application_in(state, notice), to=to, by=by)
        found[state, to] = verdict.allowed
        assert bool(verdict.reason) is not verdict.allowed

    assert found == expected


@pytest.mark.parametrize("to", list(ApplicationState))
@pytest.mark.parametrize("role", [StaffRole.OFFICER, StaffRole.MANAGER])
def test_no_move_by_another_agency(at, role, to):
    """Domain section 3: applications on own notices only."""
    application = application_in(ApplicationState.SUBMITTED, notice_of(at))

    assert not rules.may_move(application, to=to, by=staff(role, STRANGERS)).allowed


@pytest.mark.parametrize("state", list(ApplicationState))
def test_drafts_are_never_seen_by_staff(at, state):
    """Domain section 3: drafts never, only their number; others on own notices."""
    application = application_in(state, notice_of(at))
    is_draft = state == ApplicationState.DRAFT

    own = rules.may_see_as_staff(application, by=staff(StaffRole.OFFICER))
    operator = rules.may_see_as_staff(application, by=staff(StaffRole.OPERATOR, None))

    assert own.allowed is operator.allowed is not is_draft
    assert not rules.may_see_as_staff(application, by=staff(StaffRole.OFFICER, STRANGERS)).allowed
    assert not rules.may_see_as_staff(application, by=staff(StaffRole.COMMS, None)).allowed


def test_the_tables_know_every_state():
    """S65: no state without moves, stage and colour; final states lead nowhere but 종료."""
    assert set(APPLICATION_MOVES) == set(STAGE_OF) == set(STATE_TONES) == set(ApplicationState)
    assert set(STAGE_OF.values()) == set(range(1, len(STAGES) + 1))
    for state in FINAL_STATES:
        assert APPLICATION_MOVES[state] <= {ApplicationState.CLOSED}


@pytest.mark.parametrize("needed", ["draft", "submitted", "withdrawn", "under_check", "closed"])
def test_the_states_of_the_manual_exist(needed):
    """S65: draft, submitted, withdrawn, under check, completion asked, accepted, …, closed."""
    assert needed in ApplicationState.values
