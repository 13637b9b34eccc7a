"""What happened to a company's originals: written down with each act, told to the company."""

from datetime import datetime

from members.enums import OriginalsAct
from members.membership import missing_originals
from members.models import Company, OriginalsEvent, OriginalsFile, User
from members.services.outbox import InvalidRecipientError, add_mail


def record_originals_event(
    *,
    originals: OriginalsFile,
    act: OriginalsAct,
    by: User | None,
    at: datetime,
    note: str = "",
) -> OriginalsEvent:
    """Write an act into the history; `by` is None for jobs, `note` is Korean (300 characters)."""
    return OriginalsEvent.objects.create(
        originals=originals, act=act, by=by, at=at, note=note[:300], agency=originals.agency
    )


def tell_company(
    *, company: Company, kind: str, subject: str, lead: str, at: datetime, reason: str = ""
) -> None:
    """Mail the company's master about its papers; an address that cannot receive stops nothing.

    `lead`: the first sentence; what is still missing and where it goes is added.
    """
    originals = company.originals.select_related("agency").first()
    master = company.people.filter(is_company_master=True).first()
    try:
        add_mail(
            kind=kind,
            to=master.email if master and master.email else company.email,
            subject=f"[수출지원사업] {subject}",
            template="emails/originals.txt",
            context={
                "company": company,
                "lead": lead,
                "reason": reason,
                "missing": missing_originals(originals),
                "originals": originals,
            },
            at=at,
            company=company,
        )
    except InvalidRecipientError:
        return
