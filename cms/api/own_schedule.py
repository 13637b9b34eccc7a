"""An agency's own system writes its entries of the annual schedule."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from ninja import Query, Router

from cms.api.notices import AskedNothing
from cms.api.own_notices import CHANGE_REFUSALS, REFUSALS, unknown_thing
from cms.api.own_shapes import EntryIn, EntryText, OwnEntries, OwnEntry
from cms.api.pages import entry_row
from cms.api.refusals import told_as_problems
from cms.api.standing import standing_of, with_standing
from cms.models import NoticePage, PartnerAgencyPage, ProgrammeGuidePage, ScheduleEntryPage
from cms.services import writing
from members.api.answers import own_answer
from members.api.problems import documented, not_there
from members.api.questions import AskedPage, absolute, page_of, refuse_unknown
from members.api.tokens import caller, needs
from members.api.writing import IdempotencyKey, IfMatch, check_version, write_once
from members.enums import ApiScope
from members.models import Agency

router = Router(tags=["own schedule"])
SCHEDULES = needs(ApiScope.SCHEDULE)


def own_entries(agency: Agency) -> Any:
    """Return an agency's entries, drafts too, newest first."""
    rows = ScheduleEntryPage.objects.filter(agency=agency)
    return rows.select_related("agency", "notice", "programme").order_by("-pk")


def own_entry(request: HttpRequest, uuid: UUID) -> ScheduleEntryPage:
    """Return one of the caller's own entries; another agency's is not there."""
    _, agency = caller(request)
    entry: ScheduleEntryPage | None = own_entries(agency).filter(translation_key=uuid).first()
    if entry is None:
        raise not_there("이 기관의 일정이 아닙니다.")
    return entry


def locked_entry(request: HttpRequest, uuid: UUID, if_match: str | None) -> ScheduleEntryPage:
    """Return an own entry, locked, if it is still as the caller read it."""
    entry = own_entry(request, uuid)
    locked = ScheduleEntryPage.objects.select_for_update(of=("self",)).get(pk=entry.pk)
    check_version(if_match, present=version_of(locked))
    return locked


def version_of(entry: ScheduleEntryPage) -> str:
    waiting = entry.current_workflow_state
    revisions = f"{entry.latest_revision_id or 0}-{entry.live_revision_id or 0}"
    return f'"{revisions}-{int(entry.live)}-{waiting.pk if waiting else 0}"'


def as_own(entry: ScheduleEntryPage) -> dict[str, Any]:
    """Return an entry's latest draft with where it stands."""
    return {
        **entry_row(writing.latest_draft(entry)),
        **standing_of(entry),
    }


def told(entry: ScheduleEntryPage, *, status: int = 200) -> HttpResponse:
    """Answer with an entry as it now is, its version and its address."""
    present = with_standing(own_entries(entry.agency)).get(pk=entry.pk)
    address = absolute(reverse("api:own_entry", args=[present.translation_key]))
    return own_answer(
        as_own(present),
        status=status,
        etag=version_of(present),
        headers={"Location": address} if status == 201 else None,
    )


def columns_of(asked: EntryText, *, agency: Agency) -> dict[str, Any]:
    """Return what was sent as columns of an entry; it leads to own notices and guides only."""
    values = asked.model_dump(exclude_unset=True)
    if values.get("notice") is not None:
        own = NoticePage.objects.filter(agency=agency, code=values["notice"].upper())
        values["notice"] = own.first()
        if values["notice"] is None:
            raise unknown_thing("notice", "이 기관의 공고가 아닙니다.")
    if values.get("programme") is not None:
        guides = ProgrammeGuidePage.objects.filter(agency=agency)
        values["programme"] = guides.filter(translation_key=values["programme"]).first()
        if values["programme"] is None:
            raise unknown_thing("programme", "이 기관의 사업안내가 아닙니다.")
    nothing = [n for n, v in values.items() if v is None and n not in {"notice", "programme"}]
    if nothing:
        raise unknown_thing(sorted(nothing)[0], "비울 수 없는 항목입니다.")
    return values


