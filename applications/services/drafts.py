"""The draft before it is handed in: begin, confirm the record, put papers in and out."""

from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction

from applications import rules, selectors
from applications.enums import ApplicationState
from applications.models import Application, LatePermit, SubmittedDocument
from applications.services.events import record_event
from applications.services.freezing import freeze_questions
from cms.models import NoticePage, RequiredDocument
from cms.services.notices import lock_intake
from members.enums import ConsentPurpose
from members.models import Agency, Company, StoredFile, User
from members.rules import Verdict
from members.services.files import destroy_file, store_upload
from members.services.throttle import hit

# Old files of replaced papers stay, so their number is bounded (docs/limits.md).
MAX_UPLOADS_PER_APPLICATION = 200
BYTES_PER_MIB = 1024 * 1024


class StartRefusedError(Exception):
    """The company may not begin an application; `verdict` says why."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(verdict.reason)
        self.verdict = verdict


class NotADraftError(Exception):
    """The application was handed in meanwhile and is not edited any more."""


class UnknownPaperError(Exception):
    """The notice does not ask for this paper (any more)."""


class PaperChangedError(Exception):
    """Another tab or colleague put a file into this row since the page was shown."""


class TooManyUploadsError(Exception):
    """The application has had MAX_UPLOADS_PER_APPLICATION files already."""


class RecordStepLike(Protocol):
    """What 가입정보 확인 and 재동의 offers to a service (members.record_step)."""

    def confirm(
        self,
        *,
        by: User,
        at: datetime,
        address: str | None,
        purpose: ConsentPurpose,
        recipient: Agency | None,
        notice_code: str,
    ) -> object: ...


def start_application(
    *, notice: NoticePage, company: Company, by: User, at: datetime
) -> Application:
    """Begin a draft of the company for the notice; a second call returns the same draft.

    Raises StartRefusedError with the first thing that is missing.
    """
    try:
        return _start(notice=notice, company=company, by=by, at=at)
    except IntegrityError:
        # A colleague pressed the same button: the constraint let one of the two through.
        return Application.objects.owned_by(company).live().get(notice=notice)


@transaction.atomic
def _start(*, notice: NoticePage, company: Company, by: User, at: datetime) -> Application:
    existing = list(Application.objects.owned_by(company).filter(notice=notice))
    for application in existing:
        if application.is_draft:
            return application
    notice = lock_intake(notice)
    permit = usable_permit(notice=notice, company=company, at=at)
    verdict = rules.may_start(notice, company, at, existing, permit)
    if not verdict.allowed:
        raise StartRefusedError(verdict)
    application = Application.objects.create(
        notice=notice,
        company=company,
        round=rules.next_round(existing),
        question_set=freeze_questions(notice=notice, at=at),
        created_at=at,
        created_by=by,
        updated_at=at,
    )
    record_event(application=application, from_state="", by=by, at=at)
    return application


def usable_permit(*, notice: NoticePage, company: Company, at: datetime) -> LatePermit | None:
    """Return the late permit that this company may use now, if it was given one."""
    permits = LatePermit.objects.filter(notice=notice, business_number=company.business_number)
    return permits.usable_at(at).first()


def locked_draft(application: Application) -> Application:
    """Return the draft, locked; raises NotADraftError once it was handed in."""
    application = Application.objects.locked(application)
    if application.state != ApplicationState.DRAFT:
        raise NotADraftError
    return application


@transaction.atomic
def confirm_record(
    *,
    application: Application,
    step: RecordStepLike,
    by: User,
    at: datetime,
    address: str | None,
) -> Application:
    """Write the checked record and the renewed consents for this application (S56 to S58).

    `step` is a valid members.record_step.RecordStep. Raises NotADraftError.
    """
    application = locked_draft(application)
    step.confirm(
        by=by,
        at=at,
        address=address,
        purpose=ConsentPurpose.APPLY,
        recipient=application.notice.agency,
        notice_code=application.notice.code,
    )
    application.record_confirmed_at = application.consented_at = at
    return note_change(application, at=at)


def note_change(application: Application, *, at: datetime) -> Application:
    """Count a saved change of a locked draft, so that an older page is recognised."""
    application.version += 1
    application.updated_at = at
    application.save(update_fields=["version", "updated_at", "record_confirmed_at", "consented_at"])
    return application


# --- papers -------------------------------------------------------------------------------------


def paper_row(*, application: Application, key: UUID) -> RequiredDocument:
    """Return the row of a paper: the notice's or a question's, after hand-in those asked for then.

    A notice's rows may change after it was applied to; what was handed in can still be corrected.
    Raises UnknownPaperError.
    """
    for row in selectors.required_rows(application):
        if row.key == key:
            return row
    raise UnknownPaperError


def store_paper(
    *,
    application: Application,
    row: RequiredDocument,
    upload: "UploadedFile[Any]",
    by: User,
    at: datetime,
) -> StoredFile:
    """Screen and keep a file for one row, outside any lock: it may take seconds.

    Raises UploadRefusedError with the row's own limits, TooManyUploadsError and ThrottledError.
    """
    hit(scope="upload_person", key=str(by.pk), at=at)
    if application.documents.count() >= MAX_UPLOADS_PER_APPLICATION:
        raise TooManyUploadsError
    return store_upload(
        upload=upload,
        formats=row.accepted_formats,
        by=by,
        company=application.company,
        at=at,
        max_bytes=row.max_mb * BYTES_PER_MIB,
    )


def attach_document(
    *,
    application: Application,
    key: UUID,
    upload: "UploadedFile[Any]",
    seen: UUID | None,
    by: User,
    at: datetime,
) -> SubmittedDocument:
    """Put a file into one row of the draft; the file that was there is kept as replaced (S55).

    `seen`: the uuid of the document that the page showed in this row, None for an empty row.
    Raises UploadRefusedError, UnknownPaperError, TooManyUploadsError, NotADraftError and
    PaperChangedError; the other rows keep their files whatever happens here.
    """
    row = paper_row(application=application, key=key)
    stored = store_paper(application=application, row=row, upload=upload, by=by, at=at)
    try:
        with transaction.atomic():
            application = locked_draft(application)
            document = place_document(
                application=application, row=row, stored=stored, seen=seen, by=by, at=at
            )
            note_change(application, at=at)
    except NotADraftError:
        destroy_file(stored=stored, by=None, reason="붙이지 못한 파일", at=at)
        raise
    except PaperChangedError:
        destroy_file(stored=stored, by=None, reason="붙이지 못한 파일", at=at)
        same = arrived_before(application=application, row=row, stored=stored, by=by)
        if same is None:
            raise
        return same
    return document


def arrived_before(
    *, application: Application, row: RequiredDocument, stored: StoredFile, by: User
) -> SubmittedDocument | None:
    """Return the row's document when it is this very file of this person, sent a second time."""
    current = application.documents.current().select_related("file")
    return current.filter(
        key=row.key,
        file__sha256=stored.sha256,
        file__display_name=stored.display_name,
        uploaded_by=by,
    ).first()


def place_document(
    *,
    application: Application,
    row: RequiredDocument,
    stored: StoredFile,
    seen: UUID | None,
    by: User,
    at: datetime,
) -> SubmittedDocument:
    """Make a stored file the current one of a row; the application must be locked.

    Raises PaperChangedError when the row does not hold what the page showed.
    """
    current = application.documents.current().filter(key=row.key).first()
    if (current.uuid if current else None) != seen:
        raise PaperChangedError
    if current is not None:
        current.replaced_at = at
        current.save(update_fields=["replaced_at"])
    return SubmittedDocument.objects.create(
        application=application,
        key=row.key,
        label=row.label,
        file=stored,
        uploaded_at=at,
        uploaded_by=by,
    )


@transaction.atomic
def remove_document(
    *, application: Application, document: SubmittedDocument, at: datetime
) -> Application:
    """Take a file out of the draft; it is kept as replaced. A second call changes nothing.

    Raises NotADraftError.
    """
    application = locked_draft(application)
    removed = application.documents.current().filter(pk=document.pk).update(replaced_at=at)
    return note_change(application, at=at) if removed else application
