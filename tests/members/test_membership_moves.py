"""Memberships move by one service (domain.md section 2, S64)."""

import pytest

from members.enums import MEMBERSHIP_MOVES, MembershipState
from members.models import MembershipEvent, OutboxMail
from members.services import membership
from tests.factories.members import (
    CompanyFactory,
    MemberFactory,
    OriginalsFileFactory,
    StaffFactory,
)

pytestmark = pytest.mark.django_db

PAIRS = [(start, end) for start in MembershipState for end in MembershipState]


@pytest.mark.parametrize(("start", "end"), PAIRS)
def test_moves_follow_the_table(at, start, end):
    """domain.md 2: allowed moves as one table; everything else is refused."""
    company = CompanyFactory(membership_state=start)
    officer = StaffFactory()

    def move():
        return membership.move_membership(company=company, to=end, by=officer, at=at, reason="사유")

    if end in MEMBERSHIP_MOVES[start]:
        moved = move()
        assert moved.membership_state == end
        assert moved.membership_changed_at == at
        event = MembershipEvent.objects.get(company=company)
        assert (event.from_state, event.to_state, event.by) == (start, end, officer)
    else:
        with pytest.raises(membership.MoveNotAllowedError):
            move()
        assert not MembershipEvent.objects.exists()


@pytest.mark.parametrize("to", [MembershipState.REFUSED, MembershipState.SUSPENDED])
def test_bad_news_needs_a_reason(at, to):
    """domain.md 2: refused (reason; may send again)."""
    start = MembershipState.WAITING if to == MembershipState.REFUSED else MembershipState.FULL
    company = CompanyFactory(membership_state=start)

    with pytest.raises(membership.ReasonMissingError):
        membership.move_membership(company=company, to=to, by=None, at=at, reason="  ")


def test_the_master_is_told_by_mail(at):
    """S32: every act in the history, mail to the company."""
    master = MemberFactory(waiting=True, email="master@company.example")
    MemberFactory(company=master.company, colleague=True, email="colleague@company.example")

    membership.approve_joining(company=master.company, by=StaffFactory(), at=at)

    assert [mail.to for mail in OutboxMail.objects.all()] == ["master@company.example"]


def test_without_a_master_the_company_is_told(at):
    """S41: the representative mail."""
    company = CompanyFactory(waiting=True, email="office@company.example")

    membership.approve_joining(company=company, by=StaffFactory(), at=at)

    assert OutboxMail.objects.get().to == "office@company.example"


def test_an_address_that_cannot_receive_holds_nothing_up(at):
    """security.md 16.5: degrade, do not fail."""
    company = CompanyFactory(waiting=True, email="")

    moved = membership.approve_joining(company=company, by=StaffFactory(), at=at)

    assert moved.membership_state == MembershipState.PROVISIONAL
    assert not OutboxMail.objects.exists()


def test_approval_needs_a_waiting_company(at):
    """S32: a suspended company is not let in by the screening."""
    company = CompanyFactory(suspended=True)

    with pytest.raises(membership.MoveNotAllowedError):
        membership.approve_joining(company=company, by=StaffFactory(), at=at)


def test_full_members_owe_no_originals(at):
    """S32, decision A8: the mark goes with the last original."""
    company = CompanyFactory(provisional=True)
    OriginalsFileFactory(company=company)

    moved = membership.promote_to_full(company=company, by=StaffFactory(), at=at)

    assert moved.originals_due_since is None


@pytest.mark.parametrize("state", [MembershipState.FULL, MembershipState.PROVISIONAL])
def test_a_resumed_member_is_what_it_was(at, state):
    """S64: full/provisional ↔ suspended."""
    company = CompanyFactory(membership_state=state)
    operator = StaffFactory(operator=True)
    membership.suspend(company=company, by=operator, at=at, reason="조사")

    moved = membership.resume(company=company, by=operator, at=at)

    assert moved.membership_state == state


def test_only_a_suspended_member_resumes(at):
    """S64."""
    with pytest.raises(membership.MoveNotAllowedError):
        membership.resume(company=CompanyFactory(), by=StaffFactory(operator=True), at=at)