def own_row(entry: Any) -> dict[str, Any]:
    """Return a row of an annotated entry; the title is that of its latest draft."""
    return {**entry_row(entry), "title": entry.draft_title, **standing_of(entry)}


@router.get(
    "",
    auth=SCHEDULES,
    response={200: OwnEntries, **documented(400, 401, 403, 429)},
    url_name="own_schedule",
    summary="자기 기관의 일정",
)
def list_own(request: HttpRequest, asked: Query[AskedPage]) -> HttpResponse:
    """The agency's entries, drafts too, newest first; each one's draft is read by its address."""
    refuse_unknown(request, AskedPage)
    _, agency = caller(request)
    rows = with_standing(own_entries(agency))
    return own_answer(page_of(request, rows, asked=asked, shown=own_row))


@router.post(
    "",
    auth=SCHEDULES,
    response={201: OwnEntry, **REFUSALS},
    url_name="own_schedule",
    summary="일정 작성",
)
def create(request: HttpRequest, payload: EntryIn, key: IdempotencyKey) -> HttpResponse:
    """A new entry as a draft."""
    account, agency = caller(request)

    def work() -> HttpResponse:
        parent = PartnerAgencyPage.objects.get(agency=agency)
        with told_as_problems():
            values = columns_of(payload, agency=agency)
            entry = writing.create_entry(parent=parent, values=values, by=account)
        return told(entry, status=201)

    return write_once(request, key, work)


@router.get(
    "/{uuid:uuid}",
    auth=SCHEDULES,
    response={200: OwnEntry, **documented(400, 401, 403, 404, 429)},
    url_name="own_entry",
    summary="자기 기관의 일정 하나",
)
def show(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The latest draft, with the ETag that a change has to name."""
    refuse_unknown(request, AskedNothing)
    return told(own_entry(request, uuid))


@router.patch(
    "/{uuid:uuid}",
    auth=SCHEDULES,
    response={200: OwnEntry, **CHANGE_REFUSALS},
    url_name="own_entry",
    summary="일정 수정",
)
def change(
    request: HttpRequest, uuid: UUID, payload: EntryText, if_match: IfMatch = None
) -> HttpResponse:
    """A new edition of the draft; what is published stays until it is published again."""
    account, agency = caller(request)
    entry = locked_entry(request, uuid, if_match)
    with told_as_problems():
        values = columns_of(payload, agency=agency)
        changed = writing.change_entry(entry=entry, values=values, by=account)
    return told(changed)


@router.post(
    "/{uuid:uuid}/publish",
    auth=SCHEDULES,
    response={200: OwnEntry, **CHANGE_REFUSALS},
    url_name="own_entry_publish",
    summary="일정 게시",
)
def publish(
    request: HttpRequest, uuid: UUID, key: IdempotencyKey, if_match: IfMatch = None
) -> HttpResponse:
    """Publish the latest draft, where the agency publishes itself."""
    account, _ = caller(request)

    def work() -> HttpResponse:
        entry = locked_entry(request, uuid, if_match)
        with told_as_problems():
            return told(writing.publish_latest(page=entry, by=account, at=timezone.now()))

    return write_once(request, key, work)


@router.post(
    "/{uuid:uuid}/submit",
    auth=SCHEDULES,
    response={200: OwnEntry, **CHANGE_REFUSALS},
    url_name="own_entry_submit",
    summary="일정 게시 승인 요청",
)
def submit(
    request: HttpRequest, uuid: UUID, key: IdempotencyKey, if_match: IfMatch = None
) -> HttpResponse:
    """Ask for the approval of the latest draft."""
    account, _ = caller(request)

    def work() -> HttpResponse:
        entry = locked_entry(request, uuid, if_match)
        with told_as_problems():
            return told(writing.submit_latest(page=entry, by=account))

    return write_once(request, key, work)
