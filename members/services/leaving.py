"""Leaving the portal: what ends at once, what is kept, and coming back (S64)."""

from datetime import datetime

from django.db import transaction

from members.enums import MembershipState, PersonEventKind
from members.models import Company, User
from members.selectors import running_work
from members.services.consents import NotMasterError
from members.services.membership import move_membership
from members.services.outbox import InvalidRecipientError, add_mail
from members.services.people import close_account, note

KEPT_YEARS = 5
CANNOT_LEAVE = frozenset({MembershipState.LEFT})


class WorkRunningError(Exception):
    """The company has applications under way; `items` names them."""

    def __init__(self, items: list[str]) -> None:
        super().__init__(items)
        self.items = items


@transaction.atomic
def leave(*, company: Company, by: User, at: datetime) -> Company:
    """Close the membership on the master's wish: nobody of the company logs in any more.

    Invitations end; the row, applications, certificates and consents stay for KEPT_YEARS.
    Raises NotMasterError, WorkRunningError, MoveNotAllowedError.
    """
    company = Company.objects.select_for_update(of=("self",)).get(pk=company.pk)
    if not company.people.active().filter(pk=by.pk, is_company_master=True).exists():
        raise NotMasterError
    if items := running_work(company):
        raise WorkRunningError(items)
    company = move_membership(company=company, to=MembershipState.LEFT, by=by, at=at)
    company.invitations.open_at(at).update(cancelled_at=at)
    people = list(company.people.active())
    for person in people:
        close_account(person=person, at=at)
        note(company=company, kind=PersonEventKind.CLOSED, by=by, at=at, person=person)
        _say_goodbye(person, company, at)
    return company


def _say_goodbye(person: User, company: Company, at: datetime) -> None:
    """Mail what ended and what is kept; an address that cannot receive holds nothing up."""
    try:
        add_mail(
            kind="membership_left",
            to=person.email or company.email,
            subject="[수출지원사업] 회원에서 탈퇴했습니다",
            template="emails/membership_left.txt",
            context={"person": person, "company": company, "years": KEPT_YEARS},
            at=at,
            company=company,
        )
    except InvalidRecipientError:
        return
