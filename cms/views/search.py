"""통합검색 over everything published."""

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cms.forms import SearchForm
from cms.search.results import HITS_ON_A_PAGE, SearchResults, find, search_of


@login_not_required
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Show what holds every word: tabs of kinds with their counts, 20 hits a page."""
    form = SearchForm(request.GET)
    kind, newest_first = form.asked("kind"), form.asked("order") == "newest"
    asked = search_of(form.asked("q"))
    results = find(asked, kind=kind, newest_first=newest_first, page=form.asked("page") or 1)
    pages = Paginator(range(results.count), HITS_ON_A_PAGE)
    context = {
        "search_query": form.asked("q"),
        "words": asked.words,
        "results": results,
        "newest_first": newest_first,
        "tabs": tabs_of(results, kind),
        "page_obj": pages.get_page(form.asked("page") or 1),
    }
    return render(request, "cms/search.html", context)


def tabs_of(results: SearchResults, kind: str) -> list[tuple[str, str, int, bool]]:
    """Return (value, label, count, is current) of every kind that was found, 전체 first."""
    tabs = [("", "전체", results.total, not kind)]
    return tabs + [
        (found.value, str(found.label), count, found == kind)
        for found, count in results.counts.items()
    ]
