"""Reading notices: the list with the filters of the page and ranges, and one notice by its code."""

from datetime import datetime
from typing import Annotated, Any

from django.db.models import Max, Prefetch
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from ninja import Field, Path, Query, Router
from pydantic import AwareDatetime

from cms.api.bodies import body_as_html, body_as_json, file_as_json
from cms.api.shapes import NoticeOut, NoticeRow, Notices
from cms.enums import IntakeKind, NoticeStatus
from cms.models import Attachment, NoticePage, RequiredDocument
from cms.models.notices import CLOSING_SOON, NoticeQuerySet
from cms.search.results import search_of
from cms.selectors import NoticeFilters, filtered_notices
from members.api.answers import moment, public_answer
from members.api.problems import documented, not_there
from members.api.questions import (
    Asked,
    AskedPage,
    absolute,
    chosen_fields,
    no_nul,
    page_of,
    pick,
    refuse_unknown,
)

router = Router(tags=["notices"])

ROW_FIELDS = tuple(NoticeRow.model_fields)
COLUMNS = (
    "code", "title", "summary", "intake_kind", "intake_opens_at", "intake_closes_at",
    "stopped_early_at", "posted_at", "last_published_at", "agency__code", "agency__name",
    "category__slug", "category__name", "status_now",
)  # fmt: skip
# Parameter and the condition that it puts on a notice; moments need an offset.
RANGES = {
    "closes_after": "intake_closes_at__gt",
    "closes_before": "intake_closes_at__lt",
    "opens_after": "intake_opens_at__gt",
    "opens_before": "intake_opens_at__lt",
    "posted_after": "posted_at__gt",
    "posted_before": "posted_at__lt",
    "changed_after": "last_published_at__gt",
}
A_MOMENT = "시차가 있는 시각, 예: 2026-03-11T18:00:00+09:00"


class AskedNotices(AskedPage):
    q: str = Field("", max_length=100, description="모두 들어 있어야 하는 낱말")
    state: NoticeStatus | None = Field(None, description="예정, 진행, 마감")
    agency: str = Field("", max_length=40, description="기관 코드")
    category: str = Field("", max_length=60, description="사업구분의 주소 이름")
    kind: IntakeKind | None = Field(None, description="접수 방법")
    order: str = Field(
        "open", pattern="^(open|newest)$", description="접수 중 먼저, 최근 게시 먼저"
    )
    closes_after: AwareDatetime | None = Field(None, description=A_MOMENT)
    closes_before: AwareDatetime | None = Field(None, description=A_MOMENT)
    opens_after: AwareDatetime | None = Field(None, description=A_MOMENT)
    opens_before: AwareDatetime | None = Field(None, description=A_MOMENT)
    posted_after: AwareDatetime | None = Field(None, description=A_MOMENT)
    posted_before: AwareDatetime | None = Field(None, description=A_MOMENT)
    changed_after: AwareDatetime | None = Field(None, description=A_MOMENT)


class AskedNothing(Asked):
    """An operation without parameters."""


NoticeCode = Annotated[str, Path(max_length=20, pattern=r"^[A-Za-z0-9-]+$")]


def asked_notices(asked: AskedNotices, *, at: datetime) -> NoticeQuerySet:
    """Return the published notices that a caller asks for, in a stable order."""
    no_nul(asked.q, asked.agency, asked.category)
    filters = NoticeFilters(
        search=search_of(asked.q),
        state=asked.state or "",
        agency=asked.agency,
        category=asked.category,
        kind=asked.kind or "",
        newest_first=asked.order == "newest",
    )
    ranges = {
        condition: getattr(asked, name)
        for name, condition in RANGES.items()
        if getattr(asked, name) is not None
    }
    found: NoticeQuerySet = filtered_notices(filters=filters, at=at).filter(**ranges)
    return found


def row_of(values: dict[str, Any], *, at: datetime) -> dict[str, Any]:
    """Return a notice's columns as a row of the API."""
    ends = [m for m in (values["intake_closes_at"], values["stopped_early_at"]) if m]
    is_open = values["status_now"] == NoticeStatus.OPEN
    code = values["code"]
    return {
        "code": code,
        "title": values["title"],
        "summary": values["summary"],
        "state": values["status_now"],
        "is_closing_soon": is_open and bool(ends) and min(ends) - at <= CLOSING_SOON,
        "agency": {"code": values["agency__code"], "name": values["agency__name"]},
        "category": {"slug": values["category__slug"], "name": values["category__name"]},
        "intake_kind": values["intake_kind"],
        "intake_opens_at": moment(values["intake_opens_at"]),
        "intake_closes_at": moment(values["intake_closes_at"]),
        "stopped_early_at": moment(values["stopped_early_at"]),
        "posted_at": moment(values["posted_at"]),
        "changed_at": moment(values["last_published_at"]),
        "url": absolute(reverse("cms:notice", args=[code])),
        "api_url": absolute(reverse("api:notice", args=[code])),
    }


