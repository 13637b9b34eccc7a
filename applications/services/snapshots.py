"""The copy of everything that was handed in, and its hash (S55, N6).

A snapshot holds plain JSON values only, so that reading it back gives the same hash.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.forms.models import model_to_dict

from applications.models import Application, SubmittedDocument
from applications.questions import copied_answers
from applications.selectors import answers_of, questions_of
from cms.models import NoticePage, RequiredDocument
from members.enums import ConsentPurpose
from members.models import Company, Consent, User
from members.reconsent import provision_to

COMPANY_LEFT_OUT = frozenset({"id", "originals_agency", "membership_reason"})
PERSON_FIELDS = (
    "username",
    "name",
    "name_en",
    "email",
    "department",
    "position",
    "phone",
    "mobile",
)
PRODUCT_FIELDS = (
    "name",
    "name_en",
    "hs_code",
    "description",
    "description_en",
    "certifications",
)
FIGURE_FIELDS = ("year", "sales_million_krw", "exports_thousand_usd")
NOTICE_FIELDS = (
    "code",
    "title",
    "intake_kind",
    "intake_opens_at",
    "intake_closes_at",
    "stopped_early_at",
    "member_level",
    "originals_policy",
    "capacity",
    "rounds_allowed",
)


def build_snapshot(
    *,
    application: Application,
    notice: NoticePage,
    person: User,
    required: Sequence[RequiredDocument],
    documents: Sequence[SubmittedDocument],
) -> dict[str, Any]:
    """Copy the record, the notice, the papers and the consents as they are now.

    The application must already bear its receipt number and moment of intake. Files come as
    name, size in bytes and SHA-256; the files themselves stay where they are.
    """
    company = application.company
    snapshot = {
        "receipt": {
            "number": application.receipt_number,
            "submitted_at": application.submitted_at,
            "edition": application.edition,
            "round": application.round,
        },
        "company": company_copy(company),
        "person": {name: getattr(person, name) for name in PERSON_FIELDS},
        "products": [
            {name: getattr(product, name) for name in PRODUCT_FIELDS}
            for product in company.products.all()
        ],
        "figures": list(company.figures.values(*FIGURE_FIELDS)),
        "notice": {
            **notice_copy(notice, required=required),
            "question_version": question_version(application),
        },
        "documents": [document_copy(document) for document in documents],
        "answers": copied_answers(questions_of(application), answers_of(application)),
        "consents": consents_copy(application),
        "provision": asdict(provision_to(notice.agency)),
    }
    plain: dict[str, Any] = json.loads(canonical_json(snapshot))
    return plain


def question_version(application: Application) -> int:
    """Return the version of the questions that were answered, 0 without any."""
    return application.question_set.version if application.question_set is not None else 0


def company_copy(company: Company) -> dict[str, Any]:
    """Every column of the record; choices also in words, so that it reads without our code."""
    values = model_to_dict(company)
    copied = {name: value for name, value in values.items() if name not in COMPANY_LEFT_OUT}
    copied["uuid"] = str(company.uuid)
    copied["membership"] = company.get_membership_state_display()
    copied["sex"] = company.get_representative_sex_display()
    return copied


def notice_copy(notice: NoticePage, *, required: Sequence[RequiredDocument]) -> dict[str, Any]:
    """The notice as it stood: what it was called, whose it was, what it asked for."""
    return {
        **{name: getattr(notice, name) for name in NOTICE_FIELDS},
        "agency": {"code": notice.agency.code, "name": notice.agency.name},
        "required_documents": [
            {
                "key": str(row.key),
                "label": row.label,
                "is_required": row.is_required,
                "formats": row.accepted_formats,
                "max_mb": row.max_mb,
            }
            for row in required
        ],
    }


def document_copy(document: SubmittedDocument) -> dict[str, Any]:
    """One paper: which one it answers, and the file's name, size in bytes and SHA-256."""
    file = document.file
    return {
        "key": str(document.key),
        "label": document.label,
        "name": file.display_name,
        "kind": file.kind,
        "size": file.size,
        "sha256": file.sha256,
        "members": file.member_names,
        "uploaded_at": document.uploaded_at,
    }


def consents_copy(application: Application) -> list[dict[str, Any]]:
    """The last answer to each text that was given for this application (S58)."""
    given = Consent.objects.filter(
        company=application.company,
        notice_code=application.notice.code,
        purpose=ConsentPurpose.APPLY,
        at__gte=application.created_at,
    ).select_related("text", "person", "recipient")
    latest: dict[str, dict[str, Any]] = {}
    for consent in given.order_by("at", "pk"):
        latest[consent.text.kind] = {
            "kind": consent.text.kind,
            "title": consent.text.title,
            "version": consent.text.version,
            "text_hash": consent.text_hash,
            "choice": consent.choice,
            "recipient": consent.recipient.name if consent.recipient else "",
            "person": consent.person.name,
            "at": consent.at,
        }
    return list(latest.values())


def canonical_json(value: Any) -> str:
    """Return the one JSON text of a value: keys sorted, no blanks, Hangul as it is."""
    return json.dumps(
        value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), cls=DjangoJSONEncoder
    )


def content_hash(snapshot: dict[str, Any]) -> str:
    """Return the SHA-256 (64 hex digits) of the snapshot's canonical JSON in UTF-8."""
    return hashlib.sha256(canonical_json(snapshot).encode()).hexdigest()
