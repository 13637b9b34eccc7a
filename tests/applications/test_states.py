"""The table of states: who may move what, which mail follows, and a model that walks it."""

from itertools import product

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from applications import rules
from applications.enums import FINAL_STATES, MOVES, ApplicationState, Mover
from applications.models import Application
from applications.services import afterwards, events, moves
from members.enums import StaffRole
from members.models import OutboxMail
from members.rules import ALLOWED
from tests.applications.conftest import no_wait
from tests.factories.applications import ApplicationFactory
from tests.factories.cms import NoticePageFactory
from tests.factories.members import StaffFactory

pytestmark = pytest.mark.django_db

# Rows: from; columns: to. C the company, O officer and manager, M the manager alone, B both sides.
MATRIX = """
                  sub und cor acc rev sel wai not ret wit giv clo
draft              C   .   .   .   .   .   .   .   .   .   .   .
submitted          .   O   .   .   .   .   .   .   O   C   .   .
under_check        .   .   O   O   .   .   .   .   O   C   .   .
correction_asked   .   B   .   .   .   .   .   .   O   C   .   .
accepted           .   O   .   .   O   M   M   M   .   C   .   .
in_review          .   .   .   .   .   M   M   M   .   .   .   .
selected           .   .   .   .   .   .   .   .   .   .   C   O
waiting            .   .   .   .   .   M   .   M   .   .   C   .
not_selected       .   .   .   .   .   .   .   .   .   .   .   O
returned           .   .   .   .   .   .   .   .   .   .   .   .
withdrawn          .   .   .   .   .   .   .   .   .   .   .   .
given_up           .   .   .   .   .   .   .   .   .   .   .   .
closed             .   .   .   .   .   .   .   .   .   .   .   .
"""
TARGETS = [state for state in ApplicationState if state != ApplicationState.DRAFT]
STATES = list(ApplicationState)
LETTERS = {
    frozenset({Mover.COMPANY}): "C",
    frozenset({Mover.OFFICER}): "O",
    frozenset({Mover.MANAGER}): "M",
    frozenset({Mover.COMPANY, Mover.OFFICER}): "B",
}


def drawn():
    """Return {(from, to): letter} as the matrix above draws it."""
    rows = [line.split() for line in MATRIX.strip().splitlines()[1:]]
    return {(row[0], to.value): row[1 + n] for row in rows for n, to in enumerate(TARGETS)}


DRAWN = drawn()


def test_the_table_is_the_drawn_matrix():
    """S65: every pair of states, by hand here and as one table in the code."""
    table = {(move.source, move.target): LETTERS[move.by] for move in MOVES}

    assert {pair: letter for pair, letter in DRAWN.items() if letter != "."} == table
    assert len(MOVES) == len(table)
    assert all(move.source not in FINAL_STATES - {"not_selected"} for move in MOVES)


@pytest.mark.parametrize(
    ("role", "own", "letters"),
    [
        (StaffRole.OFFICER, True, "OB"),
        (StaffRole.MANAGER, True, "OBM"),
        (StaffRole.OFFICER, False, ""),
        (StaffRole.MANAGER, False, ""),
        (StaffRole.COMMS, False, ""),
        (StaffRole.OPERATOR, False, ""),
    ],
)
def test_every_role_in_every_state(two_agencies, role, own, letters):
    """S63, S65, ASVS 8.1.1: roles x states x moves; strangers and other roles move nothing."""
    notice = NoticePageFactory(agency=two_agencies.a)
    agency = two_agencies.a if own else two_agencies.b
    by = StaffFactory(staff_role=role, agency=agency if role in {"officer", "manager"} else None)
    application = ApplicationFactory(submitted=True, notice=notice)

    for source, to in product(STATES, TARGETS):
        application.state = source
        allowed = rules.may_move(application, to=to, by=by).allowed
        assert allowed is (DRAWN[source, to] in set(letters)), (source, to)


@pytest.mark.parametrize("move", MOVES[1:], ids=lambda move: f"{move.source}-{move.target}")
def test_each_move_sends_the_mail_of_its_row(site, at, move):
    """S65: the company learns every step; the kind stands in the table."""
    application = ApplicationFactory(submitted=True)
    Application.objects.filter(pk=application.pk).update(state=move.source)
    application.refresh_from_db()
    manager = StaffFactory(agency=application.notice.agency, manager=True)
    person = application.created_by

    if move.target == ApplicationState.WITHDRAWN:
        afterwards.withdraw_application(
            application=application, by=person, reason="사유", waited=no_wait
        )
    elif move.target == ApplicationState.GIVEN_UP:
        afterwards.give_up_place(application=application, by=person, reason="사유", at=at)
    else:
        moves.move_application(
            application=application, to=move.target, by=manager, at=at, reason="사유"
        )

    assert [mail.kind for mail in OutboxMail.objects.all()] == [move.mail]
    assert OutboxMail.objects.get().to == person.email


