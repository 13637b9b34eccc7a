"""Life events of a business: the company reports, the operator decides, both stay on record."""

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction

from members.enums import ChangeEffect, ChangeKind, ChangeState, MembershipState
from members.models import Company, CompanyChange, User
from members.services.consents import NotMasterError
from members.services.membership import move_membership
from members.services.outbox import InvalidRecipientError, add_mail
from members.services.people import invite_person, make_master


class ChangeOpenError(Exception):
    """The company has a report that was not decided yet."""


class NumberOfAnotherError(Exception):
    """The new business number belongs to another company of the portal."""


class ChangeDecidedError(Exception):
    """Somebody decided on this report already."""


@dataclass(frozen=True)
class Decision:
    """What the operator decides; `effect`: what becomes of applications and certificates."""

    is_approved: bool
    effect: ChangeEffect
    reason: str


def request_change(
    *, company: Company, kind: ChangeKind, new_number: str, note: str, by: User, at: datetime
) -> CompanyChange:
    """Report a change; nothing changes before the operator's decision.

    Raises NotMasterError, NumberOfAnotherError, ChangeOpenError.
    """
    if not company.people.active().filter(pk=by.pk, is_company_master=True).exists():
        raise NotMasterError
    if new_number and Company.objects.filter(business_number=new_number).exists():
        raise NumberOfAnotherError
    try:
        with transaction.atomic():
            return CompanyChange.objects.create(
                company=company,
                kind=kind,
                old_number=company.business_number,
                new_number=new_number if kind == ChangeKind.NUMBER else "",
                note=note,
                requested_by=by,
                requested_at=at,
            )
    except IntegrityError:
        raise ChangeOpenError from None


@transaction.atomic
def decide_change(
    *, change: CompanyChange, decision: Decision, by: User, at: datetime
) -> CompanyChange:
    """Carry out or decline a report and tell the company.

    Applications and certificates keep what was printed on them; `suspend` stops new ones.
    Raises ChangeDecidedError, NumberOfAnotherError, MoveNotAllowedError.
    """
    company = Company.objects.select_for_update(of=("self",)).get(pk=change.company_id)
    change = CompanyChange.objects.select_for_update(of=("self",)).get(pk=change.pk)
    if change.state != ChangeState.REQUESTED:
        raise ChangeDecidedError
    if decision.is_approved:
        _carry_out(company, change, decision, by, at)
    change.state = ChangeState.APPROVED if decision.is_approved else ChangeState.DECLINED
    change.effect = decision.effect if decision.is_approved else ""
    change.decision_reason = decision.reason
    change.decided_by, change.decided_at = by, at
    change.save(update_fields=["state", "effect", "decision_reason", "decided_by", "decided_at"])
    _tell(company, change, at)
    return change


def _carry_out(
    company: Company, change: CompanyChange, decision: Decision, by: User, at: datetime
) -> None:
    if change.new_number:
        if Company.objects.filter(business_number=change.new_number).exists():
            raise NumberOfAnotherError
        company.business_number = change.new_number
        company.save(update_fields=["business_number"])
    if decision.effect == ChangeEffect.SUSPEND:
        move_membership(
            company=company,
            to=MembershipState.SUSPENDED,
            by=by,
            at=at,
            reason=f"{change.get_kind_display()}: {decision.reason}",
        )


@transaction.atomic
def replace_master(
    *, company: Company, person: User | None, email: str, by: User, at: datetime, reason: str
) -> None:
    """Fill the place of a master who is gone: by a colleague, or by an invitation to `email`.

    Raises NotAColleagueError and the errors of `invite_person`.
    """
    if person is not None:
        make_master(company=company, person=person, by=by, at=at, reason=reason)
        return
    invite_person(
        company=company, name="대표 담당자", email=email, by=by, at=at, is_for_master=True
    )


def _tell(company: Company, change: CompanyChange, at: datetime) -> None:
    """Mail the company; an address that cannot receive holds nothing up."""
    master = company.people.filter(is_company_master=True).first()
    try:
        add_mail(
            kind="company_change",
            to=master.email if master and master.email else company.email,
            subject="[수출지원사업] 기업 변경 신청을 처리했습니다",
            template="emails/company_change.txt",
            context={"company": company, "change": change},
            at=at,
            company=company,
        )
    except InvalidRecipientError:
        return
