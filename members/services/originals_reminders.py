"""Originals that do not come: reminded by schedule, then marked with the date (S33, A8)."""

from datetime import datetime, timedelta

from django.db import transaction

from members.enums import MembershipState, OriginalsAct
from members.models import OriginalsFile
from members.services.originals_events import record_originals_event, tell_company

# Counted from the day on which the company began to owe its originals.
REMIND_AFTER = (timedelta(days=7), timedelta(days=21))
OVERDUE_AFTER = timedelta(days=30)
OWING = frozenset({MembershipState.PROVISIONAL})


def mind_originals(*, at: datetime) -> tuple[int, int]:
    """Remind provisional members of their originals and mark those that are overdue.

    Returns how many were reminded and how many were marked now. A second run on the same day
    does nothing; after a pause of the job a company gets one reminder, not all it missed.
    """
    reminded = marked = 0
    waiting = OriginalsFile.objects.filter(
        completed_at__isnull=True, company__membership_state__in=OWING
    )
    for key in list(waiting.values_list("pk", flat=True)):
        did_remind, did_mark = _mind(key, at)
        reminded, marked = reminded + did_remind, marked + did_mark
    return reminded, marked


@transaction.atomic
def _mind(key: int, at: datetime) -> tuple[bool, bool]:
    """Look at one file under its lock."""
    originals = (
        OriginalsFile.objects.select_for_update(of=("self",))
        .select_related("company", "agency")
        .get(pk=key)
    )
    company = originals.company
    if originals.completed_at is not None or company.membership_state not in OWING:
        return False, False
    owed = at - company.membership_changed_at
    if owed >= OVERDUE_AFTER and company.originals_due_since is None:
        company.originals_due_since = at
        company.save(update_fields=["originals_due_since"])
        record_originals_event(originals=originals, act=OriginalsAct.OVERDUE, by=None, at=at)
        tell_company(
            company=company,
            kind="originals_overdue",
            subject="원본서류가 접수되지 않아 미제출로 표시되었습니다",
            lead="원본서류가 기한 안에 접수되지 않아 오늘부터 미제출로 표시됩니다. "
            "공고에 따라 신청이 제한되거나 심사에서 불이익이 있을 수 있습니다. "
            "원본서류가 모두 접수되면 표시는 바로 없어집니다.",
            at=at,
        )
        return False, True
    due = sum(owed >= wait for wait in REMIND_AFTER)
    if due <= originals.reminders or company.originals_due_since is not None:
        return False, False
    originals.reminders = due
    originals.save(update_fields=["reminders"])
    record_originals_event(originals=originals, act=OriginalsAct.REMINDED, by=None, at=at)
    tell_company(
        company=company,
        kind="originals_reminder",
        subject="원본서류를 보내 주십시오",
        lead="임시회원으로 승인된 뒤 원본서류가 아직 모두 접수되지 않았습니다.",
        at=at,
    )
    return True, False