class Life(RuleBasedStateMachine):
    """An application between its company, two officers' pages and the manager.

    `state` is what the model believes; `pages` what each officer's page showed when it was opened.
    """

    def __init__(self):
        super().__init__()
        self.application = ApplicationFactory(submitted=True)
        agency = self.application.notice.agency
        self.people = {
            Mover.OFFICER: StaffFactory(agency=agency),
            Mover.MANAGER: StaffFactory(agency=agency, manager=True),
        }
        self.stranger = StaffFactory(manager=True)
        self.state = ApplicationState.SUBMITTED
        self.pages = dict.fromkeys(self.people, self.state)
        self.steps = []

    def went(self, to):
        self.steps.append((self.state.value, to))
        self.state = ApplicationState(to)

    @rule(who=st.sampled_from([Mover.OFFICER, Mover.MANAGER]))
    def opens_the_page(self, who):
        self.pages[who] = self.state

    @rule(
        who=st.sampled_from([Mover.OFFICER, Mover.MANAGER]),
        to=st.sampled_from(TARGETS),
        reason=st.sampled_from(["", "사유"]),
    )
    def staff_moves(self, who, to, reason):
        letters = "OB" if who == Mover.OFFICER else "OBM"
        needs_reason = to in {"correction_asked", "not_selected", "returned"}
        may = (
            self.pages[who] == self.state
            and DRAWN[self.state, to] in set(letters)
            and (reason or not needs_reason)
        )
        try:
            moves.move_application(
                application=self.application,
                to=to,
                by=self.people[who],
                at=timezone.now(),
                reason=reason,
                seen=self.pages[who],
            )
        except (moves.MoveRefusedError, moves.MovedMeanwhileError, moves.ReasonMissingError):
            assert not may, f"{self.state} → {to} was refused to {who}"
            return
        assert may, f"{who} moved {self.state} → {to}, page showed {self.pages[who]}"
        self.went(to)

    @rule(to=st.sampled_from(TARGETS))
    def a_stranger_moves_nothing(self, to):
        try:
            moves.move_application(
                application=self.application,
                to=to,
                by=self.stranger,
                at=timezone.now(),
                reason="사유",
            )
        except moves.MoveRefusedError:
            return
        raise AssertionError("a stranger moved it")

    @rule(step=st.sampled_from(["withdraw", "give up", "answer"]))
    def company_acts(self, step):
        person, at = self.application.created_by, timezone.now()
        to = {"withdraw": "withdrawn", "give up": "given_up", "answer": "under_check"}[step]
        letters = {"B"} if step == "answer" else {"C"}
        may = DRAWN[self.state, to] in letters
        try:
            if step == "withdraw":
                afterwards.withdraw_application(
                    application=self.application, by=person, reason="사유", waited=no_wait
                )
            elif step == "give up":
                afterwards.give_up_place(
                    application=self.application, by=person, reason="사유", at=at
                )
            else:
                afterwards.answer_corrections(application=self.application, by=person, at=at)
        except afterwards.WithdrawalRefusedError:
            assert not may
            return
        # A second withdrawing, giving up or answering changes nothing and is no error.
        if may:
            self.went(to)

    @invariant()
    def state_history_and_mails_agree(self):
        stored = Application.objects.get(pk=self.application.pk)
        events = stored.events.values_list("from_state", "to_state")
        assert stored.state == self.state
        assert list(events) == self.steps
        assert OutboxMail.objects.filter(company=stored.company).count() == len(self.steps)


def walk(examples, steps, phases=tuple(Phase)):
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
            phases=phases,
        ),
    )


def test_a_life_of_an_application_follows_the_table(site):
    """S65, security.md 2 row 17: random steps of company, officer, manager and strangers."""
    walk(6, 12)


@pytest.mark.long
def test_many_lives_of_an_application_follow_the_table(site):
    """S65: the same at length."""
    walk(300, 40)


GUARDS = {
    "who may": lambda patch: patch.setattr(rules, "may_move", lambda *args, **kwargs: ALLOWED),
    "history": lambda patch: patch.setattr(
        events, "record_event", lambda **kwargs: kwargs["application"]
    ),
    "own agency": lambda patch: patch.setattr(
        rules, "is_agency_staff_of", lambda notice, *, by: True
    ),
}


@pytest.mark.parametrize("guard", GUARDS)
def test_the_walk_goes_red_without_a_guard(site, monkeypatch, guard):
    """The witnesses: with one guard taken out, the model finds it."""
    GUARDS[guard](monkeypatch)

    with pytest.raises(AssertionError):
        walk(20, 15, phases=(Phase.generate,))
