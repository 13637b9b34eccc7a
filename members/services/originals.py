"""Paper originals arrive at the desk of the agency that a company chose (S32, decision A9)."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from members.enums import MembershipState, PaperSlot
from members.membership import ORIGINALS
from members.models import Agency, OriginalsFile, User
from members.services.membership import move_membership


class OriginalsNotExpectedError(Exception):
    """The company is not in a state in which originals are received."""


class SameAgencyError(Exception):
    """The originals are at this agency already."""


RECEIVING_STATES = frozenset(
    {MembershipState.WAITING, MembershipState.PROVISIONAL, MembershipState.FULL}
)


@transaction.atomic
def receive_originals(
    *, originals: OriginalsFile, slots: Collection[str], by: User, at: datetime
) -> OriginalsFile:
    """Tick which originals have arrived; the last one makes a provisional member full.

    `slots`: values of PaperSlot out of `members.membership.ORIGINALS`; a tick set by mistake can
    be taken off until all have arrived. Raises OriginalsNotExpectedError.
    """
    originals = OriginalsFile.objects.select_for_update(of=("self",)).get(pk=originals.pk)
    company = originals.company
    if company.membership_state not in RECEIVING_STATES:
        raise OriginalsNotExpectedError
    wanted = [slot.value for slot in ORIGINALS]
    originals.received_slots = [slot for slot in wanted if slot in slots]
    is_complete = originals.received_slots == wanted
    if is_complete and originals.completed_at is None:
        originals.completed_at = at
    elif not is_complete:
        originals.completed_at = None
    originals.save(update_fields=["received_slots", "completed_at"])
    if is_complete and company.membership_state == MembershipState.PROVISIONAL:
        move_membership(
            company=company, to=MembershipState.FULL, by=by, at=at, reason="원본서류 접수 완료"
        )
    return originals


@transaction.atomic
def hand_over_originals(
    *, originals: OriginalsFile, agency: Agency, by: User, at: datetime
) -> OriginalsFile:
    """Hand a company's originals to another agency, which sees the company from then on (A9)."""
    originals = OriginalsFile.objects.select_for_update(of=("self",)).get(pk=originals.pk)
    if originals.agency_id == agency.pk:
        raise SameAgencyError
    company = originals.company
    originals.handed_over_from = originals.agency
    originals.agency = agency
    originals.save(update_fields=["agency", "handed_over_from"])
    company.originals_agency = agency
    company.save(update_fields=["originals_agency"])
    return originals


def slot_labels() -> list[tuple[str, str]]:
    """Return the originals as choices, in the order of the cover sheet."""
    return [(slot.value, f"{PaperSlot(slot).label} 원본") for slot in ORIGINALS]
