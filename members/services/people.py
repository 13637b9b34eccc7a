"""A company's people: invited, removed, and the mastership handed over (decision A12)."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse

from members.encryption import lookup_hash
from members.enums import ConsentChoice, ConsentPurpose, LegalKind, PersonEventKind
from members.hashing import hash_password
from members.models import Company, Invitation, PersonEvent, User
from members.selectors import is_login_name_free, token_hash
from members.services import throttle
from members.services.accounts import LoginNameTakenError, NewAccount
from members.services.consents import NotMasterError, record_consents, texts_in_force
from members.services.login_sessions import end_sessions
from members.services.outbox import InvalidRecipientError, add_mail
from members.services.record import set_values

INVITATION_LIFE = timedelta(days=7)
TOKEN_BYTES = 32
MAX_PEOPLE = 20
OWN_TEXTS = frozenset({LegalKind.TERMS, LegalKind.PRIVACY})


class NotAColleagueError(Exception):
    """The person is not, or no longer, an active person of this company."""


class MasterMustStayError(Exception):
    """A master goes only after handing the mastership over."""


class TooManyPeopleError(Exception):
    """The company has as many people and open invitations as it may have."""


class InvitationClosedError(Exception):
    """The invitation was taken up, cancelled, replaced, or is too old."""


@dataclass(frozen=True)
class Place:
    """From where and when an act comes: the client's address and the time."""

    address: str | None
    at: datetime


@transaction.atomic
def invite_person(
    *, company: Company, name: str, email: str, by: User, at: datetime, is_for_master: bool = False
) -> Invitation:
    """Offer a place by a link that is good once, for 7 days; an earlier offer to the mail ends.

    `is_for_master`: the operator fills the place of a master who is gone. Raises NotMasterError,
    TooManyPeopleError, `throttle.ThrottledError`, InvalidRecipientError.
    """
    company = _locked(company)
    if not is_for_master:
        _require_master(by, company)
    throttle.hit(scope="invite_company", key=str(company.pk), at=at)
    open_ones = company.invitations.open_at(at)
    open_ones.filter(email__iexact=email).update(cancelled_at=at)
    if company.people.active().count() + open_ones.count() >= MAX_PEOPLE:
        raise TooManyPeopleError
    token = secrets.token_urlsafe(TOKEN_BYTES)
    invitation = Invitation.objects.create(
        company=company,
        name=name,
        email=email,
        is_for_master=is_for_master,
        token_hash=token_hash(token),
        invited_by=by,
        created_at=at,
        expires_at=at + INVITATION_LIFE,
    )
    note(company=company, kind=PersonEventKind.INVITED, by=by, at=at, about=f"{name} {email}")
    link = settings.SITE_URL + reverse("members:invitation", args=[token])
    add_mail(
        kind="invitation",
        to=email,
        subject="[수출지원사업] 담당자로 초대합니다",
        template="emails/invitation.txt",
        context={"invitation": invitation, "company": company, "link": link},
        at=at,
        company=company,
    )
    return invitation


@transaction.atomic
def cancel_invitation(*, invitation: Invitation, by: User, at: datetime) -> None:
    """Take an offer back. Raises NotMasterError, InvitationClosedError."""
    _require_master(by, _locked(invitation.company))
    changed = Invitation.objects.open_at(at).filter(pk=invitation.pk).update(cancelled_at=at)
    if not changed:
        raise InvitationClosedError
    about = f"{invitation.name} {invitation.email}"
    note(
        company=invitation.company,
        kind=PersonEventKind.INVITATION_CANCELLED,
        by=by,
        at=at,
        about=about,
    )


def ask_master(
    *, business_number: str, name: str, email: str, address: str | None, at: datetime
) -> None:
    """Pass a request for an invitation on to the company's master, if there is one.

    Returns nothing in any case: the asker learns neither who the master is nor whether there is
    one. Raises `throttle.ThrottledError`.
    """
    throttle.hit(scope="join_ask_address", key=address or "local", at=at)
    throttle.hit(scope="join_ask_company", key=business_number, at=at)
    masters = User.objects.active().filter(is_company_master=True)
    master = masters.filter(company__business_number=business_number).first()
    if master is None or master.company is None:
        return
    what, template = "담당자로 초대해 달라는 부탁이 왔습니다", "emails/invitation_asked.txt"
    asker = {"asker_name": name, "asker_email": email, "site": settings.SITE_URL}
    _tell(master, master.company, what, template, at, asker)


def open_invitation(*, token: str, at: datetime) -> Invitation | None:
    """Return the offer behind a link while it can be taken up."""
    offers = Invitation.objects.open_at(at).select_related("company")
    return offers.filter(token_hash=token_hash(token)).first()


def accept_invitation(
    *,
    invitation: Invitation,
    account: NewAccount,
    values: Mapping[str, Any],
    place: Place,
) -> User:
    """Make the invited person's account and keep their consent to terms and privacy texts.

    `values`: checked values of the person. Raises InvitationClosedError, LoginNameTakenError,
    `throttle.ThrottledError`; nothing is written then.
    """
    throttle.hit(scope="id_check_address", key=place.address or "local", at=place.at)
    if not is_login_name_free(account.username):
        raise LoginNameTakenError
    hashed = hash_password(account.password)  # outside the transaction: it takes a while
    try:
        with transaction.atomic():
            return _accept(invitation, account.username, hashed, values, place)
    except IntegrityError:
        if not is_login_name_free(account.username):
            raise LoginNameTakenError from None
        raise


