"""What a search finds: counts per kind and one page of hits."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from wagtail.models import Page

from cms.enums import SearchKind
from cms.models import SearchEntry, SearchSynonym
from cms.search import index
from cms.search.grams import Question, question_of, words_of

HITS_ON_A_PAGE = 20
MOST_HITS = 100


@dataclass(frozen=True)
class Search:
    """A question with every word that may be marked in what it finds."""

    text: str
    question: Question
    words: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.question)


NO_SEARCH = Search("", ())


@dataclass(frozen=True)
class Hit:
    """One published page that was found, with its address."""

    entry: SearchEntry
    url: str


@dataclass(frozen=True)
class SearchResults:
    """One page of hits; `counts` holds how many there are of each kind."""

    counts: dict[SearchKind, int]
    hits: list[Hit]
    count: int

    @property
    def total(self) -> int:
        """How many hits there are of every kind together."""
        return sum(self.counts.values())


def search_of(text: str) -> Search:
    """Return the question in a text, each word with those that mean the same."""
    words = words_of(text)
    if not words:
        return Search(text, ())
    synonyms = [row.alternatives for row in SearchSynonym.objects.all()]
    groups = [with_synonyms(word, synonyms) for word in words]
    return Search(text, question_of(groups), tuple(word for group in groups for word in group))


def with_synonyms(word: str, synonyms: Iterable[list[str]]) -> list[str]:
    """Return a word and those that mean the same, each once."""
    same = [other for group in synonyms if word in group for other in group]
    return list(dict.fromkeys([word, *same]))


def answers(search: Search) -> Q:
    """Return the condition on pages that answer a search; published or not."""
    return Q(pk__in=index.matching(search.question)) if search else Q(pk__in=[])


def find(search: Search, *, kind: str, newest_first: bool, page: int) -> SearchResults:
    """Return one page of what visitors may find; `page` counts from 1."""
    if not search:
        return SearchResults({}, [], 0)
    entries = SearchEntry.objects.shown().filter(pk__in=index.matching(search.question))
    found = dict(entries.values_list("kind").annotate(count=Count("pk")).order_by())
    counts = {known: found[known] for known in SearchKind if known in found}
    count = counts.get(SearchKind(kind), 0) if kind else sum(counts.values())
    offset = (page - 1) * HITS_ON_A_PAGE
    if newest_first:
        of_kind = entries.filter(kind=kind) if kind else entries
        ordered = of_kind.order_by("-dated_at", "pk").values_list("pk", flat=True)
        keys = list(ordered[offset : offset + HITS_ON_A_PAGE])
    else:
        keys = index.ranked_keys(search.question, kind=kind, limit=HITS_ON_A_PAGE, offset=offset)
    return SearchResults(counts, hits_of(keys), count)


def first_hits(search: Search) -> list[Hit]:
    """Return the most fitting of what visitors may find, at most 100."""
    if not search:
        return []
    return hits_of(index.ranked_keys(search.question, kind="", limit=MOST_HITS, offset=0))


def hits_of(keys: list[int]) -> list[Hit]:
    """Return the entries of pages in this order, with their addresses."""
    entries = SearchEntry.objects.select_related("agency").in_bulk(keys)
    pages: QuerySet[Any] = Page.objects.filter(pk__in=keys).defer_streamfields().specific()
    addresses = {page.pk: page.url for page in pages}
    return [Hit(entries[key], addresses[key]) for key in keys if key in addresses]
