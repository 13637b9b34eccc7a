"""Papers of a company in their slots: joining papers and proofs (S31, S36, S43, S44, S47)."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce

from members.enums import (
    JOINING_SLOTS,
    SENSITIVE_SLOTS,
    MembershipState,
    OriginalsAct,
    PaperSlot,
    PaperState,
)
from members.models import Company, MembershipEvent, Paper, Product, StoredFile, User
from members.services.files import destroy_file, store_upload
from members.services.originals_events import record_originals_event, tell_company
from members.uploads import JOINING_FORMATS, PROOF_FORMATS


class PaperReplacedError(Exception):
    """The company has sent a newer paper in this slot."""


class PaperNotCheckedError(Exception):
    """Only a sensitive paper whose check is done is destroyed by its officer."""


class PapersClosedError(Exception):
    """Joining papers are only taken while the membership waits or was refused."""


def store_proof(
    *,
    company: Company,
    slot: PaperSlot,
    product: Product | None,
    upload: "UploadedFile[Any]",
    by: User,
    at: datetime,
) -> Paper:
    """Keep one proof of the record. Raises `members.uploads.UploadRefusedError`."""
    stored = store_upload(upload=upload, formats=PROOF_FORMATS, by=by, company=company, at=at)
    return Paper.objects.create(
        company=company, slot=slot, product=product, file=stored, sent_at=at
    )


def drop_papers(*, company: Company, files: Collection[UUID], at: datetime) -> int:
    """Put proofs away by the uuids of their files; the rows stay as history."""
    proofs = Paper.objects.current().filter(company=company, file__uuid__in=files)
    return proofs.exclude(slot__in=JOINING_SLOTS).update(replaced_at=at)


def release_product(*, product: Product, at: datetime) -> None:
    """Cut the papers of a product that goes loose from it and put them away."""
    Paper.objects.filter(product=product).update(
        product=None, replaced_at=Coalesce(F("replaced_at"), at)
    )


def attach_files(
    *,
    company: Company,
    slot: PaperSlot,
    files: Sequence[StoredFile],
    at: datetime,
    product: Product | None = None,
) -> list[Paper]:
    """Make papers of files that were stored before the company existed."""
    return [
        Paper.objects.create(company=company, slot=slot, product=product, file=file, sent_at=at)
        for file in files
    ]


@transaction.atomic
def send_joining_papers(
    *,
    company: Company,
    slot: PaperSlot,
    uploads: Sequence["UploadedFile[Any]"],
    by: User,
    at: datetime,
) -> list[Paper]:
    """Send a joining paper again or for the first time (S31, S36).

    The new files replace the slot's old ones. A refused company waits again, with an event.
    Raises PapersClosedError and `members.uploads.UploadRefusedError`.
    """
    company = Company.objects.select_for_update(of=("self",)).get(pk=company.pk)
    if company.membership_state not in {MembershipState.WAITING, MembershipState.REFUSED}:
        asked = Paper.objects.current().filter(company=company, slot=slot, state=PaperState.REDO)
        if not asked.exists():
            raise PapersClosedError
    stored = [
        store_upload(
            upload=upload,
            formats=JOINING_FORMATS,
            by=by,
            company=company,
            at=at,
            sensitive=slot in SENSITIVE_SLOTS,
        )
        for upload in uploads
    ]
    Paper.objects.current().filter(company=company, slot=slot).update(replaced_at=at)
    sent = attach_files(company=company, slot=slot, files=stored, at=at)
    if company.membership_state == MembershipState.REFUSED:
        _wait_again(company, by, at)
    return sent


@transaction.atomic
def mark_paper(*, paper: Paper, state: str, reason: str, by: User, at: datetime) -> Paper:
    """Keep an officer's verdict on a paper: 받음, 다시 제출 (told with its reason) or 확인 (S31).

    Raises PaperReplacedError where the company has sent a newer one meanwhile.
    """
    paper = Paper.objects.select_for_update(of=("self",)).select_related("company").get(pk=paper.pk)
    if paper.replaced_at is not None:
        raise PaperReplacedError
    is_open = state == PaperState.RECEIVED
    paper.state = state
    paper.reason = reason if state == PaperState.REDO else ""
    paper.checked_at, paper.checked_by = (None, None) if is_open else (at, by)
    paper.save(update_fields=["state", "reason", "checked_at", "checked_by"])
    if state == PaperState.REDO:
        tell_company(
            company=paper.company,
            kind="paper_redo",
            subject="서류를 다시 제출해 주십시오",
            lead=f"제출하신 서류를 다시 내 주셔야 합니다: {paper.get_slot_display()}",
            reason=reason,
            at=at,
        )
    if not is_open:
        act = OriginalsAct.REDO if state == PaperState.REDO else OriginalsAct.CHECKED
        _note(paper, act, by, at, reason)
    return paper


@transaction.atomic
def destroy_checked_paper(*, paper: Paper, reason: str, by: User, at: datetime) -> Paper:
    """Destroy a sensitive paper after its check (decision A17). Raises PaperNotCheckedError."""
    paper = Paper.objects.select_for_update(of=("self",)).select_related("company").get(pk=paper.pk)
    if paper.slot not in SENSITIVE_SLOTS or paper.state != PaperState.CHECKED:
        raise PaperNotCheckedError
    destroy_file(stored=paper.file, by=by, reason=reason, at=at)
    _note(paper, OriginalsAct.DESTROYED, by, at, reason)
    return paper


def _note(paper: Paper, act: OriginalsAct, by: User, at: datetime, reason: str) -> None:
    """Write into the history of the company's originals, where it has one."""
    if originals := paper.company.originals.first():
        note = f"{paper.get_slot_display()}: {reason}" if reason else paper.get_slot_display()
        record_originals_event(originals=originals, act=act, by=by, at=at, note=note)


def _wait_again(company: Company, by: User, at: datetime) -> None:
    MembershipEvent.objects.create(
        company=company,
        from_state=company.membership_state,
        to_state=MembershipState.WAITING,
        reason="서류를 다시 제출했습니다.",
        at=at,
        by=by,
    )
    company.membership_state = MembershipState.WAITING
    company.membership_changed_at = at
    company.membership_reason = ""
    company.save(update_fields=["membership_state", "membership_changed_at", "membership_reason"])
