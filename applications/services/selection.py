"""Selecting (domain.md section 2): set up, score, propose, decide, announce, move the list up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from applications import emails, rules, standings
from applications.enums import ApplicationState, SelectionMethod
from applications.models import (
    Application,
    Conflict,
    Criterion,
    Proposal,
    Reviewer,
    Score,
    Selection,
)
from applications.services.events import change_state
from applications.services.moves import MoveRefusedError
from applications.services.notifying import mail_applicant
from cms.models import NoticePage
from members.enums import StaffRole
from members.models import User

MOVED_UP = "앞 순번의 기업이 포기하여 예비 순번에 따라 선정되었습니다."


class SelectionClosedError(Exception):
    """What is decided is not changed any more."""


class NotReadyError(Exception):
    """Something has to be finished first; `reasons` says what, for people."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = reasons


class NotAReviewerError(Exception):
    """Only the named reviewers score, and only what they have no conflict with."""


@dataclass(frozen=True)
class Plan:
    """What an officer sets up: the fields of Selection, criteria (label, weight), reviewers."""

    method: str
    waiting_places: int | None
    refusal_reason: str
    announce_at: datetime
    appeal_until: datetime | None
    criteria: Sequence[tuple[str, int]]
    reviewers: Sequence[User]


@transaction.atomic
def set_up_selection(*, notice: NoticePage, plan: Plan, by: User, at: datetime) -> Selection:
    """Say how a notice selects, or say it anew until something was scored or decided.

    Dates and words may change until the decision; criteria and reviewers until the first score.
    Raises MoveRefusedError for a stranger, SelectionClosedError, and NotReadyError.
    """
    _require_agency(notice, by)
    values = {
        "method": plan.method,
        "waiting_places": plan.waiting_places,
        "refusal_reason": plan.refusal_reason,
        "announce_at": plan.announce_at,
        "appeal_until": plan.appeal_until,
    }
    selection, _ = Selection.objects.select_for_update(of=("self",)).get_or_create(
        notice=notice, defaults={**values, "created_at": at, "created_by": by}
    )
    if selection.decided_at is not None:
        raise SelectionClosedError
    for name, value in values.items():
        setattr(selection, name, value)
    selection.save()
    _set_panel(selection, plan)
    return selection


def _set_panel(selection: Selection, plan: Plan) -> None:
    """Write criteria and reviewers where they differ; refused once somebody scored."""
    people = [
        person for person in plan.reviewers if rules.is_agency_staff_of(selection.notice, by=person)
    ]
    now = [(row.label, row.weight) for row in selection.criteria.all()]
    named = {row.person_id for row in selection.reviewers.all()}
    if now == list(plan.criteria) and named == {person.pk for person in people}:
        return
    if Score.objects.filter(reviewer__selection=selection).exists():
        raise NotReadyError(["이미 점수가 있어 심사 항목과 심사위원을 바꿀 수 없습니다."])
    Conflict.objects.filter(reviewer__selection=selection).delete()
    selection.criteria.all().delete()
    selection.reviewers.all().delete()
    for label, weight in plan.criteria:
        Criterion.objects.create(selection=selection, label=label, weight=weight)
    for person in people:
        Reviewer.objects.create(selection=selection, person=person)


@transaction.atomic
def give_scores(
    *,
    selection: Selection,
    application: Application,
    points: Mapping[int, int],
    has_conflict: bool,
    by: User,
    at: datetime,
) -> None:
    """Write one reviewer's points (criterion's key to 0..100) for one application, or a conflict.

    A marked conflict takes the reviewer's points for it away. Raises NotAReviewerError,
    SelectionClosedError.
    """
    selection = _locked(selection)
    if selection.decided_at is not None:
        raise SelectionClosedError
    reviewer = selection.reviewers.filter(person=by).first()
    if reviewer is None or application.notice_id != selection.notice_id:
        raise NotAReviewerError
    reviewer.scores.filter(application=application).delete()
    reviewer.conflicts.filter(application=application).delete()
    if has_conflict:
        Conflict.objects.create(reviewer=reviewer, application=application, at=at)
        return
    for criterion in selection.criteria.all():
        if criterion.pk in points:
            Score.objects.create(
                reviewer=reviewer,
                application=application,
                criterion=criterion,
                points=points[criterion.pk],
                at=at,
            )