def _accept(
    invitation: Invitation, username: str, hashed: str, values: Mapping[str, Any], place: Place
) -> User:
    company = _locked(invitation.company)
    offers = Invitation.objects.open_at(place.at).select_for_update(of=("self",))
    offer = offers.filter(pk=invitation.pk).first()
    if offer is None:
        raise InvitationClosedError
    if offer.is_for_master:
        company.people.filter(is_company_master=True).update(is_company_master=False)
    person = User(
        username=username.lower(),
        password=hashed,
        company=company,
        is_company_master=offer.is_for_master,
        date_joined=place.at,
        password_changed_at=place.at,
    )
    set_values(instance=person, values=values)
    person.mobile_hash = lookup_hash(person.mobile)
    person.save()
    offer.accepted_at, offer.person = place.at, person
    offer.save(update_fields=["accepted_at", "person"])
    texts = [text for text in texts_in_force(at=place.at) if text.kind in OWN_TEXTS]
    record_consents(
        company=company,
        person=person,
        choices=dict.fromkeys(texts, ConsentChoice.AGREED),
        purpose=ConsentPurpose.INVITED,
        at=place.at,
        address=place.address,
    )
    note(company=company, kind=PersonEventKind.JOINED, by=person, at=place.at, person=person)
    return person


@transaction.atomic
def remove_person(*, person: User, by: User, at: datetime) -> User:
    """End a person's account: by the master, or by the person themself. The ID is not reused.

    Raises NotMasterError, NotAColleagueError, MasterMustStayError.
    """
    if by.company is None:
        raise NotMasterError
    company = _locked(by.company)
    person = _colleague(person, company)
    if person.is_company_master:
        raise MasterMustStayError
    if person.pk != by.pk:
        _require_master(by, company)
    kind = PersonEventKind.LEFT if person.pk == by.pk else PersonEventKind.REMOVED
    close_account(person=person, at=at)
    note(company=company, kind=kind, by=by, at=at, person=person)
    _tell(person, company, "담당자에서 빠졌습니다", "emails/person_removed.txt", at)
    return person


@transaction.atomic
def hand_over_mastership(*, to: User, by: User, at: datetime) -> User:
    """Make a colleague the master; the former master stays as a person of the company.

    Raises NotMasterError, NotAColleagueError.
    """
    if by.company is None:
        raise NotMasterError
    company = _locked(by.company)
    _require_master(by, company)
    return make_master(company=company, person=to, by=by, at=at)


def make_master(
    *, company: Company, person: User, by: User, at: datetime, reason: str = ""
) -> User:
    """Put a colleague in the master's place and tell both. Raises NotAColleagueError."""
    person = _colleague(person, company)
    former = company.people.filter(is_company_master=True).exclude(pk=person.pk).first()
    company.people.filter(is_company_master=True).update(is_company_master=False)
    User.objects.filter(pk=person.pk).update(is_company_master=True)
    note(company=company, kind=PersonEventKind.MASTER, by=by, at=at, person=person, reason=reason)
    for told in (person, former):
        if told is not None:
            context = {"master": person}
            _tell(
                told,
                company,
                "대표 담당자가 바뀌었습니다",
                "emails/master_changed.txt",
                at,
                context,
            )
    person.refresh_from_db()
    return person


def close_account(*, person: User, at: datetime) -> None:
    """End log-in and sessions of a person of a company; the row and its ID stay."""
    person.is_active = False
    person.is_company_master = False
    person.closed_at = at
    person.save(update_fields=["is_active", "is_company_master", "closed_at"])
    end_sessions(user=person)


def note(
    *,
    company: Company,
    kind: PersonEventKind,
    by: User | None,
    at: datetime,
    person: User | None = None,
    about: str = "",
    reason: str = "",
) -> PersonEvent:
    """Write what was done with whom."""
    return PersonEvent.objects.create(
        company=company,
        kind=kind,
        person=person,
        about=about or (str(person) if person else ""),
        reason=reason,
        by=by,
        at=at,
    )


def _locked(company: Company) -> Company:
    return Company.objects.select_for_update(of=("self",)).get(pk=company.pk)


def _require_master(by: User, company: Company) -> None:
    """Ask the database, not the screen: the mastership may have moved meanwhile."""
    if not company.people.active().filter(pk=by.pk, is_company_master=True).exists():
        raise NotMasterError


def _colleague(person: User, company: Company) -> User:
    found: User | None = company.people.active().filter(pk=person.pk).first()
    if found is None:
        raise NotAColleagueError
    return found


def _tell(
    person: User,
    company: Company,
    what: str,
    template: str,
    at: datetime,
    context: Mapping[str, Any] | None = None,
) -> None:
    """Mail a person; an address that cannot receive holds nothing up."""
    try:
        add_mail(
            kind="people",
            to=person.email or company.email,
            subject=f"[수출지원사업] {what}",
            template=template,
            context={"person": person, "company": company, **(context or {})},
            at=at,
            company=company,
        )
    except InvalidRecipientError:
        return
