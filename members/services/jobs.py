"""Whose turn it is among the scheduled jobs, over any number of runners (docs/operations.md)."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from members.models import ScheduledJob

# Longer than any job takes; a runner that was killed keeps its job from others this long.
LEASE = timedelta(minutes=30)


@transaction.atomic
def register_jobs(*, jobs: Iterable[tuple[str, str, timedelta]], at: datetime) -> int:
    """Keep one row for each job (name, title, period) and none for jobs that are gone.

    A new job is due at once. Returns how many there are.
    """
    names = []
    for name, title, every in jobs:
        row, _ = ScheduledJob.objects.get_or_create(
            name=name, defaults={"title": title, "every": every, "due_at": at}
        )
        if (row.title, row.every) != (title, every):
            row.title, row.every = title, every
            row.save(update_fields=["title", "every"])
        names.append(name)
    ScheduledJob.objects.exclude(name__in=names).delete()
    return len(names)


def claim_next(*, at: datetime) -> ScheduledJob | None:
    """Take the job that waits longest, or None: no two runners ever get the same turn.

    The next turn is one period from now, so that a long pause is caught up by one run.
    """
    for job in ScheduledJob.objects.due_at(at):
        claimed = (
            ScheduledJob.objects.due_at(at)
            .filter(pk=job.pk)
            .order_by()
            .update(started_at=at, leased_until=at + LEASE, due_at=at + F("every"))
        )
        if claimed:
            job.refresh_from_db()
            return job
    return None


def finish_job(*, job: ScheduledJob, at: datetime, error: str = "") -> None:
    """Note how a turn ended and give the lease back, unless another runner has it by now.

    `error` holds the kind and place of a failure, never its text: that may name a person.
    """
    ended = {"failed_at": at, "last_error": error[:200]} if error else {"succeeded_at": at}
    ScheduledJob.objects.filter(pk=job.pk, started_at=job.started_at).update(
        leased_until=None, **ended
    )
