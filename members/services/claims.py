"""Whose business number it is: free, left behind, to be taken over by proof, or a member's."""

from datetime import datetime
from enum import Enum

from django.db import transaction

from members.enums import Assurance, JoinRoute, MembershipState, PersonEventKind
from members.models import BusinessProof, Company, User
from members.services.membership import move_membership
from members.services.outbox import InvalidRecipientError, add_mail
from members.services.people import close_account, note

NEVER_PROVEN = frozenset(
    {
        MembershipState.WAITING,
        MembershipState.REFUSED,
        MembershipState.PROVISIONAL,
        MembershipState.SUSPENDED,
    }
)
# A later proof lifts these to full membership; a refused company sends papers again first.
PROMOTED = frozenset({MembershipState.WAITING, MembershipState.PROVISIONAL})


class Claim(Enum):
    """What a joining with this number would do."""

    NEW = "new"
    REJOIN = "rejoin"
    TAKE_OVER = "take_over"
    TAKEN = "taken"


class NotPromotedError(Exception):
    """The proof is not of this company, or its membership is not one that a proof lifts."""


def claim_of(number: str, *, is_proven: bool) -> Claim:
    """Tell what a joining would do; `is_proven`: a certificate proved this very number."""
    return claim_on(Company.objects.filter(business_number=number).first(), is_proven=is_proven)


def claim_on(company: Company | None, *, is_proven: bool) -> Claim:
    """Tell it of a row: who left may come back; who never proved gives way to a proof."""
    if company is None:
        return Claim.NEW
    if company.membership_state == MembershipState.LEFT:
        return Claim.REJOIN
    if is_proven and company.membership_state in NEVER_PROVEN and not has_proven(company):
        return Claim.TAKE_OVER
    return Claim.TAKEN


def has_proven(company: Company) -> bool:
    """Tell whether the company ever proved its number, by certificate or by its originals."""
    by_certificate = company.proofs.filter(assurance=Assurance.NUMBER_PROVEN).exists()
    return by_certificate or company.originals.filter(completed_at__isnull=False).exists()


def clear_place(*, company: Company, claim: Claim, at: datetime) -> None:
    """Lock the people who were there before a new master comes in, and tell those concerned.

    For people who left long ago nothing is done: their accounts are closed already.
    """
    people = list(company.people.active())
    agency = company.originals_agency if claim == Claim.TAKE_OVER else None
    company.invitations.open_at(at).update(cancelled_at=at)
    for person in people:
        email = person.email
        close_account(person=person, at=at)
        note(company=company, kind=PersonEventKind.LOCKED, by=None, at=at, person=person)
        _tell(email or company.email, company, at)
    if agency is not None and agency.email:
        _tell(agency.email, company, at)


def _tell(email: str, company: Company, at: datetime) -> None:
    try:
        add_mail(
            kind="number_taken_over",
            to=email,
            subject="[수출지원사업] 공동인증서로 기업이 확인되어 담당자가 바뀌었습니다",
            template="emails/number_taken_over.txt",
            context={"company": company},
            at=at,
            company=company,
        )
    except InvalidRecipientError:
        return


@transaction.atomic
def promote_by_proof(*, company: Company, proof: BusinessProof, by: User, at: datetime) -> Company:
    """Make a waiting or provisional company a full member by its later certificate (S32).

    Raises NotPromotedError; the proof is kept all the same.
    """
    company = Company.objects.select_for_update(of=("self",)).get(pk=company.pk)
    is_own = (
        proof.business_number == company.business_number
        and proof.assurance == Assurance.NUMBER_PROVEN
    )
    if not is_own or company.membership_state not in PROMOTED:
        raise NotPromotedError
    proof.company = company
    proof.save(update_fields=["company"])
    company.join_route = JoinRoute.SIGNING_CERT
    company.save(update_fields=["join_route"])
    return move_membership(
        company=company, to=MembershipState.FULL, by=by, at=at, reason="공동인증서로 확인"
    )
