"""Paper originals arrive at the desk of the agency that a company chose (S32, decision A9)."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from members.enums import MembershipState, OriginalsAct, PaperSlot
from members.membership import ORIGINALS
from members.models import Agency, OriginalsFile, User
from members.services.membership import move_membership
from members.services.originals_events import record_originals_event, tell_company


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
    before = list(originals.received_slots)
    originals.received_slots = [slot for slot in wanted if slot in slots]
    is_complete = originals.received_slots == wanted
    if is_complete and originals.completed_at is None:
        originals.completed_at = at
    elif not is_complete:
        originals.completed_at = None
    originals.save(update_fields=["received_slots", "completed_at"])
    if originals.received_slots != before:
        _note_arrival(originals, is_complete=is_complete, by=by, at=at)
    if is_complete and company.originals_due_since is not None:
        company.originals_due_since = None
        company.save(update_fields=["originals_due_since"])
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
    record_originals_event(
        originals=originals,
        act=OriginalsAct.HANDED_OVER,
        by=by,
        at=at,
        note=f"{originals.handed_over_from}에서 {agency}(으)로",
    )
    tell_company(
        company=company,
        kind="originals_handed_over",
        subject="원본서류의 접수 기관이 바뀌었습니다",
        lead=f"원본서류의 접수 기관이 {agency}(으)로 바뀌었습니다.",
        at=at,
    )
    return originals


def _note_arrival(originals: OriginalsFile, *, is_complete: bool, by: User, at: datetime) -> None:
    """Write what lies on the desk now into the history and tell the company."""
    labels = [str(PaperSlot(slot).label) for slot in originals.received_slots]
    record_originals_event(
        originals=originals,
        act=OriginalsAct.COMPLETED if is_complete else OriginalsAct.TICKED,
        by=by,
        at=at,
        note=", ".join(labels) or "표시를 모두 지움",
    )
    # A provisional member is told of its full membership instead.
    is_told = is_complete and originals.company.membership_state == MembershipState.PROVISIONAL
    if labels and not is_told:
        tell_company(
            company=originals.company,
            kind="originals_received",
            subject="원본서류를 받았습니다",
            lead=f"접수 기관이 원본서류를 받았습니다: {', '.join(labels)}",
            at=at,
        )


def slot_labels() -> list[tuple[str, str]]:
    """Return the originals as choices, in the order of the cover sheet."""
    return [(slot.value, f"{PaperSlot(slot).label} 원본") for slot in ORIGINALS]
