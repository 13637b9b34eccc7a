"""How names of goods become words that can be found, and how a code is written."""

import re
import unicodedata

# Five kinds of middle dot occur in the official names; NFKC would turn U+318D into a vowel.
_DOTS = re.compile("[\u318d\u00b7\u2219\u2022\u30fb\uff65]")
# A word in Chinese characters in brackets: it would cut «정광(精鑛)을» in two.
_HANJA = re.compile("[(\\[][\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff ·,]+[)\\]]")
_BLANKS = re.compile(r"\s+")
_CODE_MARKS = re.compile(r"[\s.\-–·]")


def tidy(text: str) -> str:
    """Return an official name for display: composed form, one kind of dot, single blanks."""
    dotted = _DOTS.sub("·", text.replace("\u00a0", " "))
    return _BLANKS.sub(" ", unicodedata.normalize("NFC", dotted)).strip()


def search_key(*texts: str) -> str:
    """Return what a search looks through: lower case, no hanja in brackets, dots as blanks."""
    dotted = _HANJA.sub("", tidy(" ".join(texts))).replace("·", " ")
    return _BLANKS.sub(" ", unicodedata.normalize("NFKC", dotted).lower()).strip()


def code_digits(typed: str) -> str:
    """Return the digits of a code in any writing, or '' when `typed` is no code."""
    digits = _CODE_MARKS.sub("", unicodedata.normalize("NFKC", typed))
    return digits if digits.isascii() and digits.isdigit() else ""


def format_hs_code(code: str) -> str:
    """Write a code as customs does: 2616, 2616.10, 2616.10-0000."""
    if len(code) <= 4:
        return code
    written = f"{code[:4]}.{code[4:6]}"
    return f"{written}-{code[6:]}" if len(code) > 6 else written
