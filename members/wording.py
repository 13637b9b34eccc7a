"""Small rules of Korean that texts made by the program have to keep."""

import re
from datetime import datetime

from members.formatting import format_datetime

_TAIL_IN_BRACKETS = re.compile(r"\s*\([^()]*\)$")
_FIRST_SYLLABLE, _LAST_SYLLABLE = ord("가"), ord("힣")
# How Latin letters and digits end when they are read aloud in Korean.
_LATIN_ENDING_IN_CONSONANT = frozenset("lmnrLMNR013678")


def ends_in_consonant(word: str) -> bool:
    """Tell whether a word ends in a final consonant; a tail in brackets is not read."""
    last = _TAIL_IN_BRACKETS.sub("", word.strip())[-1:]
    if not last:
        return False
    if _FIRST_SYLLABLE <= ord(last) <= _LAST_SYLLABLE:
        return (ord(last) - _FIRST_SYLLABLE) % 28 != 0
    return last in _LATIN_ENDING_IN_CONSONANT


def with_object_particle(word: str) -> str:
    """Return the word with 을 or 를: «업체명(한글)을», «부서를»."""
    return f"{word}{'을' if ends_in_consonant(word) else '를'}"


def too_many_tries(retry_at: datetime) -> str:
    """Return what to say when a limit was reached."""
    return f"시도가 너무 많았습니다. {format_datetime(retry_at)} 이후에 다시 시도해 주십시오."
