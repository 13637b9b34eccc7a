"""Asking the business register: after joining, yearly, before a selection; kept as history."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from members.enums import MembershipState, RegistryReason, RegistryState
from members.models import Company, RegistryCheck
from members.registry import (
    MAX_NUMBERS,
    BusinessFacts,
    RegistryAnswer,
    RegistryDownError,
    RegistryRefusedError,
    ask_match,
    ask_states,
    is_registry_on,
    may_be_sent,
)

CHECK_AGAIN_AFTER = timedelta(days=365)
# Who stopped or is unknown to the register is not selected without a look.
DOUBTFUL = frozenset({RegistryState.PAUSED, RegistryState.CLOSED, RegistryState.UNREGISTERED})
ASKED_STATES = frozenset(set(MembershipState) - {MembershipState.LEFT, MembershipState.REFUSED})


def check_due_companies(*, at: datetime, limit: int = 1_000) -> int:
    """Ask about companies that were never asked about, and about all others once a year.

    New companies are also compared by opening day and representative. Returns how many were
    asked about. Raises RegistryDownError and RegistryRefusedError; what was learnt before stays.
    """
    due = Company.objects.filter(
        Q(registry_checked_at__isnull=True) | Q(registry_checked_at__lte=at - CHECK_AGAIN_AFTER),
        membership_state__in=ASKED_STATES,
    ).order_by("registry_checked_at", "pk")
    new: list[Company] = []
    old: list[Company] = []
    for company in due[:limit]:
        (new if company.registry_checked_at is None else old).append(company)
    asked = check_companies(companies=new, reason=RegistryReason.JOINING, at=at)
    return asked + check_companies(companies=old, reason=RegistryReason.YEARLY, at=at)


def check_companies(*, companies: Sequence[Company], reason: RegistryReason, at: datetime) -> int:
    """Ask about these companies now and keep the answers; returns how many were answered.

    Raises RegistryDownError and RegistryRefusedError.
    """
    if not is_registry_on():
        return 0
    sendable = [company for company in companies if may_be_sent(company.business_number)]
    answered = 0
    for start in range(0, len(sendable), MAX_NUMBERS):
        batch = sendable[start : start + MAX_NUMBERS]
        answers = ask_states([company.business_number for company in batch])
        for company in batch:
            if answer := answers.get(company.business_number):
                matches = _match(company) if reason == RegistryReason.JOINING else None
                _keep(company, answer, matches, reason, at)
                answered += 1
    return answered


def doubtful_before_selection(
    *, companies: Iterable[Company], at: datetime
) -> dict[Company, RegistryState]:
    """Ask again before a selection and return the companies that are not plainly running.

    While the register is off or down, what is known already counts: nobody is selected or
    refused by this alone, the officer is shown it.
    """
    wanted = list(companies)
    with suppress(RegistryDownError, RegistryRefusedError):
        check_companies(companies=wanted, reason=RegistryReason.SELECTION, at=at)
    known = Company.objects.in_bulk([company.pk for company in wanted])
    return {
        company: RegistryState(known[company.pk].registry_state)
        for company in wanted
        if known[company.pk].registry_state in DOUBTFUL
    }


def _match(company: Company) -> bool:
    return ask_match(
        BusinessFacts(company.business_number, company.founded_date, company.representative)
    )


@transaction.atomic
def _keep(
    company: Company,
    answer: RegistryAnswer,
    matches: bool | None,
    reason: RegistryReason,
    at: datetime,
) -> None:
    company = Company.objects.select_for_update(of=("self",)).get(pk=company.pk)
    RegistryCheck.objects.create(
        company=company,
        at=at,
        reason=reason,
        previous_state=company.registry_state,
        state=answer.state,
        ended_date=answer.ended_date,
        tax_type=answer.tax_type,
        matches=matches,
    )
    company.registry_state = answer.state
    company.registry_checked_at = at
    company.save(update_fields=["registry_state", "registry_checked_at"])
