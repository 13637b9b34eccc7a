"""The end of joining: everything that a new company needs, in one transaction (S20 to S50)."""

import secrets
from collections.abc import Mapping
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse

from members.encryption import lookup_hash
from members.enums import (
    Assurance,
    ConsentChoice,
    ConsentPurpose,
    JoinRoute,
    MembershipState,
    PaperSlot,
    ProofPurpose,
)
from members.hashing import hash_password
from members.models import (
    Agency,
    BusinessProof,
    Company,
    JoinDraft,
    LegalText,
    MembershipEvent,
    OriginalsFile,
    Product,
    User,
)
from members.selectors import is_login_name_free
from members.services import papers
from members.services.accounts import LoginNameTakenError, NewAccount
from members.services.claims import Claim, claim_of, claim_on, clear_place
from members.services.consents import record_consents, texts_in_force
from members.services.join_drafts import AGENCY, BusinessNumberTakenError
from members.services.outbox import add_mail
from members.services.record import RecordInput, set_values, write_figures, write_products

# Letters and digits that are not mistaken for each other on an envelope.
COVER_CODE_SIGNS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
COVER_CODE_LENGTH = 8
REASONS = {
    Claim.NEW: "",
    Claim.REJOIN: "탈퇴한 뒤 다시 가입",
    Claim.TAKE_OVER: "공동인증서로 기업을 확인하여 새 대표 담당자가 가입",
}
DONE = "done"


class ConsentMissingError(Exception):
    """A required text in force has no agreement: the texts changed since step 1."""


class ProofMissingError(Exception):
    """The draft says that the number was proven, but no proof of it is there."""


class DraftFinishedError(Exception):
    """This joining was completed or cancelled by another request."""


def complete_joining(
    *,
    draft: JoinDraft,
    account: NewAccount,
    record: RecordInput,
    address: str | None,
    at: datetime,
) -> Company:
    """Make the company, its master, record, papers, consents, mail and history.

    By papers it waits for screening (심사 대기); a number proven by certificate makes it a full
    member at once (domain.md section 2).

    `record`: all four parts, checked; files lie in the draft. `address`: the client's.
    Of many joinings with one number one succeeds: the number and the ID are unique in the
    database. Raises BusinessNumberTakenError, LoginNameTakenError, ConsentMissingError,
    DraftFinishedError, ProofMissingError; nothing is written then.
    """
    choices = agreed_choices(draft=draft, at=at)
    way = _way_in(draft)
    refuse_taken(draft=draft, account=account)
    hashed = hash_password(account.password)  # outside the transaction: it takes a while
    try:
        with transaction.atomic():
            locked = _lock_unfinished(draft)
            company = _open_company(locked, way, record, at)
            person = _create_master(company, account.username, hashed, record, at)
            _write_contents(company, locked, record, at)
            originals = _await_originals(company, way, at)
            _record_choices(person, choices, address, at)
            if originals is None:
                _welcome(person, at)
            else:
                _tell(person, originals, at)
            _finish(locked, person, originals, at)
    except IntegrityError:
        refuse_taken(draft=draft, account=account)
        raise
    return company


def refuse_taken(*, draft: JoinDraft, account: NewAccount) -> None:
    """Raise when this joining is finished, or its number or ID belongs to somebody already."""
    if JoinDraft.objects.filter(pk=draft.pk, finished_at__isnull=False).exists():
        raise DraftFinishedError
    is_proven = draft.route == JoinRoute.SIGNING_CERT
    if claim_of(draft.business_number, is_proven=is_proven) == Claim.TAKEN:
        raise BusinessNumberTakenError
    if not is_login_name_free(account.username):
        raise LoginNameTakenError


def agreed_choices(*, draft: JoinDraft, at: datetime) -> Mapping[LegalText, ConsentChoice]:
    """Return the draft's answers to the texts in force now. Raises ConsentMissingError."""
    texts = texts_in_force(at=at)
    answers = {
        text: ConsentChoice(draft.choices.get(str(text.uuid), ConsentChoice.DECLINED))
        for text in texts
    }
    required = [text for text in texts if text.is_required]
    if not required or any(answers[text] != ConsentChoice.AGREED for text in required):
        raise ConsentMissingError
    return answers


def _lock_unfinished(draft: JoinDraft) -> JoinDraft:
    """Take the draft for this request alone; one that is finished or gone is refused."""
    unfinished = JoinDraft.objects.filter(pk=draft.pk, finished_at__isnull=True)
    locked = unfinished.select_for_update(of=("self",)).first()
    if locked is None:
        raise DraftFinishedError
    return locked


def _way_in(draft: JoinDraft) -> Agency | BusinessProof:
    """Return what the joining rests on: the agency that gets papers, or a proof of this number."""
    if draft.route != JoinRoute.SIGNING_CERT:
        return Agency.objects.get(code=draft.values[AGENCY])
    proof = draft.proofs.filter(
        purpose=ProofPurpose.SIGNUP,
        assurance=Assurance.NUMBER_PROVEN,
        business_number=draft.business_number,
        company__isnull=True,
    ).first()
    if proof is None:
        raise ProofMissingError
    return proof


