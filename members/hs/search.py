"""Finds HS codes in the official edition, or in our own table until one is loaded (S49)."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from functools import reduce
from operator import and_, or_
from typing import Protocol

from django.db.models import Q, QuerySet

from members.hs.own_table import HEADING_LENGTH, HsEntry, is_heading, own_headings
from members.hs.wording import code_digits, search_key
from members.models import HsCode, HsEdition, HsSynonym

LEVELS = (4, 6, 10)
MAX_WORDS = 6
Words = Sequence[Sequence[Sequence[str]]]
"""For each typed word the ways to say it, each a list of words that must all occur."""


class HsStanding(Enum):
    """What is known of a code that a company gave."""

    KNOWN = "확인"
    UNVERIFIED = "미확인"
    UNKNOWN = "없는 코드"


@dataclass(frozen=True)
class HsHit:
    """One code in a list; `below` is the length of the codes under it, 0 where there are none."""

    entry: HsEntry
    below: int = 0


class HsList(Protocol):
    """A list that pages: what Django's Paginator and a template need."""

    def __len__(self) -> int: ...

    def __getitem__(self, part: slice) -> Sequence[HsHit]: ...


def current_edition() -> HsEdition | None:
    return HsEdition.objects.current()


def find_codes(query: str, *, edition: HsEdition | None) -> HsList:
    """Return the codes that match: a code in any writing, or words; empty lists all headings."""
    digits, words = code_digits(query), typed_words(query)
    if edition is None:
        return OwnHits([entry for entry in own_headings() if _matches(entry, digits, words)])
    rows = HsCode.objects.filter(edition=edition, level__in=LEVELS)
    if digits:
        rows = rows.filter(code__startswith=digits)
    elif words:
        rows = rows.filter(_condition(words))
    else:
        rows = rows.filter(level=HEADING_LENGTH)
    return OfficialHits(rows.order_by("level", "code"))


def codes_below(code: str, *, edition: HsEdition | None) -> HsList:
    """Return the next finer codes under a heading or a subheading; none in our own table."""
    level = next((level for level in LEVELS if level > len(code)), 0)
    if edition is None or not level:
        return OwnHits([])
    rows = HsCode.objects.filter(edition=edition, level=level, code__startswith=code)
    return OfficialHits(rows.order_by("code"))


def entry_of(code: str, *, edition: HsEdition | None) -> HsEntry | None:
    """Return one code as it is shown, or None."""
    if edition is not None:
        row = HsCode.objects.filter(edition=edition, code=code).first()
        if row is not None:
            return as_entry(row)
    return next((entry for entry in own_headings() if entry.code == code), None)


def standing_of(codes: Sequence[str]) -> dict[str, HsStanding]:
    """Tell for codes of 4, 6 or 10 digits whether they exist, in two queries at most.

    Without an official edition a finer code is taken when its heading exists, as unverified.
    """
    edition = current_edition()
    if edition is None:
        return {code: _standing_by_heading(code) for code in codes}
    stored = HsCode.objects.filter(edition=edition, code__in=codes, level__in=LEVELS)
    known = set(stored.values_list("code", flat=True))
    return {code: HsStanding.KNOWN if code in known else HsStanding.UNKNOWN for code in codes}


def _standing_by_heading(code: str) -> HsStanding:
    if not is_heading(code[:HEADING_LENGTH]):
        return HsStanding.UNKNOWN
    return HsStanding.KNOWN if len(code) == HEADING_LENGTH else HsStanding.UNVERIFIED


def typed_words(query: str) -> Words:
    """Return the words of a query, each with what the staff's list calls it officially."""
    typed = search_key(query).split()[:MAX_WORDS]
    meanings: dict[str, list[list[str]]] = {}
    for synonym in HsSynonym.objects.all() if typed else ():
        meanings.setdefault(search_key(synonym.word), []).append(
            search_key(synonym.meaning).split()
        )
    return [[[word], *meanings.get(word, [])] for word in typed]


def _matches(entry: HsEntry, digits: str, words: Words) -> bool:
    if digits:
        return entry.code.startswith(digits) or digits.startswith(entry.code)
    return all(any(all(part in entry.key for part in way) for way in ways) for ways in words)


def _condition(words: Words) -> Q:
    """Return the condition that every word occurs in one of its ways."""
    return reduce(
        and_,
        (
            reduce(
                or_,
                (reduce(and_, (Q(search_key__contains=part) for part in way)) for way in ways),
            )
            for ways in words
        ),
    )


def as_entry(row: HsCode) -> HsEntry:
    return HsEntry(code=row.code, name=row.name, name_en=row.name_en, path=row.path)


class OwnHits:
    """Headings of our own table, nothing below them."""

    def __init__(self, entries: Sequence[HsEntry]) -> None:
        self.entries = entries

    def __len__(self) -> int:
        return len(self.entries)

    def __getitem__(self, part: slice) -> Sequence[HsHit]:
        return [HsHit(entry) for entry in self.entries[part]]


class OfficialHits:
    """Rows of an edition; counted and cut by the database."""

    def __init__(self, rows: QuerySet[HsCode]) -> None:
        self.rows = rows
        self._count: int | None = None

    def __len__(self) -> int:
        if self._count is None:
            self._count = self.rows.count()
        return self._count

    def __getitem__(self, part: slice) -> Sequence[HsHit]:
        finer = dict(zip(LEVELS, (*LEVELS[1:], 0), strict=True))
        return [HsHit(as_entry(row), finer[row.level]) for row in self.rows[part]]
