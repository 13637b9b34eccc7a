"""HS codes for other systems: the search of the page `/hs/`."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Router, Schema

from members.api.answers import public_answer
from members.api.problems import documented
from members.api.questions import (
    MAX_PAGE_SIZE,
    PAGE_SIZE,
    Asked,
    AskedPage,
    no_nul,
    page_of,
    refuse_unknown,
)
from members.hs.search import HsHit, codes_below, current_edition, find_codes

router = Router(tags=["hs codes"])


class AskedCodes(Asked):
    q: str = Field("", max_length=100, description="부호의 앞자리나 품명의 낱말")
    under: str = Field("", pattern=r"^(\d{2,10})?$", description="이 부호 아래의 부호")
    page: int = Field(1, ge=1, le=100_000, description="쪽 번호 (1부터)")
    page_size: int = Field(PAGE_SIZE, ge=1, le=MAX_PAGE_SIZE, description="한 쪽의 건수")


class HsRow(Schema):
    """`path`: everything above it and itself; `below`: the digits of the codes under it, or 0."""

    code: str
    written: str
    path: str
    below: int


class HsCodes(Schema):
    count: int
    page: int
    pages: int
    next: str | None
    previous: str | None
    items: list[HsRow]


@router.get(
    "",
    response={200: HsCodes, **documented(400)},
    url_name="hs_codes",
    summary="HS 부호",
)
def list_codes(request: HttpRequest, asked: Query[AskedCodes]) -> HttpResponse:
    """The codes that match, or those below one."""
    refuse_unknown(request, AskedCodes)
    no_nul(asked.q)
    edition = current_edition()
    if asked.under:
        hits = codes_below(asked.under, edition=edition)
    else:
        hits = find_codes(asked.q, edition=edition)
    paging = AskedPage(page=asked.page, page_size=asked.page_size, fields="")
    return public_answer(request, page_of(request, hits, asked=paging, shown=row_of))


def row_of(hit: HsHit) -> dict[str, Any]:
    entry = hit.entry
    return {
        "code": entry.code,
        "written": entry.written,
        "path": entry.path,
        "below": hit.below,
    }
