"""What may be asked of a list: known parameters only, a page, a choice of fields."""

from collections.abc import Callable, Collection, Sequence
from math import ceil
from typing import Any, Protocol
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest
from ninja import Field, Schema

from members.api.problems import ProblemError

PAGE_SIZE = 20
MAX_PAGE_SIZE = 100
MAX_PAGE = 100_000


class Asked(Schema):
    """Base of what a GET takes; a parameter that is not declared is an error, never ignored."""


class AskedPage(Asked):
    page: int = Field(1, ge=1, le=MAX_PAGE, description="쪽 번호 (1부터)")
    page_size: int = Field(
        PAGE_SIZE, ge=1, le=MAX_PAGE_SIZE, description=f"한 쪽의 건수 (최대 {MAX_PAGE_SIZE})"
    )
    fields: str = Field(
        "", max_length=500, description="받을 항목의 이름, 쉼표로 나눔. 비우면 모두 받습니다."
    )


def refuse_unknown(request: HttpRequest, *known: type[Asked]) -> None:
    """Raise a 400 naming every query parameter that the operation does not declare.

    A misspelt filter that is ignored would answer with every row.
    """
    allowed = {name for model in known for name in model.model_fields}
    unknown = sorted(set(request.GET) - allowed)
    repeated = sorted(name for name in request.GET if len(request.GET.getlist(name)) > 1)
    if unknown or repeated:
        raise ProblemError(
            400,
            "unknown_parameter" if unknown else "repeated_parameter",
            "알 수 없는 조건이 있습니다." if unknown else "같은 조건을 두 번 적었습니다.",
            errors=[
                {"field": name[:100], "message": "쓸 수 있는 조건: " + ", ".join(sorted(allowed))}
                for name in unknown or repeated
            ],
        )


def no_nul(*words: str) -> None:
    """Raise a 400 for a NUL sign: no database of ours stores one."""
    if any("\0" in word for word in words):
        raise ProblemError(400, "invalid_parameter", "쓸 수 없는 글자가 있습니다.")


def chosen_fields(asked: str, *, offered: Collection[str]) -> list[str]:
    """Return the names of the fields to answer with, in the order of `offered`."""
    names = {name.strip() for name in asked.split(",") if name.strip()}
    unknown = sorted(names - set(offered))
    if unknown:
        raise ProblemError(
            400,
            "unknown_field",
            "알 수 없는 항목이 있습니다.",
            errors=[
                {"field": "fields", "message": f"{name[:60]}: 쓸 수 있는 항목이 아닙니다."}
                for name in unknown
            ],
        )
    return [name for name in offered if not names or name in names]


def absolute(path: str) -> str:
    """Return an address of ours as other systems need it: with the site before it."""
    return f"{settings.SITE_URL}{path}" if path.startswith("/") else path


class Rows(Protocol):
    """A list that knows its length and gives a part of itself."""

    def __len__(self) -> int: ...

    def __getitem__(self, part: slice) -> Sequence[Any]: ...


def page_of(
    request: HttpRequest,
    rows: QuerySet[Any] | Rows,
    *,
    asked: AskedPage,
    shown: Callable[[Any], dict[str, Any]],
) -> dict[str, Any]:
    """Return one page of rows as the lists answer it; a page after the last is empty."""
    count = rows.count() if isinstance(rows, QuerySet) else len(rows)
    pages = max(1, ceil(count / asked.page_size))
    first = (asked.page - 1) * asked.page_size
    items = rows[first : first + asked.page_size] if asked.page <= pages else []
    return {
        "count": count,
        "page": asked.page,
        "pages": pages,
        "next": address_of_page(request, asked.page + 1) if asked.page < pages else None,
        "previous": (
            address_of_page(request, min(asked.page - 1, pages)) if asked.page > 1 else None
        ),
        "items": [shown(row) for row in items],
    }


def address_of_page(request: HttpRequest, number: int) -> str:
    """Return the address of another page of the same question."""
    query = {**request.GET.dict(), "page": str(number)}
    return absolute(f"{request.path}?{urlencode(sorted(query.items()))}")


def pick(row: dict[str, Any], names: Sequence[str]) -> dict[str, Any]:
    """Return the chosen fields of a row."""
    return {name: row[name] for name in names}
