"""Our own table: 97 chapters and 1,228 headings with short names in our own words.

It lies in `names/*.txt`, a line for each code: ``code|Korean|English``. It is always there; the
official file goes before it once loaded.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from members.hs.wording import format_hs_code, search_key

NAMES = Path(__file__).parent / "names"
CHAPTER_LENGTH = 2
HEADING_LENGTH = 4
PATH_MARK = " > "


@dataclass(frozen=True)
class HsEntry:
    """One code as it is shown; `path` names everything above it and itself."""

    code: str
    name: str
    name_en: str
    path: str
    key: str = ""

    @property
    def written(self) -> str:
        return format_hs_code(self.code)


@cache
def own_names() -> Mapping[str, tuple[str, str]]:
    """Return the table: code of two or four digits → Korean and English name."""
    names = {}
    for file in sorted(NAMES.glob("*.txt")):
        for line in file.read_text(encoding="utf-8").splitlines():
            code, korean, english = line.split("|")
            names[code] = (korean, english)
    return names


@cache
def own_headings() -> tuple[HsEntry, ...]:
    """Return every heading in order, with its chapter in the path."""
    names = own_names()
    entries = []
    for code, (korean, english) in sorted(names.items()):
        if len(code) != HEADING_LENGTH:
            continue
        chapter, chapter_en = names[code[:CHAPTER_LENGTH]]
        entries.append(
            HsEntry(
                code=code,
                name=korean,
                name_en=english,
                path=f"{chapter}{PATH_MARK}{korean}",
                key=search_key(korean, english, chapter, chapter_en),
            )
        )
    return tuple(entries)


def is_heading(code: str) -> bool:
    """Tell whether these four digits are a heading of the nomenclature."""
    return len(code) == HEADING_LENGTH and code in own_names()
