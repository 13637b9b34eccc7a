"""An agency's own system reads the applications on its notices and moves them (D section 4)."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from ninja import Field, Query, Router, Schema
from pydantic import AwareDatetime

from applications.enums import ApplicationState, DocumentState
from applications.models import Application, ApplicationEvent, SubmittedDocument
from applications.rules import moves_for
from applications.selectors import applications_seen_by, submitted_papers
from applications.services import moves
from members.access import client_address
from members.api.answers import moment, own_answer
from members.api.problems import ProblemError, documented, not_there
from members.api.questions import Asked, AskedPage, absolute, no_nul, page_of, refuse_unknown
from members.api.tokens import caller, needs
from members.api.writing import IdempotencyKey, IfMatch, Written, check_version, write_once
from members.enums import AccessAction, ApiScope
from members.models import Company
from members.services.access_records import record_access
from members.views.downloads import private_file_response

router = Router(tags=["own applications"])
READS, MOVES = needs(ApiScope.APPLICATIONS_READ), needs(ApiScope.APPLICATIONS_WRITE)
# A step whose transaction ends late must still find its place before the cursor moves on.
SETTLED_AFTER = timedelta(seconds=10)
CHANGES_AT_ONCE = 100


class AskedApplications(AskedPage):
    notice: str = Field("", max_length=20, description="공고번호")
    state: ApplicationState | None = Field(None, description="상태")
    submitted_after: AwareDatetime | None = None


class AskedChanges(Asked):
    after: str = Field("", max_length=100, description="앞선 응답의 cursor. 비우면 처음부터.")


class AskedNothing(Asked):
    """An operation without parameters."""


class CompanyName(Schema):
    name: str
    business_number: str


class ApplicationRow(Schema):
    uuid: str
    receipt_number: str
    state: ApplicationState
    state_label: str
    notice: str
    company: CompanyName
    round: int
    edition: int
    submitted_at: datetime
    api_url: str


class PaperOut(Schema):
    """`sha256` is that of the bytes as they were taken in."""

    uuid: str
    key: str
    label: str
    name: str
    size: int
    sha256: str
    state: DocumentState
    is_current: bool
    uploaded_at: datetime
    url: str


class StepOut(Schema):
    application: str
    from_state: str
    to_state: str
    note: str
    at: datetime


class ApplicationOut(ApplicationRow):
    """`submitted`: everything as it was handed in; `moves`: the states it may be moved into."""

    submitted: dict[str, Any]
    papers: list[PaperOut]
    history: list[StepOut]
    moves: list[ApplicationState]


class Applications(Schema):
    count: int
    page: int
    pages: int
    next: str | None
    previous: str | None
    items: list[ApplicationRow]


class Changes(Schema):
    """Steps in order; ask again with `cursor`. `more`: whether there are more at this moment."""

    items: list[StepOut]
    cursor: str
    more: bool


class Move(Written):
    """`papers`: for correction_asked, the required documents' keys with the reason for each."""

    to: ApplicationState
    reason: str = Field("", max_length=500, pattern=r"^[^\x00]*$")
    papers: dict[UUID, str] = Field({}, max_length=30)
    due_at: AwareDatetime | None = None


def own_applications(request: HttpRequest) -> Any:
    """Return the applications that an officer of the token's agency may open."""
    account, _ = caller(request)
    rows = applications_seen_by(account).select_related("company", "notice__agency")
    return rows.order_by("-submitted_at", "-pk")


def own_application(request: HttpRequest, uuid: UUID) -> Application:
    application: Application | None = own_applications(request).filter(uuid=uuid).first()
    if application is None:
        raise not_there("이 기관의 공고에 제출된 신청이 아닙니다.")
    return application


def note(request: HttpRequest, action: AccessAction, subjects: list[Company], what: str) -> None:
    """Write into the access record what the system does with whose data."""
    account, _ = caller(request)
    record_access(
        actor=account,
        action=action,
        subjects=subjects,
        what=f"API: {what}",
        at=timezone.now(),
        address=client_address(request),
        request_id=getattr(request, "request_id", ""),
    )


