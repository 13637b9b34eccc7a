"""Reading programme guides, agencies, the annual schedule, categories, and the search."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from ninja import Field, Path, Query, Router

from cms.api.bodies import body_as_html, body_as_json
from cms.api.notices import AskedNothing, contact_of
from cms.api.shapes import (
    Agencies,
    AgencyOut,
    AgencyRow,
    Categories,
    CategoryRow,
    Entries,
    EntryRow,
    GuideOut,
    GuideRow,
    Guides,
    Hit,
    Hits,
)
from cms.enums import ScheduleKind
from cms.models import Category, PartnerAgencyPage, ProgrammeGuidePage, ScheduleEntryPage
from cms.search.results import first_hits, search_of
from cms.selectors import public_entries
from members.api.answers import moment, public_answer
from members.api.problems import documented, not_there
from members.api.questions import (
    AskedPage,
    absolute,
    chosen_fields,
    no_nul,
    page_of,
    pick,
    refuse_unknown,
)
from members.models import Agency

router = Router()
LOGO = "max-400x200"


class AskedGuides(AskedPage):
    agency: str = Field("", max_length=40, description="기관 코드")
    category: str = Field("", max_length=60, description="사업구분의 주소 이름")


class AskedEntries(AskedPage):
    year: int | None = Field(None, ge=1900, le=2999, description="시작하는 해")
    agency: str = Field("", max_length=40, description="기관 코드")
    kind: ScheduleKind | None = Field(None, description="종류")
    country: str = Field("", pattern="^([A-Z]{2})?$", description="국가 부호 두 글자")
    ends_after: date | None = Field(None, description="이날 뒤에 끝나는 일정")
    starts_before: date | None = Field(None, description="이날 전에 시작하는 일정")


class AskedWords(AskedPage):
    q: str = Field(min_length=1, max_length=100, description="모두 들어 있어야 하는 낱말")


def agency_name(agency: Agency) -> dict[str, str]:
    return {"code": agency.code, "name": agency.name}


def public_guides() -> Any:
    """Return the published guides in the order of the page 사업안내."""
    guides = ProgrammeGuidePage.objects.live().select_related("agency", "category")
    return guides.order_by("agency__position", "agency__code", "title", "pk")


@router.get(
    "/guides",
    response={200: Guides, **documented(400)},
    url_name="guides",
    summary="사업안내 목록",
    tags=["guides"],
)
def list_guides(request: HttpRequest, asked: Query[AskedGuides]) -> HttpResponse:
    """Published programme guides, per agency in the agencies' own order."""
    refuse_unknown(request, AskedGuides)
    no_nul(asked.agency, asked.category)
    names = chosen_fields(asked.fields, offered=tuple(GuideRow.model_fields))
    guides = public_guides().defer("body", "process", "support")
    if asked.agency:
        guides = guides.filter(agency__code=asked.agency)
    if asked.category:
        guides = guides.filter(category__slug=asked.category)
    page = page_of(request, guides, asked=asked, shown=lambda guide: pick(guide_row(guide), names))
    return public_answer(request, page)


def guide_row(guide: ProgrammeGuidePage) -> dict[str, Any]:
    return {
        "uuid": str(guide.translation_key),
        "title": guide.title,
        "agency": agency_name(guide.agency),
        "category": {"slug": guide.category.slug, "name": guide.category.name},
        "purpose": guide.purpose,
        "target": guide.target,
        "cycle": guide.cycle,
        "changed_at": moment(guide.last_published_at),
        "url": absolute(guide.url or ""),
        "api_url": absolute(reverse("api:guide", args=[guide.translation_key])),
    }


