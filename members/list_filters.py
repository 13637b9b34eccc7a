"""Filters of staff lists that offer only what their author says.

The same shape as Django admin's `SimpleListFilter`, which this project does not import because
django-admin is not installed.
"""

from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import HttpRequest

EVERYTHING = "모두"


class ListFilter:
    """One filter beside a list: a title, a parameter, its choices and what they filter.

    A subclass sets `title` and `parameter_name`, and writes `lookups` and `queryset`. What
    `lookups` offers must be within the person's own scope; a value it does not offer is ignored.
    """

    title: ClassVar[str]
    parameter_name: ClassVar[str]
    template = "modeladmin/includes/filter.html"

    def __init__(
        self, request: HttpRequest, params: dict[str, list[str]], model: Any, model_admin: Any
    ) -> None:
        typed = params.pop(self.parameter_name, [""])[-1]
        self.offered = list(self.lookups(request, model_admin))
        self._value = typed if typed in {value for value, _ in self.offered} else ""

    def lookups(self, request: HttpRequest, model_admin: Any) -> Sequence[tuple[str, str]]:
        """Return the choices as (value, label)."""
        raise NotImplementedError

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Return the rows of the chosen value, all of them where none is chosen."""
        raise NotImplementedError

    def value(self) -> str:
        """Return the chosen value, or ''."""
        return self._value

    def has_output(self) -> bool:
        return bool(self.offered)

    def choices(self, view: Any) -> Iterator[dict[str, Any]]:
        """Yield each choice with its address for the list's own template."""
        for value, label in [("", EVERYTHING), *self.offered]:
            yield {
                "selected": value == self._value,
                "query_string": view.get_query_string({self.parameter_name: value or None}),
                "display": label,
            }