def row_of(row: Application) -> dict[str, Any]:
    return {
        "uuid": str(row.uuid),
        "receipt_number": row.receipt_number,
        "state": row.state,
        "state_label": row.get_state_display(),
        "notice": row.notice.code,
        "company": {"name": row.company.name, "business_number": row.company.business_number},
        "round": row.round,
        "edition": row.edition,
        "submitted_at": moment(row.submitted_at),
        "api_url": absolute(reverse("api:own_application", args=[row.uuid])),
    }


def paper_of(row: SubmittedDocument) -> dict[str, Any]:
    return {
        "uuid": str(row.uuid),
        "key": str(row.key),
        "label": row.label,
        "name": row.file.display_name,
        "size": row.file.size,
        "sha256": row.file.sha256,
        "state": row.state,
        "is_current": row.replaced_at is None,
        "uploaded_at": moment(row.uploaded_at),
        "url": absolute(reverse("api:own_paper", args=[row.uuid])),
    }


def step_of(event: ApplicationEvent, uuid: UUID) -> dict[str, Any]:
    return {
        "application": str(uuid),
        "from_state": event.from_state,
        "to_state": event.to_state,
        "note": event.note,
        "at": moment(event.at),
    }


def version_of(application: Application) -> str:
    """Return the ETag of an application: new with each step and each edition."""
    last = application.events.order_by("-pk").values_list("pk", flat=True).first()
    return f'"{application.edition}-{application.state}-{last or 0}"'


def told(request: HttpRequest, application: Application) -> HttpResponse:
    """Answer with an application as it now is."""
    account, _ = caller(request)
    present = own_application(request, application.uuid)
    data = {
        **row_of(present),
        "submitted": present.snapshot or {},
        "papers": [paper_of(row) for row in submitted_papers(present)],
        "history": [step_of(event, present.uuid) for event in present.events.all()],
        "moves": [state.value for state in moves_for(present, by=account)],
    }
    return own_answer(data, etag=version_of(present))


@router.get(
    "",
    auth=READS,
    response={200: Applications, **documented(400, 401, 403, 429)},
    url_name="own_applications",
    summary="자기 기관 공고의 신청",
)
def list_applications(request: HttpRequest, asked: Query[AskedApplications]) -> HttpResponse:
    """What companies handed in on the agency's notices, newest first; drafts never."""
    refuse_unknown(request, AskedApplications)
    no_nul(asked.notice)
    rows = own_applications(request).defer("snapshot")
    if asked.notice:
        rows = rows.filter(notice__code=asked.notice.upper())
    if asked.state:
        rows = rows.filter(state=asked.state)
    if asked.submitted_after:
        rows = rows.filter(submitted_at__gt=asked.submitted_after)
    seen: list[Company] = []

    def shown(row: Application) -> dict[str, Any]:
        seen.append(row.company)
        return row_of(row)

    answer = page_of(request, rows, asked=asked, shown=shown)
    if seen:
        note(request, AccessAction.VIEW, seen, "신청 목록")
    return own_answer(answer)


@router.get(
    "/changes",
    auth=READS,
    response={200: Changes, **documented(400, 401, 403, 429)},
    url_name="own_application_changes",
    summary="신청의 변화",
)
def list_changes(request: HttpRequest, asked: Query[AskedChanges]) -> HttpResponse:
    """The steps of the agency's applications since a cursor, oldest first, none left out."""
    refuse_unknown(request, AskedChanges)
    signer = Signer(salt="application-changes")
    try:
        after = int(signer.unsign(asked.after)) if asked.after else 0
    except (BadSignature, ValueError) as error:
        detail = "앞선 응답에서 받은 cursor가 아닙니다."
        raise ProblemError(400, "unknown_cursor", detail) from error
    account, _ = caller(request)
    settled = timezone.now() - SETTLED_AFTER
    steps = ApplicationEvent.objects.filter(
        pk__gt=after, at__lte=settled, application__in=applications_seen_by(account).values("pk")
    ).select_related("application")
    found = list(steps.order_by("pk")[: CHANGES_AT_ONCE + 1])
    shown = found[:CHANGES_AT_ONCE]
    last = shown[-1].pk if shown else after
    data = {
        "items": [step_of(event, event.application.uuid) for event in shown],
        "cursor": signer.sign(str(last)),
        "more": len(found) > CHANGES_AT_ONCE,
    }
    return own_answer(data)


