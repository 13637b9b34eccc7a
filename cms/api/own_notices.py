"""An agency's own system writes its notices: drafts, files, approval, publishing, intake."""

from datetime import datetime
from typing import Annotated, Any

from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from ninja import File, Form, Query, Router
from ninja.files import UploadedFile

from cms.api.notices import AskedNothing, NoticeCode, notice_as_json, row_of, values_of
from cms.api.own_shapes import Close, Extend, NoticeIn, NoticeText, OwnNotice, OwnNotices
from cms.api.previews import preview_address
from cms.api.refusals import told_as_problems
from cms.api.standing import standing_of, with_standing
from cms.models import Category, NoticePage, PartnerAgencyPage, ProgrammeGuidePage
from cms.rules import may_add_below, may_publish
from cms.services import writing
from cms.services.notices import change_intake, clone_notice
from members.api.answers import own_answer
from members.api.problems import ProblemError, documented, not_there
from members.api.questions import AskedPage, absolute, page_of, refuse_unknown
from members.api.tokens import caller, needs
from members.api.writing import IdempotencyKey, IfMatch, check_version, write_once
from members.enums import ApiScope
from members.models import Agency

router = Router(tags=["own notices"])
WRITES, PUBLISHES = needs(ApiScope.NOTICES), needs(ApiScope.PUBLISH)
REFUSALS = documented(400, 401, 403, 404, 409, 422, 429)
CHANGE_REFUSALS = documented(400, 401, 403, 404, 409, 412, 422, 428, 429)


def own_notices(agency: Agency) -> Any:
    """Return an agency's notices, drafts too, newest first."""
    rows = NoticePage.objects.filter(agency=agency)
    return rows.select_related("agency", "category", "programme").order_by("-pk")


def own_notice(request: HttpRequest, code: str) -> NoticePage:
    """Return one of the caller's own notices; another agency's is not there."""
    _, agency = caller(request)
    notice: NoticePage | None = own_notices(agency).filter(code=code.upper()).first()
    if notice is None:
        raise not_there("이 번호의 공고가 이 기관에 없습니다.")
    return notice


def locked_notice(request: HttpRequest, code: str, if_match: str | None) -> NoticePage:
    """Return an own notice, locked, if it is still as the caller read it."""
    notice = own_notice(request, code)
    locked = NoticePage.objects.select_for_update(of=("self",)).get(pk=notice.pk)
    check_version(if_match, present=version_of(locked))
    return locked


def version_of(notice: NoticePage) -> str:
    """Return the ETag of a notice with its drafts: new with each revision, publishing, change."""
    changed = notice.intake_changes.aggregate(last=Max("pk"))["last"] or 0
    waiting = notice.current_workflow_state
    parts = (
        notice.latest_revision_id or 0,
        notice.live_revision_id or 0,
        int(notice.live),
        changed,
        waiting.pk if waiting else 0,
    )
    return '"' + "-".join(str(part) for part in parts) + '"'


def as_own(notice: NoticePage) -> dict[str, Any]:
    """Return a notice's latest draft with where it stands."""
    draft = writing.latest_draft(notice)
    return {
        **notice_as_json(draft, at=timezone.now()),
        **standing_of(notice),
        "preview_url": preview_address(notice),
    }


def told(notice: NoticePage, *, status: int = 200) -> HttpResponse:
    """Answer with a notice as it now is, its version and its address."""
    present = with_standing(own_notices(notice.agency)).get(pk=notice.pk)
    location = {"Location": absolute(reverse("api:own_notice", args=[notice.code]))}
    return own_answer(
        as_own(present),
        status=status,
        etag=version_of(present),
        headers=location if status == 201 else None,
    )


def columns_of(asked: NoticeText, *, agency: Agency) -> dict[str, Any]:
    """Return what was sent as columns of a notice; other things are found by their names."""
    values = asked.model_dump(exclude_unset=True, exclude={"required_documents", "body"})
    if "category" in values:
        values["category"] = Category.objects.filter(slug=values["category"]).first()
        if values["category"] is None:
            raise unknown_thing("category", "없는 사업구분입니다.")
    if values.get("programme") is not None:
        guides = ProgrammeGuidePage.objects.filter(agency=agency)
        values["programme"] = guides.filter(translation_key=values["programme"]).first()
        if values["programme"] is None:
            raise unknown_thing("programme", "이 기관의 사업안내가 아닙니다.")
    nullable = {"programme", "intake_closes_at", "capacity"}
    nothing = sorted(n for n, v in values.items() if v is None and n not in nullable)
    if nothing:
        raise unknown_thing(nothing[0], "비울 수 없는 항목입니다.")
    return values


