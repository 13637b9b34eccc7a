"""Wagtail's search, so that the admin finds what the public search finds.

A page answers when every word stands in one of its plain columns (a draft's title among them), or
in what was last published of it. Everything else (files, pictures, people) is looked for in its
plain columns. What a person may see is up to the queryset that is asked.
"""

from typing import Any

from django.db.models import Q
from modelsearch.backends.database.fallback import (
    DatabaseSearchBackend,
    DatabaseSearchQueryCompiler,
)
from wagtail.models import Page

from cms.search.results import answers, search_of


class QueryCompiler(DatabaseSearchQueryCompiler):
    """Looks for substrings in columns and, of pages, in the index of bigrams."""

    def get_fields_names(self) -> Any:
        """Add the title that a draft has: Wagtail offers it to no search."""
        names = list(super().get_fields_names())
        if issubclass(self.queryset.model, Page):
            names.append("draft_title")
        return dict.fromkeys(names)

    def build_single_term_filter(self, term: str) -> Q:
        in_columns: Q = super().build_single_term_filter(term)
        if not issubclass(self.queryset.model, Page):
            return in_columns
        return in_columns | answers(search_of(term))


class SearchBackend(DatabaseSearchBackend):
    query_compiler_class = QueryCompiler
    autocomplete_query_compiler_class = QueryCompiler
