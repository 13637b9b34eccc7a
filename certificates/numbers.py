"""The shape of an issue number (decision A6), set by tokens in `CERTIFICATE_NUMBER_PATTERN`.

A pattern is text with ``{year}``, ``{code}`` and ``{order}``, each of which may carry a format,
such as ``{order:04d}``; the order widens by itself after 9999. All three must stand in it, or two
certificates could get one number.
"""

import string
import unicodedata

from django.conf import settings

TOKENS = frozenset({"year", "code", "order"})
MAX_LENGTH = 40

# What keyboards and word processors make of a hyphen.
_HYPHENS = dict.fromkeys(map(ord, "‐‑‒–—―−－﹣ㅡ"), "-")


def format_number(*, year: int, code: str, order: int, pattern: str | None = None) -> str:
    """Return the issue number, e.g. ``2026-BZA0000005-0001`` (S61)."""
    chosen = settings.CERTIFICATE_NUMBER_PATTERN if pattern is None else pattern
    return str(chosen).format(year=year, code=code, order=order)


def pattern_problems(pattern: str) -> list[str]:
    """Return what is wrong with a pattern, in English sentences for the system check."""
    try:
        names = {name for _, name, _, _ in string.Formatter().parse(pattern) if name is not None}
        longest = format_number(year=9999, code="BZA0000000", order=10**9, pattern=pattern)
    except (ValueError, KeyError, IndexError, AttributeError) as error:
        return [f"The pattern cannot be used: {error!r}."]
    problems = [f"The token {{{name}}} is missing." for name in sorted(TOKENS - names)]
    if len(longest) > MAX_LENGTH:
        problems.append(f"Numbers would grow longer than {MAX_LENGTH} characters.")
    return problems


def tidy_number(text: str) -> str:
    """Return a typed number as it is stored: capitals, plain hyphens, no spaces."""
    plain = unicodedata.normalize("NFKC", text.translate(_HYPHENS)).translate(_HYPHENS)
    return "".join(plain.split()).upper()


def tidy_code(text: str) -> str:
    """Return a typed check code as it is stored: 12 capitals without spaces and hyphens."""
    return tidy_number(text).replace("-", "")


def show_code(code: str) -> str:
    """Return a check code in groups of four, as paper and screens show it."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))
