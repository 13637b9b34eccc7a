"""What a reader sees of a hit: a piece of the text around it, with the words marked."""

import re
from collections.abc import Iterable

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from cms.search.grams import SYLLABLES

EXCERPT_LENGTH = 140
LEAD = 40


def pattern_of(words: Iterable[str]) -> re.Pattern[str] | None:
    """Return what finds these words in a text: syllables anywhere, Latin words at their start."""
    parts = []
    for word in sorted(set(words), key=len, reverse=True):
        starts_anywhere = re.match(rf"[{SYLLABLES}]", word)
        parts.append(
            re.escape(word) if starts_anywhere else rf"(?<![^\W_{SYLLABLES}])" + re.escape(word)
        )
    return re.compile("|".join(parts), re.IGNORECASE) if parts else None


def marked(text: str, words: Iterable[str]) -> SafeString:
    """Return text as HTML with every one of the words in a mark element."""
    pattern = pattern_of(words)
    if pattern is None:
        return escape(text)
    pieces, end = [], 0
    for hit in pattern.finditer(text):
        pieces += [escape(text[end : hit.start()]), format_html("<mark>{}</mark>", hit[0])]
        end = hit.end()
    pieces.append(escape(text[end:]))
    return mark_safe("".join(pieces))  # noqa: S308  (every piece is escaped above)


def excerpt(text: str, words: Iterable[str]) -> str:
    """Return about 140 characters of a text around the first of the words."""
    pattern = pattern_of(words)
    hit = pattern.search(text) if pattern else None
    start = max(hit.start() - LEAD, 0) if hit else 0
    piece = text[start : start + EXCERPT_LENGTH].strip()
    before = "…" if start else ""
    after = "…" if start + EXCERPT_LENGTH < len(text) else ""
    return f"{before}{piece}{after}"
