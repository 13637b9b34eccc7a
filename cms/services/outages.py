"""Outages: logged, and made good by one act over the notices they hit (domain.md 5.1)."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from cms.models import IntakeChange, NoticePage, Outage
from cms.rules import fair_closing
from cms.selectors import notices_hit_by
from cms.services.notices import ReasonMissingError, change_intake, lock_intake
from members.models import User


class OutageInFutureError(Exception):
    """Only an outage that is over can be logged."""


class OutageAppliedError(Exception):
    """The extension of this outage was given already."""


class NothingToExtendError(Exception):
    """None of the chosen notices was hit by the outage."""


@transaction.atomic
def log_outage(
    *, started_at: datetime, ended_at: datetime, description: str, by: User, at: datetime
) -> Outage:
    """Write down an outage that is over. Raises OutageInFutureError, ValidationError."""
    if ended_at > at:
        raise OutageInFutureError
    outage = Outage(
        started_at=started_at,
        ended_at=ended_at,
        description=description,
        logged_at=at,
        logged_by=by,
    )
    outage.full_clean()
    outage.save()
    return outage


@transaction.atomic
def apply_extensions(
    *, outage: Outage, codes: Collection[str], reason: str, by: User, at: datetime
) -> list[IntakeChange]:
    """Give the chosen notices their fair extension, all or none, each in its own history.

    `codes`: notices among those the outage hit; others are left alone. The closing times are
    computed anew under each notice's lock. Raises ReasonMissingError, OutageAppliedError,
    NothingToExtendError.
    """
    if not reason.strip():
        raise ReasonMissingError
    outage = Outage.objects.select_for_update(of=("self",)).get(pk=outage.pk)
    if outage.applied_at is not None:
        raise OutageAppliedError
    chosen = notices_hit_by(outage).filter(code__in=codes).order_by("pk")
    changes = [
        change
        for notice in chosen
        if (change := _extend(notice, outage, reason=reason, by=by, at=at)) is not None
    ]
    if not changes:
        raise NothingToExtendError
    outage.applied_at, outage.applied_by = at, by
    outage.save(update_fields=["applied_at", "applied_by"])
    return changes


def _extend(
    notice: NoticePage, outage: Outage, *, reason: str, by: User, at: datetime
) -> IntakeChange | None:
    """Extend one notice, unless its closing was moved out of the outage meanwhile."""
    live = lock_intake(notice)
    closes_at = fair_closing(live, started_at=outage.started_at, ended_at=outage.ended_at)
    if closes_at is None:
        return None
    change = change_intake(
        notice=live, changes={"intake_closes_at": closes_at}, reason=reason, by=by, at=at
    )
    change.outage = outage
    change.save(update_fields=["outage"])
    return change