@router.get(
    "/notices",
    response={200: Notices, **documented(400)},
    url_name="notices",
    summary="사업공고 목록",
)
def list_notices(request: HttpRequest, asked: Query[AskedNotices]) -> HttpResponse:
    """Published notices of all agencies; the filters of the page, and ranges of time."""
    refuse_unknown(request, AskedNotices)
    names = chosen_fields(asked.fields, offered=ROW_FIELDS)
    at = timezone.now()
    rows = asked_notices(asked, at=at).values(*COLUMNS)
    page = page_of(
        request, rows, asked=asked, shown=lambda values: pick(row_of(values, at=at), names)
    )
    return public_answer(request, page)


@router.get(
    "/notices/{code}",
    response={200: NoticeOut, **documented(400, 404)},
    url_name="notice",
    summary="사업공고 하나",
)
def show_notice(request: HttpRequest, code: NoticeCode) -> HttpResponse:
    """One published notice with its documents, attachments, extensions and text."""
    refuse_unknown(request, AskedNothing)
    at = timezone.now()
    notice = public_notice(code, at=at)
    return public_answer(request, notice_as_json(notice, at=at), changed_at=changed(notice, at=at))


def public_notice(code: str, *, at: datetime) -> NoticePage:
    """Return a published notice with everything that belongs to it; constant queries."""
    documents = Prefetch("required_documents", RequiredDocument.objects.select_related("template"))
    files = Prefetch("attachments", Attachment.objects.select_related("document"))
    rows = (
        NoticePage.objects.live()
        .with_status(at)
        .select_related("agency", "category", "programme")
        .prefetch_related(documents, files, "intake_changes")
        .annotate(intake_changed_at=Max("intake_changes__at"))
    )
    notice: NoticePage | None = rows.filter(code=code.upper()).first()
    if notice is None:
        raise not_there("이 번호로 게시된 공고가 없습니다.")
    return notice


def changed(notice: Any, *, at: datetime) -> datetime:
    """Return when the answer last changed: by text, by intake, or by its state passing on."""
    moments = (
        notice.last_published_at,
        notice.intake_changed_at,
        notice.intake_opens_at,
        notice.ends_at,
        notice.ends_at and notice.ends_at - CLOSING_SOON,
    )
    return max((found for found in moments if found and found <= at), default=at)


def notice_as_json(notice: Any, *, at: datetime) -> dict[str, Any]:
    """Return everything that the public page of a notice says."""
    return {
        **row_of(values_of(notice, at=at), at=at),
        "official_number": notice.official_number,
        "stop_reason": notice.stop_reason,
        "external_url": notice.external_url,
        "member_level": notice.member_level,
        "capacity": notice.capacity,
        "rounds_allowed": notice.rounds_allowed,
        "is_certificate_offered": notice.is_certificate_offered,
        "contact": contact_of(notice),
        "views": notice.view_count,
        "programme": programme_of(notice),
        "required_documents": [document_row(row) for row in notice.required_documents.all()],
        "attachments": [file_as_json(row.document, row.label) for row in notice.attachments.all()],
        "extensions": [
            {
                "at": moment(change.at),
                "old_closes_at": moment(change.old_closes_at),
                "new_closes_at": moment(change.new_closes_at),
                "reason": change.reason,
            }
            for change in notice.intake_changes.all()
            if change.is_extension
        ],
        "body": body_as_json(notice.body),
        "body_html": body_as_html(notice.body),
    }


def values_of(notice: Any, *, at: datetime) -> dict[str, Any]:
    """Return a notice's columns as `row_of` reads them."""
    own = [name for name in COLUMNS if "__" not in name and name != "status_now"]
    values = {name: getattr(notice, name) for name in own}
    values |= {"agency__code": notice.agency.code, "agency__name": notice.agency.name}
    values |= {"category__slug": notice.category.slug, "category__name": notice.category.name}
    values["status_now"] = notice.status_at(at)
    return values


def contact_of(page: Any) -> dict[str, str]:
    return {
        "department": page.contact_department,
        "phone": page.contact_phone,
        "email": page.contact_email,
    }


def programme_of(notice: Any) -> dict[str, str] | None:
    """Return the notice's programme guide while it is published."""
    guide = notice.programme
    if guide is None or not guide.live:
        return None
    return {
        "uuid": str(guide.translation_key),
        "title": guide.title,
        "url": absolute(guide.url or ""),
    }


def document_row(row: RequiredDocument) -> dict[str, Any]:
    return {
        "key": str(row.key),
        "label": row.label,
        "is_required": row.is_required,
        "formats": row.accepted_formats,
        "max_mb": row.max_mb,
        "note": row.note,
        "template": file_as_json(row.template) if row.template else None,
    }
