"""Consents: texts in force, and the record of each answer (S22 to S26, S58)."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from members.enums import ConsentChoice, ConsentPurpose, LegalKind
from members.models import Agency, Company, Consent, LegalText, User


class TextsMissingError(Exception):
    """No required text is in force, so nobody can consent to anything."""


class NothingToWithdrawError(Exception):
    """The company does not agree to it at the moment."""


class NotMasterError(Exception):
    """Only the company's master decides for the company."""


def texts_in_force(*, at: datetime) -> list[LegalText]:
    """Return the texts a company is asked about at `at`: required ones first (S22 to S25)."""
    return list(LegalText.objects.in_force_at(at).to_consent())


def texts_to_renew(*, company: Company, at: datetime) -> list[LegalText]:
    """Return what «모두 재동의합니다.» covers (S58).

    Every required text in force, and an optional one only while the company agrees to it: a
    renewal must not switch mail on that was switched off.
    """
    agreed_kinds = set(
        Consent.objects.latest_of(company).agreed().values_list("text__kind", flat=True)
    )
    return [text for text in texts_in_force(at=at) if text.is_required or text.kind in agreed_kinds]


@transaction.atomic
def record_consents(
    *,
    company: Company,
    person: User,
    choices: Mapping[LegalText, ConsentChoice],
    purpose: ConsentPurpose,
    at: datetime,
    address: str | None,
    recipient: Agency | None = None,
    notice_code: str = "",
    way: str = "web",
) -> list[Consent]:
    """Write one row per answer: person, version and hash of the text, time, address, purpose.

    `recipient` and `notice_code` are those of an application or a certificate; rows are never
    changed afterwards.
    """
    rows = [
        Consent(
            company=company,
            person=person,
            text=text,
            text_hash=text.content_hash,
            choice=choice,
            purpose=purpose,
            recipient=recipient,
            notice_code=notice_code,
            at=at,
            address=address,
            way=way,
        )
        for text, choice in choices.items()
    ]
    return Consent.objects.bulk_create(rows)


@transaction.atomic
def answer_email_consent(
    *, company: Company, person: User, agrees: bool, at: datetime, address: str | None
) -> Consent:
    """Give or withdraw the consent to mail at any time (S25, decision A18).

    Raises TextsMissingError while no text on mail is in force.
    """
    text = LegalText.objects.in_force_at(at).filter(kind=LegalKind.EMAIL).first()
    if text is None:
        raise TextsMissingError
    choice = ConsentChoice.AGREED if agrees else ConsentChoice.WITHDRAWN
    consent = record_consents(
        company=company,
        person=person,
        choices={text: choice},
        purpose=ConsentPurpose.MY_PAGE,
        at=at,
        address=address,
    )
    return consent[0]


@transaction.atomic
def withdraw_company_info(
    *, company: Company, person: User, at: datetime, address: str | None
) -> Consent:
    """Withdraw 기업정보의 제공·활용: no figures are asked for or passed on any more.

    What was passed on stays with its receiver; the next application or certificate asks for the
    consent again. Raises NotMasterError, NothingToWithdrawError.
    """
    if not company.people.active().filter(pk=person.pk, is_company_master=True).exists():
        raise NotMasterError
    latest = Consent.objects.latest_of(company).agreed().select_related("text")
    given = latest.filter(text__kind=LegalKind.COMPANY_INFO).first()
    if given is None:
        raise NothingToWithdrawError
    rows = record_consents(
        company=company,
        person=person,
        choices={given.text: ConsentChoice.WITHDRAWN},
        purpose=ConsentPurpose.MY_PAGE,
        at=at,
        address=address,
    )
    return rows[0]