@transaction.atomic
def propose_results(*, selection: Selection, by: User, at: datetime) -> list[Proposal]:
    """Put everybody in order and propose: the capacity is selected, then the waiting list.

    First come by the moment of intake, scored by the weighted mean. An earlier proposal is
    replaced. Raises MoveRefusedError, SelectionClosedError, and NotReadyError naming what is open.
    """
    selection = _locked(selection)
    _require_agency(selection.notice, by)
    if selection.decided_at is not None:
        raise SelectionClosedError
    obstacles = standings.obstacles(selection)
    if obstacles:
        raise NotReadyError(obstacles)
    selection.proposals.all().delete()
    return [
        Proposal.objects.create(
            selection=selection,
            application=standing.application,
            result=result,
            rank=standing.rank,
            reason=selection.refusal_reason if result == ApplicationState.NOT_SELECTED else "",
            proposed_at=at,
            proposed_by=by,
        )
        for standing, result in standings.shared_out(selection)
    ]


@transaction.atomic
def decide_selection(*, selection: Selection, by: User, at: datetime) -> Selection:
    """Decide what is proposed: the manager's alone. Nothing is told before `announce_at`.

    Raises MoveRefusedError, SelectionClosedError where it was decided before, NotReadyError.
    """
    selection = _locked(selection)
    _require_agency(selection.notice, by)
    if by.staff_role != StaffRole.MANAGER:
        raise MoveRefusedError(rules.refused("선정 결과는 기관 책임자가 정합니다."))
    if selection.decided_at is not None:
        raise SelectionClosedError
    if not selection.proposals.exists():
        raise NotReadyError(["먼저 선정안을 만들어 주십시오."])
    selection.decided_at, selection.decided_by = at, by
    selection.save(update_fields=["decided_at", "decided_by"])
    return selection


def announce_due(*, at: datetime) -> int:
    """Announce every decided selection whose day has come; returns how many. Run every minute."""
    due = Selection.objects.filter(
        decided_at__isnull=False, announced_at__isnull=True, announce_at__lte=at
    )
    return sum(announce_results(selection=selection, at=at) for selection in due.order_by("pk"))


@transaction.atomic
def announce_results(*, selection: Selection, at: datetime) -> bool:
    """Give every application its result with reason and mail; False where it was done before.

    Who withdrew since the proposal keeps that state; the waiting list fills the free places.
    """
    selection = _locked(selection)
    if selection.announced_at is not None or selection.decided_by is None:
        return False
    selection.announced_at = at
    selection.save(update_fields=["announced_at"])
    for proposal in selection.proposals.select_related("application"):
        application = Application.objects.locked(proposal.application)
        if application.state in standings.DECIDABLE:
            _tell(application, proposal.result, proposal.reason, selection=selection, at=at)
    fill_free_places(notice=selection.notice, at=at)
    return True


@transaction.atomic
def fill_free_places(*, notice: NoticePage, at: datetime) -> list[Application]:
    """Select from the waiting list, in its order, while the notice has free places."""
    selection = (
        Selection.objects.select_for_update(of=("self",))
        .filter(notice=notice, announced_at__isnull=False)
        .first()
    )
    if selection is None or notice.capacity is None:
        return []
    ended = Q(state=ApplicationState.CLOSED) & ~Q(proposal__result=ApplicationState.NOT_SELECTED)
    taken = Application.objects.filter(
        Q(state=ApplicationState.SELECTED) | ended, notice=notice
    ).count()
    waiting = selection.proposals.filter(application__state=ApplicationState.WAITING)
    moved = []
    for proposal in waiting.order_by("rank")[: max(notice.capacity - taken, 0)]:
        application = Application.objects.locked(proposal.application)
        _tell(application, ApplicationState.SELECTED, MOVED_UP, selection=selection, at=at)
        moved.append(application)
    return moved


def _tell(
    application: Application, result: str, reason: str, *, selection: Selection, at: datetime
) -> None:
    """Write the result into a locked application, in the name of who decided, and mail it."""
    assert selection.decided_by is not None  # noqa: S101  (a constraint: announced means decided)
    change_state(
        application, to=ApplicationState(result), by=selection.decided_by, at=at, reason=reason
    )
    mail = emails.result_mail(application, reason=reason, appeal_until=selection.appeal_until)
    mail_applicant(application=application, mail=mail, at=at)


def _locked(selection: Selection) -> Selection:
    rows = Selection.objects.select_for_update(of=("self",))
    return rows.select_related("notice__agency", "decided_by").get(pk=selection.pk)


def _require_agency(notice: NoticePage, by: User) -> None:
    if not rules.is_agency_staff_of(notice, by=by):
        raise MoveRefusedError(rules.refused("다른 기관의 공고입니다."))


def is_scored(selection: Selection) -> bool:
    """Tell whether reviewers score this selection."""
    return selection.method == SelectionMethod.SCORING
