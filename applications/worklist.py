"""The piles of an agency's work list, each a condition on applications; reads only."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from applications.enums import FINAL_STATES, ApplicationState, Queue
from applications.models import Application, CorrectionRequest, ReadMark
from applications.models.applications import ApplicationQuerySet
from members.models import Agency, User

# An application that nobody finished checking for so long is overdue.
CHECK_WITHIN = timedelta(days=7)
SHOWN_IN_A_PILE = 5
PILES = (Queue.NEW, Queue.ANSWERED, Queue.UNDECIDED, Queue.OVERDUE, Queue.UNREAD, Queue.MINE)


@dataclass(frozen=True)
class Pile:
    """One pile: how many there are, and the oldest few."""

    queue: Queue
    count: int
    rows: list[Application]


def queue_filter(queue: str, *, at: datetime, person: User) -> Q:
    """Return the condition of one pile; `person` is whose unread and own ones are meant."""
    requests = CorrectionRequest.objects.filter(application=OuterRef("pk"))
    unanswered = requests.filter(answered_at__isnull=True, dropped_at__isnull=True)
    open_states = (ApplicationState.SUBMITTED, ApplicationState.UNDER_CHECK)
    conditions = {
        Queue.NEW: Q(state=ApplicationState.SUBMITTED),
        Queue.ANSWERED: Q(state=ApplicationState.UNDER_CHECK)
        & Q(Exists(requests.filter(answered_at__isnull=False))),
        Queue.UNDECIDED: Q(state__in=(ApplicationState.ACCEPTED, ApplicationState.IN_REVIEW)),
        Queue.OVERDUE: Q(state__in=open_states, submitted_at__lte=at - CHECK_WITHIN)
        | Q(state=ApplicationState.CORRECTION_ASKED) & Q(Exists(unanswered.filter(due_at__lte=at))),
        Queue.MINE: Q(assignee=person) & ~Q(state__in=FINAL_STATES),
        Queue.UNREAD: ~Q(Exists(marks_of(person))),
    }
    return conditions[Queue(queue)]


def marks_of(person: User) -> QuerySet[ReadMark]:
    """Return the person's marks that are as new as the application they stand on."""
    return ReadMark.objects.filter(
        application=OuterRef("pk"), person=person, at__gte=OuterRef("updated_at")
    )


def with_unread(rows: ApplicationQuerySet, *, person: User) -> ApplicationQuerySet:
    """Annotate `is_unread`: changed since this person opened it last."""
    return rows.annotate(is_unread=~Exists(marks_of(person)))


def piles_of(agency: Agency, *, person: User, at: datetime) -> list[Pile]:
    """Return every pile of an agency with its oldest rows; a fixed number of queries."""
    own = Application.objects.on_notices_of(agency)
    conditions = {queue: queue_filter(queue, at=at, person=person) for queue in PILES}
    counts = own.aggregate(
        **{queue.value: Count("pk", filter=condition) for queue, condition in conditions.items()}
    )
    shown = with_unread(own, person=person).select_related("company", "notice", "assignee")
    shown = shown.defer("snapshot").order_by("submitted_at", "pk")
    return [
        Pile(queue, counts[queue.value], list(shown.filter(condition)[:SHOWN_IN_A_PILE]))
        for queue, condition in conditions.items()
    ]


def colleagues_of(agency: Agency) -> QuerySet[User]:
    """Return the active people of an agency, whom an application may be given to.

    The accounts of its systems (API tokens) are nobody's colleagues and stay unnamed.
    """
    people = User.objects.active().filter(agency=agency, api_token__isnull=True)
    return people.order_by("name", "pk")
