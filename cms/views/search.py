"""통합검색 over everything published."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cms.forms import SearchForm
from cms.selectors import search_pages


@login_not_required
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Show what holds every word, kind by kind."""
    form = SearchForm(request.GET)
    words = form.cleaned_data["q"] if form.is_valid() else ""
    hits = search_pages(words)
    context = {
        "search_query": words,
        "hits": hits,
        "count": sum(len(kind.pages) for kind in hits),
    }
    return render(request, "cms/search.html", context)
