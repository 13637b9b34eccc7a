"""The joining draft: every step writes here, nothing is lost on the way back (S20)."""

import secrets
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from members.enums import SENSITIVE_SLOTS, ConsentChoice, JoinRoute, PaperSlot
from members.models import Agency, BusinessProof, JoinDraft, JoinDraftFile, LegalText
from members.selectors import is_login_name_free, token_hash
from members.services import throttle
from members.services.claims import Claim, claim_of
from members.services.files import destroy_file, store_upload
from members.uploads import JOINING_FORMATS, PROOF_FORMATS

DRAFT_LIFETIME = timedelta(days=7)
TOKEN_BYTES = 32
AGENCY = "originals_agency"


class BusinessNumberTakenError(Exception):
    """A company with this business number has joined before."""


def start_draft(*, address: str | None, at: datetime) -> tuple[JoinDraft, str]:
    """Begin a joining; return it with the token for the person's cookie.

    Raises `throttle.ThrottledError`.
    """
    throttle.hit(scope="join_draft_address", key=address or "local", at=at)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    draft = JoinDraft.objects.create(
        token_hash=token_hash(token), created_at=at, expires_at=at + DRAFT_LIFETIME
    )
    return draft, token


def record_choices(
    *, draft: JoinDraft, choices: Mapping[LegalText, ConsentChoice], at: datetime
) -> JoinDraft:
    """Keep the answers of step 1 (S22 to S26)."""
    draft.choices = {str(text.uuid): choice.value for text, choice in choices.items()}
    draft.consented_at = at
    return _save(draft, at, "choices", "consented_at")


def choose_papers_route(
    *, draft: JoinDraft, business_number: str, agency: Agency, address: str | None, at: datetime
) -> JoinDraft:
    """Keep step 2 of the paper route: number and 접수 기관 (S31, decision A9).

    Raises BusinessNumberTakenError, `throttle.ThrottledError`.
    """
    throttle.hit(scope="join_verify_address", key=address or "local", at=at)
    if claim_of(business_number, is_proven=False) == Claim.TAKEN:
        raise BusinessNumberTakenError
    draft.route = JoinRoute.PAPERS
    draft.business_number = business_number
    draft.verified_at = at
    draft.values = {**draft.values, AGENCY: agency.code}
    return _save(draft, at, "route", "business_number", "verified_at", "values")


@transaction.atomic
def choose_certificate_route(*, draft: JoinDraft, proof: BusinessProof, at: datetime) -> JoinDraft:
    """Keep step 2 of the certificate route: the number that was proven (S28).

    Raises BusinessNumberTakenError.
    """
    if claim_of(proof.business_number, is_proven=True) == Claim.TAKEN:
        raise BusinessNumberTakenError
    proof.draft = draft
    proof.save(update_fields=["draft"])
    draft.route = JoinRoute.SIGNING_CERT
    draft.business_number = proof.business_number
    draft.verified_at = at
    return _save(draft, at, "route", "business_number", "verified_at")


@transaction.atomic
def save_entries(
    *,
    draft: JoinDraft,
    values: Mapping[str, Any],
    uploads: Mapping[str, Collection["UploadedFile[Any]"]],
    dropped: Collection[UUID],
    at: datetime,
) -> JoinDraft:
    """Keep what was typed in step 3, without passwords, and the files by their places.

    Files of places that are gone (a product that was taken away) are destroyed with the dropped
    ones. Raises `members.uploads.UploadRefusedError`.
    """
    draft.values = {**draft.values, **values}
    _save(draft, at, "values")
    for place, files in uploads.items():
        for upload in files:
            _keep_file(draft, place, upload, at)
    keys = {row.get("key") for row in draft.values.get("products", [])}
    for entry in draft.files.select_related("file"):
        slot, _, key = entry.slot.partition(":")
        is_gone = slot == PaperSlot.PRODUCT_PROOF and key not in keys
        if entry.file.uuid in dropped or is_gone:
            _destroy_entry(entry, at)
    return draft


def check_login_name(*, draft: JoinDraft, name: str, address: str | None, at: datetime) -> bool:
    """Answer 중복확인 and remember a free ID as checked (S34).

    Raises `throttle.ThrottledError`: the answers must not serve to harvest IDs.
    """
    throttle.hit(scope="id_check_address", key=address or "local", at=at)
    is_free = is_login_name_free(name)
    draft.checked_login_name = name if is_free else ""
    _save(draft, at, "checked_login_name")
    return is_free


@transaction.atomic
def cancel_draft(*, draft: JoinDraft, at: datetime) -> None:
    """Destroy an unfinished joining with its files; a finished one only goes from the list."""
    for entry in draft.files.select_related("file"):
        _destroy_entry(entry, at)
    draft.delete()


def destroy_expired(*, at: datetime) -> int:
    """Destroy every draft whose time is over; returns how many."""
    expired = list(JoinDraft.objects.filter(expires_at__lte=at))
    for draft in expired:
        cancel_draft(draft=draft, at=at)
    return len(expired)


def _save(draft: JoinDraft, at: datetime, *names: str) -> JoinDraft:
    draft.expires_at = at + DRAFT_LIFETIME
    draft.save(update_fields=[*names, "expires_at"])
    return draft


def _keep_file(draft: JoinDraft, place: str, upload: "UploadedFile[Any]", at: datetime) -> None:
    is_proof = place not in SENSITIVE_SLOTS
    stored = store_upload(
        upload=upload,
        formats=PROOF_FORMATS if is_proof else JOINING_FORMATS,
        by=None,
        company=None,
        at=at,
        sensitive=not is_proof,
    )
    JoinDraftFile.objects.create(draft=draft, slot=place, file=stored)


def _destroy_entry(entry: JoinDraftFile, at: datetime) -> None:
    entry.delete()
    destroy_file(stored=entry.file, by=None, reason="가입하지 않은 서류", at=at)