def unknown_thing(field: str, message: str) -> ProblemError:
    """Return the error for a name in the body that leads nowhere."""
    return ProblemError(
        422, "invalid_content", "고칠 곳이 있습니다.", errors=[{"field": field, "message": message}]
    )


def rows_of(parts: list[Any] | None) -> list[dict[str, Any]] | None:
    """Return parts of a body as plain dictionaries; enums as their values."""
    return None if parts is None else [part.model_dump(mode="json") for part in parts]


def own_row(notice: Any, *, at: datetime) -> dict[str, Any]:
    """Return a row of an annotated notice; the title is that of its latest draft."""
    return {
        **row_of(values_of(notice, at=at), at=at),
        "title": notice.draft_title,
        **standing_of(notice),
        "preview_url": preview_address(notice),
    }


@router.get(
    "",
    auth=WRITES,
    response={200: OwnNotices, **documented(400, 401, 403, 429)},
    url_name="own_notices",
    summary="자기 기관의 공고",
)
def list_own(request: HttpRequest, asked: Query[AskedPage]) -> HttpResponse:
    """The agency's notices, drafts too, newest first; each one's draft is read by its address."""
    refuse_unknown(request, AskedPage)
    _, agency = caller(request)
    at = timezone.now()
    rows = with_standing(own_notices(agency).with_status(at))
    return own_answer(page_of(request, rows, asked=asked, shown=lambda row: own_row(row, at=at)))


@router.post(
    "",
    auth=WRITES,
    response={201: OwnNotice, **REFUSALS},
    url_name="own_notices",
    summary="공고 작성",
)
def create(request: HttpRequest, payload: NoticeIn, key: IdempotencyKey) -> HttpResponse:
    """A new draft; its number is given here and never again."""
    account, agency = caller(request)

    def work() -> HttpResponse:
        parent = PartnerAgencyPage.objects.get(agency=agency)
        with told_as_problems():
            notice = writing.create_notice(
                parent=parent,
                values=columns_of(payload, agency=agency),
                documents=[without_key(row) for row in rows_of(payload.required_documents) or []],
                body=rows_of(payload.body) or [],
                by=account,
            )
        return told(notice, status=201)

    return write_once(request, key, work)


def without_key(row: dict[str, Any]) -> dict[str, Any]:
    """A new notice's documents get keys of their own."""
    return {name: value for name, value in row.items() if name != "key"}


@router.get(
    "/{code}",
    auth=WRITES,
    response={200: OwnNotice, **documented(400, 401, 403, 404, 429)},
    url_name="own_notice",
    summary="자기 기관의 공고 하나",
)
def show(request: HttpRequest, code: NoticeCode) -> HttpResponse:
    """The latest draft, with the ETag that a change has to name."""
    refuse_unknown(request, AskedNothing)
    return told(own_notice(request, code))


@router.patch(
    "/{code}",
    auth=WRITES,
    response={200: OwnNotice, **CHANGE_REFUSALS},
    url_name="own_notice",
    summary="공고 수정",
)
def change(
    request: HttpRequest, code: NoticeCode, payload: NoticeText, if_match: IfMatch = None
) -> HttpResponse:
    """A new edition of the draft; what is published stays until it is published again."""
    account, agency = caller(request)
    notice = locked_notice(request, code, if_match)
    with told_as_problems():
        changed = writing.change_notice(
            notice=notice,
            values=columns_of(payload, agency=agency),
            documents=rows_of(payload.required_documents),
            body=rows_of(payload.body),
            by=account,
        )
    return told(changed)


@router.post(
    "/{code}/attachments",
    auth=WRITES,
    response={201: OwnNotice, **CHANGE_REFUSALS},
    url_name="own_notice_attachments",
    summary="첨부파일 올리기",
)
def attach(
    request: HttpRequest,
    code: NoticeCode,
    key: IdempotencyKey,
    file: Annotated[UploadedFile, File(...)],
    label: Annotated[str, Form(max_length=120, pattern=r"^[^\x00]*$")] = "",
    if_match: IfMatch = None,
) -> HttpResponse:
    """A file for the draft, judged by its content; public once the notice is published."""
    account, _ = caller(request)

    def work() -> HttpResponse:
        notice = locked_notice(request, code, if_match)
        with told_as_problems():
            changed = writing.attach_file(notice=notice, upload=file, label=label, by=account)
        return told(changed, status=201)

    return write_once(request, key, work)


