"""The search for HS codes: a page for everybody, and rows for the dialog of the forms (S49)."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from members.hs.search import HsHit, codes_below, current_edition, entry_of, find_codes
from members.hs.wording import code_digits

ROWS_ON_A_PAGE = 20
MAX_QUERY = 100


def listing(request: HttpRequest) -> dict[str, Any]:
    """Read `q`, `under` and `page`: the codes that match, or those below one."""
    edition = current_edition()
    query = request.GET.get("q", "").replace("\0", " ").strip()[:MAX_QUERY]
    under = code_digits(request.GET.get("under", ""))[:10]
    parent = entry_of(under, edition=edition) if under else None
    hits = codes_below(under, edition=edition) if parent else find_codes(query, edition=edition)
    page: Page[HsHit] = Paginator(hits, ROWS_ON_A_PAGE).get_page(request.GET.get("page"))  # type: ignore[arg-type]
    return {"query": query, "parent": parent, "page": page, "edition": edition}


@login_not_required
@require_safe
def hs_codes(request: HttpRequest) -> HttpResponse:
    """The page: also what people without scripts use, in a window of its own."""
    return render(request, "members/hs.html", listing(request))


@login_not_required
@require_safe
def hs_rows(request: HttpRequest) -> JsonResponse:
    """The same list for the dialog."""
    found = listing(request)
    page, parent, edition = found["page"], found["parent"], found["edition"]
    return JsonResponse(
        {
            "count": page.paginator.count,
            "page": page.number,
            "pages": page.paginator.num_pages,
            "parent": {"code": parent.code, "written": parent.written, "path": parent.path}
            if parent
            else None,
            "source": edition.attribution if edition else "",
            "rows": [
                {
                    "code": hit.entry.code,
                    "written": hit.entry.written,
                    "path": hit.entry.path,
                    "below": hit.below,
                }
                for hit in page
            ],
        }
    )