@router.get(
    "/papers/{uuid:uuid}",
    auth=READS,
    response={200: None, **documented(400, 401, 403, 404, 429)},
    url_name="own_paper",
    summary="제출서류 내려받기",
    openapi_extra={
        "responses": {
            200: {
                "content": {
                    "application/octet-stream": {"schema": {"type": "string", "format": "binary"}}
                }
            }
        }
    },
)
def paper(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One submitted file, as it was taken in."""
    refuse_unknown(request, AskedNothing)
    account, _ = caller(request)
    rows = SubmittedDocument.objects.filter(
        uuid=uuid, application__in=applications_seen_by(account).values("pk")
    )
    found = rows.select_related("file", "application__company", "application__notice").first()
    if found is None or found.file.destroyed_at is not None:
        raise not_there("이 기관의 공고에 제출된 서류가 아니거나 파기된 파일입니다.")
    try:
        response = private_file_response(found.file)
    except PermissionDenied as error:
        raise ProblemError(403, "file_withheld", str(error)) from error
    what = f"제출서류 {found.label} ({found.application})"
    note(request, AccessAction.DOWNLOAD, [found.application.company], what)
    return response


@router.get(
    "/{uuid:uuid}",
    auth=READS,
    response={200: ApplicationOut, **documented(400, 401, 403, 404, 429)},
    url_name="own_application",
    summary="신청 하나",
)
def show(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Everything that was handed in, its papers, and what may be done now."""
    refuse_unknown(request, AskedNothing)
    application = own_application(request, uuid)
    note(request, AccessAction.VIEW, [application.company], f"신청 {application}")
    return told(request, application)


@router.post(
    "/{uuid:uuid}/state",
    auth=MOVES,
    response={
        200: ApplicationOut,
        **documented(400, 401, 403, 404, 409, 412, 422, 428, 429),
    },
    url_name="own_application_state",
    summary="신청 상태 변경",
)
def move(
    request: HttpRequest,
    uuid: UUID,
    payload: Move,
    key: IdempotencyKey,
    if_match: IfMatch = None,
) -> HttpResponse:
    """Move an application, as its officer would; the company is told by mail."""

    def work() -> HttpResponse:
        application = Application.objects.locked(own_application(request, uuid))
        check_version(if_match, present=version_of(application))
        moved = moved_by(request, application, payload)
        what = f"신청 상태 변경: {moved} {moved.get_state_display()}"
        note(request, AccessAction.CHANGE, [moved.company], what)
        return told(request, moved)

    return write_once(request, key, work)


def moved_by(request: HttpRequest, application: Application, payload: Move) -> Application:
    """Ask the officers' own service; tell what it refuses."""
    account, _ = caller(request)
    known = {str(row.key) for row in submitted_papers(application)}
    strange = sorted(str(key) for key in payload.papers if str(key) not in known)
    if strange:
        raise ProblemError(
            422,
            "unknown_paper",
            "이 신청에 없는 서류입니다.",
            errors=[{"field": f"papers.{key}", "message": "없는 서류입니다."} for key in strange],
        )
    try:
        return moves.move_application(
            application=application,
            to=payload.to,
            by=account,
            at=timezone.now(),
            reason=payload.reason,
            seen=application.state,
            papers=payload.papers,
            due_at=payload.due_at,
        )
    except moves.MoveRefusedError as error:
        raise ProblemError(409, "move_refused", str(error)) from error
    except moves.ReasonMissingError as error:
        detail = "이 상태에는 신청기업이 읽을 사유가 필요합니다."
        raise ProblemError(422, "reason_missing", detail) from error