@router.post(
    "/{code}/submit",
    auth=WRITES,
    response={200: OwnNotice, **CHANGE_REFUSALS},
    url_name="own_notice_submit",
    summary="게시 승인 요청",
)
def submit(
    request: HttpRequest, code: NoticeCode, key: IdempotencyKey, if_match: IfMatch = None
) -> HttpResponse:
    """Ask for the approval of the latest draft."""
    account, _ = caller(request)

    def work() -> HttpResponse:
        notice = locked_notice(request, code, if_match)
        with told_as_problems():
            return told(writing.submit_latest(page=notice, by=account))

    return write_once(request, key, work)


@router.post(
    "/{code}/publish",
    auth=PUBLISHES,
    response={200: OwnNotice, **CHANGE_REFUSALS},
    url_name="own_notice_publish",
    summary="게시",
)
def publish(
    request: HttpRequest, code: NoticeCode, key: IdempotencyKey, if_match: IfMatch = None
) -> HttpResponse:
    """Publish the latest draft, where the agency publishes itself."""
    account, _ = caller(request)

    def work() -> HttpResponse:
        notice = locked_notice(request, code, if_match)
        with told_as_problems():
            return told(writing.publish_latest(page=notice, by=account, at=timezone.now()))

    return write_once(request, key, work)


@router.post(
    "/{code}/extend",
    auth=PUBLISHES,
    response={200: OwnNotice, **CHANGE_REFUSALS},
    url_name="own_notice_extend",
    summary="접수기간 연장",
)
def extend(
    request: HttpRequest,
    code: NoticeCode,
    payload: Extend,
    key: IdempotencyKey,
    if_match: IfMatch = None,
) -> HttpResponse:
    """A later closing time, with the reason that the notice will show."""

    def work() -> HttpResponse:
        notice = locked_notice(request, code, if_match)
        if notice.intake_closes_at is None or payload.closes_at <= notice.intake_closes_at:
            raise unknown_thing("closes_at", "지금의 마감보다 늦은 시각을 적어 주십시오.")
        changes = {"intake_closes_at": payload.closes_at}
        return told(changed_intake(request, notice, changes, payload.reason))

    return write_once(request, key, work)


@router.post(
    "/{code}/close",
    auth=PUBLISHES,
    response={200: OwnNotice, **CHANGE_REFUSALS},
    url_name="own_notice_close",
    summary="조기 마감",
)
def close(
    request: HttpRequest,
    code: NoticeCode,
    payload: Close,
    key: IdempotencyKey,
    if_match: IfMatch = None,
) -> HttpResponse:
    """Stop the intake at this moment, with the reason that the notice will show."""

    def work() -> HttpResponse:
        notice = locked_notice(request, code, if_match)
        if not notice.is_open_at(timezone.now()):
            raise ProblemError(409, "not_open", "접수 중인 공고가 아닙니다.")
        changes = {"stopped_early_at": timezone.now(), "stop_reason": payload.reason}
        return told(changed_intake(request, notice, changes, payload.reason))

    return write_once(request, key, work)


def changed_intake(
    request: HttpRequest, notice: NoticePage, changes: dict[str, Any], reason: str
) -> NoticePage:
    """Change a published notice's intake as the officer's own screen does."""
    account, _ = caller(request)
    with told_as_problems():
        writing.require(may_publish(notice, by=account))
        change_intake(notice=notice, changes=changes, reason=reason, by=account, at=timezone.now())
    return notice


@router.post(
    "/{code}/duplicate",
    auth=WRITES,
    response={201: OwnNotice, **REFUSALS},
    url_name="own_notice_duplicate",
    summary="지난 공고 복제",
)
def duplicate(request: HttpRequest, code: NoticeCode, key: IdempotencyKey) -> HttpResponse:
    """Next year's draft: new number, dates a year later."""
    account, _ = caller(request)

    def work() -> HttpResponse:
        notice = own_notice(request, code)
        with told_as_problems():
            writing.require(may_add_below(notice.get_parent(), by=account))
            copy = clone_notice(notice=notice, by=account, at=timezone.now())
        return told(copy, status=201)

    return write_once(request, key, work)
