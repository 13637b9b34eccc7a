"""가입정보 확인 and 재동의: the step before every application and certificate (S56 to S58)."""

from datetime import datetime
from typing import Any

from django import forms
from django.db import transaction
from django.http import QueryDict
from django.utils import timezone

from members.enums import ConsentChoice, ConsentPurpose
from members.forms.base import PortalForm
from members.models import Agency, Company, LegalText, User
from members.reconsent import Provision, Renewal, provision_to, renewals
from members.record_forms import Files, RecordForms
from members.services.consents import TextsMissingError, record_consents, texts_to_renew
from members.services.record import update_record


class ReconsentForm(PortalForm):
    """The one tick of S58."""

    agree_all = forms.BooleanField(
        label="모두 재동의합니다.",
        error_messages={"required": "동의 내용을 읽고 ‘모두 재동의합니다.’에 표시해 주십시오."},
    )


class RecordStep:
    """The whole record prefilled, and one tick for every consent that is renewed.

    Draw it with ``{% include "members/parts/record_step.html" with step=step only %}`` inside a
    ``<form method="post" enctype="multipart/form-data" novalidate>``. `recipient` is the agency
    that will get the record; it is named beside the tick.
    """

    def __init__(
        self,
        data: QueryDict | None = None,
        files: Files | None = None,
        *,
        company: Company,
        person: User,
        recipient: Agency | None = None,
        at: datetime,
    ) -> None:
        self.company = company
        self.person = person
        self.recipient = recipient
        self.texts: list[LegalText] = texts_to_renew(company=company, at=at)
        self.records = RecordForms(
            data, files, company=company, person=person, year=timezone.localdate(at).year
        )
        is_submission = data is not None and not self.records.is_asking_for_row
        self.consent = ReconsentForm(data if is_submission else None)

    @property
    def last_changed_at(self) -> datetime:
        """When the company last confirmed its record, or when it joined."""
        return self.company.record_confirmed_at or self.company.joined_at

    @property
    def provision(self) -> Provision | None:
        """What the notice's agency gets, None where nobody gets the record."""
        return provision_to(self.recipient) if self.recipient is not None else None

    @property
    def renewals(self) -> list[Renewal]:
        """Every text with what changed since the company last agreed; one query."""
        return renewals(company=self.company, texts=self.texts)

    @property
    def forms(self) -> list[Any]:
        """Every form of the step in the order of the page, for the error summary."""
        return [*self.records.forms, self.consent]

    def non_form_errors(self) -> list[str]:
        """What is wrong with the step as a whole."""
        return (
            []
            if self.is_open
            else ["동의문이 준비되지 않았습니다. 시스템 이용문의로 알려 주십시오."]
        )

    @property
    def errors(self) -> list[Any]:
        """Truthy when something is wrong; for the page's title."""
        own = [self.consent.errors] if self.consent.is_bound and self.consent.errors else []
        return [*self.records.errors, *own]

    @property
    def is_open(self) -> bool:
        """Without a required text in force there is nothing to consent to."""
        return any(text.is_required for text in self.texts)

    def is_valid(self) -> bool:
        """Tell whether the record is right and the consent given; all errors are gathered."""
        is_record_valid = self.records.is_valid()
        return self.consent.is_valid() and is_record_valid and self.is_open

    @transaction.atomic
    def confirm(
        self,
        by: User,
        at: datetime,
        address: str | None,
        purpose: ConsentPurpose,
        recipient: Agency | None = None,
        notice_code: str = "",
    ) -> Company:
        """Write record and consents; call after is_valid(); all or nothing.

        `address` is the client's, `recipient` the notice's agency (default: the step's own).
        Raises TextsMissingError when no required text is in force.
        """
        if not self.is_open:
            raise TextsMissingError
        company = update_record(
            company=self.company, person=self.person, forms=self.records, by=by, at=at
        )
        record_consents(
            company=company,
            person=by,
            choices=dict.fromkeys(self.texts, ConsentChoice.AGREED),
            purpose=purpose,
            at=at,
            address=address,
            recipient=recipient or self.recipient,
            notice_code=notice_code,
        )
        return company