@router.get(
    "/guides/{uuid:uuid}",
    response={200: GuideOut, **documented(400, 404)},
    url_name="guide",
    summary="사업안내 하나",
    tags=["guides"],
)
def show_guide(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One programme guide with its steps, documents, questions and text."""
    refuse_unknown(request, AskedNothing)
    rows = public_guides().prefetch_related("guide_documents", "questions")
    guide = rows.filter(translation_key=uuid).first()
    if guide is None:
        raise not_there("게시된 사업안내가 없습니다.")
    data = {
        **guide_row(guide),
        "support": guide.support_items,
        "process": guide.process_items,
        "contact": contact_of(guide),
        "documents": [
            {"label": row.label, "is_required": row.is_required, "note": row.note}
            for row in guide.guide_documents.all()
        ],
        "questions": [
            {"question": row.question, "answer": row.answer} for row in guide.questions.all()
        ],
        "body": body_as_json(guide.body),
        "body_html": body_as_html(guide.body),
    }
    return public_answer(request, data, changed_at=guide.last_published_at)


def public_agencies() -> Any:
    """Return the pages of the agencies at work, in their own order."""
    pages = PartnerAgencyPage.objects.live().filter(agency__is_active=True)
    pages = pages.select_related("agency", "logo").prefetch_related(
        "agency__former_names", "logo__renditions"
    )
    return pages.order_by("agency__position", "agency__code")


@router.get(
    "/agencies",
    response={200: Agencies, **documented(400)},
    url_name="agencies",
    summary="유관기관 목록",
    tags=["agencies"],
)
def list_agencies(request: HttpRequest, asked: Query[AskedPage]) -> HttpResponse:
    """The agencies at work, with the names that they had before."""
    refuse_unknown(request, AskedPage)
    names = chosen_fields(asked.fields, offered=tuple(AgencyRow.model_fields))
    pages = public_agencies().defer("body")
    answer = page_of(request, pages, asked=asked, shown=lambda page: pick(agency_row(page), names))
    return public_answer(request, answer)


def agency_row(page: PartnerAgencyPage) -> dict[str, Any]:
    agency = page.agency
    return {
        **agency_name(agency),
        "name_en": agency.name_en,
        "role": agency.role,
        "former_names": [former.name for former in agency.former_names.all()],
        "introduction": page.introduction,
        "department": agency.department,
        "phone": agency.phone,
        "email": agency.email,
        "address": agency.address,
        "website": page.website,
        "logo": absolute(page.logo.get_rendition(LOGO).url) if page.logo else None,
        "url": absolute(page.url or ""),
        "api_url": absolute(reverse("api:agency", args=[agency.code])),
    }


@router.get(
    "/agencies/{code}",
    response={200: AgencyOut, **documented(400, 404)},
    url_name="agency",
    summary="유관기관 하나",
    tags=["agencies"],
)
def show_agency(
    request: HttpRequest, code: Annotated[str, Path(max_length=40, pattern=r"^[\w-]+$")]
) -> HttpResponse:
    """One agency with its own text."""
    refuse_unknown(request, AskedNothing)
    page = public_agencies().filter(agency__code=code).first()
    if page is None:
        raise not_there("운영 중인 기관이 아닙니다.")
    data = {
        **agency_row(page),
        "body": body_as_json(page.body),
        "body_html": body_as_html(page.body),
    }
    return public_answer(request, data)


@router.get(
    "/schedule",
    response={200: Entries, **documented(400)},
    url_name="schedule",
    summary="연중일정",
    tags=["schedule"],
)
def list_entries(request: HttpRequest, asked: Query[AskedEntries]) -> HttpResponse:
    """Published schedule entries in the order of the year."""
    refuse_unknown(request, AskedEntries)
    no_nul(asked.agency)
    names = chosen_fields(asked.fields, offered=tuple(EntryRow.model_fields))
    conditions = {
        "starts_date__year": asked.year,
        "agency__code": asked.agency,
        "kind": asked.kind,
        "country": asked.country,
        "ends_date__gt": asked.ends_after,
        "starts_date__lt": asked.starts_before,
    }
    entries = public_entries().filter(
        **{name: value for name, value in conditions.items() if value}
    )
    answer = page_of(request, entries, asked=asked, shown=lambda row: pick(entry_row(row), names))
    return public_answer(request, answer)


def entry_row(entry: ScheduleEntryPage) -> dict[str, Any]:
    notice, programme = entry.notice, entry.programme
    return {
        "uuid": str(entry.translation_key),
        "title": entry.title,
        "agency": agency_name(entry.agency),
        "kind": entry.kind,
        "starts_date": entry.starts_date.isoformat(),
        "ends_date": entry.ends_date.isoformat(),
        "country": entry.country,
        "city": entry.city,
        "description": entry.description,
        "notice": notice.code if notice and notice.live else None,
        "programme": str(programme.translation_key) if programme and programme.live else None,
        "url": absolute(entry.url or ""),
        "api_url": absolute(reverse("api:entry", args=[entry.translation_key])),
    }


@router.get(
    "/schedule/{uuid:uuid}",
    response={200: EntryRow, **documented(400, 404)},
    url_name="entry",
    summary="일정 하나",
    tags=["schedule"],
)
def show_entry(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One published schedule entry."""
    refuse_unknown(request, AskedNothing)
    entry = public_entries().filter(translation_key=uuid).first()
    if entry is None:
        raise not_there("게시된 일정이 없습니다.")
    return public_answer(request, entry_row(entry), changed_at=entry.last_published_at)


@router.get(
    "/categories",
    response={200: Categories, **documented(400)},
    url_name="categories",
    summary="사업구분",
    tags=["notices"],
)
def list_categories(request: HttpRequest, asked: Query[AskedPage]) -> HttpResponse:
    """The categories that notices and guides share."""
    refuse_unknown(request, AskedPage)
    names = chosen_fields(asked.fields, offered=tuple(CategoryRow.model_fields))
    rows = Category.objects.order_by("position", "name").values("slug", "name", "description")
    answer = page_of(request, rows, asked=asked, shown=lambda row: pick(row, names))
    return public_answer(request, answer)


@router.get(
    "/search",
    response={200: Hits, **documented(400)},
    url_name="search",
    summary="통합검색",
    tags=["search"],
)
def search(request: HttpRequest, asked: Query[AskedWords]) -> HttpResponse:
    """Everything published that holds every word, the most fitting first, at most 100."""
    refuse_unknown(request, AskedWords)
    no_nul(asked.q)
    names = chosen_fields(asked.fields, offered=tuple(Hit.model_fields))
    answer = page_of(request, hits_of(asked.q), asked=asked, shown=lambda hit: pick(hit, names))
    return public_answer(request, answer)


def hits_of(words: str) -> list[dict[str, Any]]:
    """Return what the site's own search finds, as rows of the API: the one seam to it."""
    return [
        {
            "kind": hit.entry.get_kind_display(),
            "title": hit.entry.title,
            "url": absolute(hit.url),
        }
        for hit in first_hits(search_of(words))
    ]
