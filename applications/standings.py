"""The order of a selection: who stands where, what is still open; reads only.

Scores stay blind until all are in: `standings_of` gives means to nobody before.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from applications.enums import ApplicationState, DocumentState, SelectionMethod
from applications.models import Application, Conflict, Reviewer, Score, Selection, SubmittedDocument

DECIDABLE = (ApplicationState.ACCEPTED, ApplicationState.IN_REVIEW)
UNFINISHED = (
    ApplicationState.SUBMITTED,
    ApplicationState.UNDER_CHECK,
    ApplicationState.CORRECTION_ASKED,
)


@dataclass(frozen=True)
class Standing:
    """One application's place; `mean` is None in a first-come selection and while blind."""

    rank: int
    application: Application
    mean: float | None = None


@dataclass(frozen=True)
class Progress:
    """How far one reviewer is: applications done (scored or in conflict) of all."""

    reviewer: Reviewer
    done: int
    total: int

    @property
    def is_done(self) -> bool:
        return self.done >= self.total


def candidates(selection: Selection) -> list[Application]:
    """Return the applications that can be decided, by the moment of intake."""
    rows = Application.objects.filter(notice=selection.notice, state__in=DECIDABLE)
    return list(
        rows.select_related("company").defer("snapshot").order_by("submitted_at", "receipt_number")
    )


def progress_of(selection: Selection) -> list[Progress]:
    """Return each reviewer's progress; four queries whatever the size."""
    rows = candidates(selection)
    keys = {row.pk for row in rows}
    criteria = selection.criteria.count()
    scored: dict[tuple[int, int], int] = defaultdict(int)
    for pair in Score.objects.filter(reviewer__selection=selection).values_list(
        "reviewer_id", "application_id"
    ):
        scored[pair] += 1
    done: dict[int, int] = defaultdict(int)
    for (reviewer, application), count in scored.items():
        done[reviewer] += application in keys and count == criteria
    for reviewer, application in conflict_pairs(selection):
        done[reviewer] += application in keys
    people = selection.reviewers.select_related("person")
    return [Progress(reviewer, done[reviewer.pk], len(rows)) for reviewer in people]


def conflict_pairs(selection: Selection) -> set[tuple[int, int]]:
    """Return (reviewer, application) of every marked conflict."""
    rows = Conflict.objects.filter(reviewer__selection=selection)
    return set(rows.values_list("reviewer_id", "application_id"))


def means_of(selection: Selection) -> dict[int, float]:
    """Return each application's mean over its reviewers of the weighted points, 0 to 100."""
    weights = {criterion.pk: criterion.weight for criterion in selection.criteria.all()}
    total = sum(weights.values()) or 1
    sums: dict[tuple[int, int], int] = defaultdict(int)
    for score in Score.objects.filter(reviewer__selection=selection):
        sums[score.application_id, score.reviewer_id] += score.points * weights[score.criterion_id]
    by_application: dict[int, list[float]] = defaultdict(list)
    for (application, _), points in sums.items():
        by_application[application].append(points / total)
    return {pk: sum(points) / len(points) for pk, points in by_application.items()}


def is_blind(selection: Selection) -> bool:
    """Tell whether some reviewer has not scored everything yet."""
    if selection.method != SelectionMethod.SCORING:
        return False
    return not all(progress.is_done for progress in progress_of(selection))


def standings_of(selection: Selection) -> list[Standing]:
    """Return the order: by intake, or by mean where all scores are in (a tie: by intake)."""
    rows = candidates(selection)
    if selection.method != SelectionMethod.SCORING or is_blind(selection):
        return [Standing(rank, row) for rank, row in enumerate(rows, start=1)]
    means = means_of(selection)
    ordered = sorted(rows, key=lambda row: -means.get(row.pk, 0.0))
    return [Standing(rank, row, means.get(row.pk)) for rank, row in enumerate(ordered, start=1)]


def shared_out(selection: Selection) -> Iterator[tuple[Standing, ApplicationState]]:
    """Yield each standing with the result its place leads to."""
    capacity, waiting = selection.notice.capacity, selection.waiting_places
    for standing in standings_of(selection):
        if capacity is None or standing.rank <= capacity:
            yield standing, ApplicationState.SELECTED
        elif waiting is None or standing.rank <= capacity + waiting:
            yield standing, ApplicationState.WAITING
        else:
            yield standing, ApplicationState.NOT_SELECTED


def obstacles(selection: Selection) -> list[str]:
    """Return what has to be finished before anything is proposed, as sentences."""
    on_notice = Application.objects.filter(notice=selection.notice)
    open_count = on_notice.filter(state__in=UNFINISHED).count()
    found = []
    if open_count:
        found.append(f"서류 검토가 끝나지 않은 신청이 {open_count:,}건 있습니다.")
    redo = SubmittedDocument.objects.current().filter(
        application__notice=selection.notice,
        application__state__in=DECIDABLE,
        state=DocumentState.REDO,
    )
    if redo.exists():
        found.append(f"보완이 필요한 서류가 {redo.count():,}건 남아 있습니다.")
    if not on_notice.filter(state__in=DECIDABLE).exists():
        found.append("서류가 확인된 신청이 없습니다.")
    if selection.method == SelectionMethod.SCORING:
        found += scoring_obstacles(selection)
    return found


def scoring_obstacles(selection: Selection) -> list[str]:
    """Return what a scored selection lacks: a panel, scores, somebody without a conflict."""
    if not selection.criteria.exists() or not selection.reviewers.exists():
        return ["심사 항목과 심사위원을 먼저 정해 주십시오."]
    late = [
        progress.reviewer.person.name for progress in progress_of(selection) if not progress.is_done
    ]
    if late:
        return [f"아직 심사하지 않은 위원이 있습니다: {', '.join(late)}"]
    means = means_of(selection)
    unscored = [row.receipt_number or "" for row in candidates(selection) if row.pk not in means]
    if unscored:
        return [f"심사할 수 있는 위원이 없는 신청이 있습니다: {', '.join(unscored)}"]
    return []
