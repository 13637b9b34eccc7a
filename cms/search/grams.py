"""How text and questions become tokens.

A run of syllables becomes overlapping pairs and its last syllable: 물류비 → 물류, 류비, 비. A
run of Latin letters or digits stays whole. A question's word becomes a phrase of the same pairs
without the last syllable, so that it is found wherever it stands inside a longer word.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

# Hangul syllables and letters, Chinese characters, kana: what is written without spaces between.
SYLLABLES = "가-힣ㄱ-ㆎ一-鿿㐀-䶿ぁ-ヿ"
RUN = re.compile(rf"(?P<syllables>[{SYLLABLES}]+)|(?P<word>[^\W_{SYLLABLES}]+)")
LONGEST_TOKEN = 60
LONGEST_QUESTION = 10


@dataclass(frozen=True)
class Phrase:
    """Tokens that stand one after the other; with `is_open` the last one may go on."""

    tokens: tuple[str, ...]
    is_open: bool


# Every group must occur; of a group one alternative; of an alternative every phrase.
Alternative = tuple[Phrase, ...]
Question = tuple[tuple[Alternative, ...], ...]


def normalised(text: str) -> str:
    """Return text as it is compared: composed syllables, small letters."""
    return unicodedata.normalize("NFC", text).lower()


def grams(text: str) -> list[str]:
    """Return the tokens of a text in their order."""
    return [token for run in RUN.finditer(normalised(text)) for token in tokens_of(run)]


def tokens_of(run: re.Match[str]) -> Iterator[str]:
    """Yield the tokens of one run."""
    syllables = run["syllables"]
    if syllables is None:
        yield run["word"][:LONGEST_TOKEN]
        return
    for start in range(len(syllables) - 1):
        yield syllables[start : start + 2]
    yield syllables[-1]


def phrase_of(word: str) -> Phrase | None:
    """Return the phrase that finds a word, or None for a word without letters and digits."""
    runs = list(RUN.finditer(normalised(word)))
    if not runs:
        return None
    tokens = [token for run in runs for token in tokens_of(run)]
    last = runs[-1]["syllables"]
    if last is not None and len(last) > 1:
        return Phrase(tuple(tokens[:-1]), is_open=False)
    return Phrase(tuple(tokens), is_open=True)


def words_of(text: str) -> list[str]:
    """Return the words of a question, each once, at most ten."""
    words = dict.fromkeys(normalised(text).split())
    return [word for word in words if phrase_of(word)][:LONGEST_QUESTION]


def question_of(words: Iterable[Iterable[str]]) -> Question:
    """Return the question for words, each given with the words that mean the same."""
    groups = []
    for alternatives in words:
        group = tuple(
            tuple(phrases)
            for text in alternatives
            if (phrases := [found for word in text.split() if (found := phrase_of(word))])
        )
        if group:
            groups.append(group)
    return tuple(groups)
