"""Columns that a room above adds to the staff's list of notices."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class NoticeColumn:
    """A number per notice. `expression` makes what the list's one query is annotated with."""

    name: str
    label: str
    expression: Callable[[], Any]


_columns: list[NoticeColumn] = []


def add_notice_column(*, column: NoticeColumn) -> None:
    """Show a column in the list; call it while the hooks of a room are loaded."""
    if column not in _columns:
        _columns.append(column)


def notice_columns() -> tuple[NoticeColumn, ...]:
    """Return the columns in the order in which they were added."""
    return tuple(_columns)