def _open_company(
    draft: JoinDraft, way: Agency | BusinessProof, record: RecordInput, at: datetime
) -> Company:
    """Write the company under its number: a new row, or the one that was left or given up."""
    is_proven = isinstance(way, BusinessProof)
    rows = Company.objects.select_for_update(of=("self",))
    company = rows.filter(business_number=draft.business_number).first()
    claim = claim_on(company, is_proven=is_proven)
    if claim == Claim.TAKEN:
        raise BusinessNumberTakenError
    if company is None:
        company = Company(business_number=draft.business_number)
    else:
        clear_place(company=company, claim=claim, at=at)
    before = company.membership_state if company.pk else ""
    company.membership_state = MembershipState.FULL if is_proven else MembershipState.WAITING
    company.membership_changed_at = company.joined_at = company.record_confirmed_at = at
    company.membership_reason = ""
    company.join_route = JoinRoute.SIGNING_CERT if is_proven else JoinRoute.PAPERS
    company.originals_agency = way if isinstance(way, Agency) else None
    company.originals_due_since = None
    set_values(instance=company, values=record.company_values or {})
    company.save()
    MembershipEvent.objects.create(
        company=company,
        from_state=before,
        to_state=company.membership_state,
        reason=REASONS[claim],
        at=at,
    )
    return company


def _create_master(
    company: Company, username: str, hashed: str, record: RecordInput, at: datetime
) -> User:
    person = User(
        username=username.lower(),
        password=hashed,
        company=company,
        is_company_master=True,
        date_joined=at,
        password_changed_at=at,
    )
    set_values(instance=person, values=record.person_values or {})
    person.mobile_hash = lookup_hash(person.mobile)
    person.save()
    return person


def _write_contents(company: Company, draft: JoinDraft, record: RecordInput, at: datetime) -> None:
    """Write figures and products, and turn the draft's files into papers."""
    write_figures(company=company, figures=record.figures_values or {})
    products = write_products(company=company, products=record.products_values or (), at=at)
    for entry in draft.files.select_related("file"):
        slot, _, key = entry.slot.partition(":")
        product: Product | None = products.get(key)
        entry.file.company = company
        entry.file.save(update_fields=["company"])
        papers.attach_files(
            company=company, slot=PaperSlot(slot), files=[entry.file], at=at, product=product
        )


def _await_originals(
    company: Company, way: Agency | BusinessProof, at: datetime
) -> OriginalsFile | None:
    """Expect originals on the paper route; a proof is handed to the company instead."""
    if isinstance(way, BusinessProof):
        way.company = company
        way.save(update_fields=["company"])
        return None
    fresh = {"agency": way, "cover_code": new_cover_code(), "created_at": at}
    originals, _is_new = OriginalsFile.objects.update_or_create(
        company=company,
        defaults={**fresh, "received_slots": [], "completed_at": None, "reminders": 0},
    )
    return originals


def _record_choices(
    person: User, choices: Mapping[LegalText, ConsentChoice], address: str | None, at: datetime
) -> None:
    """Keep every answer of step 1 as a consent of the new company."""
    if person.company is not None:
        record_consents(
            company=person.company,
            person=person,
            choices=choices,
            purpose=ConsentPurpose.JOIN,
            at=at,
            address=address,
        )


def new_cover_code() -> str:
    """Return a number for the envelope's cover: eight signs that are not mistaken."""
    signs = [secrets.choice(COVER_CODE_SIGNS) for _ in range(COVER_CODE_LENGTH)]
    return "".join(signs)


def _tell(person: User, originals: OriginalsFile, at: datetime) -> None:
    """Mail the company what comes next, and its agency that papers wait."""
    company, agency = originals.company, originals.agency
    context = {
        "company": company,
        "person": person,
        "agency": agency,
        "cover_code": originals.cover_code,
        "my_url": settings.SITE_URL + reverse("members:my"),
    }
    add_mail(
        kind="joined",
        to=person.email,
        subject="[수출지원사업] 회원가입 신청을 받았습니다",
        template="emails/joined.txt",
        context=context,
        at=at,
        company=company,
    )
    if agency.email:
        add_mail(
            kind="joining_to_screen",
            to=agency.email,
            subject="[수출지원사업] 심사할 회원가입 신청이 있습니다",
            template="emails/joining_to_screen.txt",
            context=context,
            at=at,
            company=company,
        )


def _welcome(person: User, at: datetime) -> None:
    """Mail the master of a company that is a full member at once."""
    add_mail(
        kind="joined",
        to=person.email,
        subject="[수출지원사업] 회원가입을 마쳤습니다",
        template="emails/joined_proven.txt",
        context={
            "company": person.company,
            "person": person,
            "my_url": settings.SITE_URL + reverse("members:my"),
        },
        at=at,
        company=person.company,
    )


def _finish(draft: JoinDraft, person: User, originals: OriginalsFile | None, at: datetime) -> None:
    """Empty the draft but for what the closing page says; its files belong to the company now."""
    draft.files.all().delete()
    draft.finished_at = at
    draft.values = {
        DONE: {
            "company": person.company.name if person.company else "",
            "username": person.username,
            "email": person.email,
            "agency": originals.agency.name if originals else "",
            "agency_address": originals.agency.address if originals else "",
            "cover_code": originals.cover_code if originals else "",
        }
    }
    draft.save(update_fields=["finished_at", "values"])
