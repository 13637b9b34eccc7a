"""Where tokens are kept and found: FTS5 on SQLite, a tsvector with GIN on PostgreSQL.

SQLite: the virtual table `cms_searchindex`, whose rowid is the page's key. PostgreSQL: the column
`vector` of `cms_searchentry`. Both are made by a migration and written in the transaction of the
change that causes them.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection
from django.db.models.expressions import RawSQL

from cms.search.grams import Phrase, Question

# A tsvector counts positions up to 16,383 and 255 per token; both databases keep to it.
MAX_TOKENS = 16_000
MAX_POSITIONS = 255

RANKED_SQLITE = """
    SELECT entry.page_id FROM cms_searchindex
    JOIN cms_searchentry entry ON entry.page_id = cms_searchindex.rowid
    WHERE cms_searchindex MATCH %s AND entry.is_live {kind}
    ORDER BY bm25(cms_searchindex, 8.0, 1.0), entry.dated_at DESC, entry.page_id
    LIMIT %s OFFSET %s"""
RANKED_POSTGRES = """
    SELECT entry.page_id FROM cms_searchentry entry, CAST(%s AS tsquery) question
    WHERE entry.vector @@ question AND entry.is_live {kind}
    ORDER BY ts_rank('{{0.1, 0.1, 0.125, 1.0}}', entry.vector, question) DESC,
             entry.dated_at DESC, entry.page_id
    LIMIT %s OFFSET %s"""


def is_embedded() -> bool:
    """Tell whether this is SQLite."""
    return bool(connection.vendor == "sqlite")


def put(*, key: int, title: Sequence[str], body: Sequence[str]) -> None:
    """Keep the tokens of a page instead of those it had; its SearchEntry row is there."""
    body = body[: MAX_TOKENS - len(title)]
    with connection.cursor() as cursor:
        if is_embedded():
            cursor.execute("DELETE FROM cms_searchindex WHERE rowid = %s", [key])
            cursor.execute(
                "INSERT INTO cms_searchindex (rowid, title, body) VALUES (%s, %s, %s)",
                [key, " ".join(title), " ".join(body)],
            )
        else:
            cursor.execute(
                "UPDATE cms_searchentry SET vector = CAST(%s AS tsvector) WHERE page_id = %s",
                [vector_text(title, body), key],
            )


def drop(*, keys: Iterable[int]) -> None:
    """Forget pages; on PostgreSQL their rows take the tokens along."""
    if is_embedded():
        with connection.cursor() as cursor:
            cursor.executemany(
                "DELETE FROM cms_searchindex WHERE rowid = %s", [[key] for key in keys]
            )


def clear() -> None:
    """Forget every page."""
    if is_embedded():
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM cms_searchindex")


def vector_text(title: Sequence[str], body: Sequence[str]) -> str:
    """Write tokens as a tsvector: the title weighs A, one position lies between it and the body."""
    positions: dict[str, list[str]] = {}
    for number, token in enumerate(title, start=1):
        positions.setdefault(token, []).append(f"{number}A")
    for number, token in enumerate(body, start=len(title) + 2):
        positions.setdefault(token, []).append(str(number))
    return " ".join(
        f"'{token}':{','.join(places[:MAX_POSITIONS])}" for token, places in positions.items()
    )


def match_text(question: Question) -> str:
    """Write a question in the words of the database."""
    write = fts_phrase if is_embedded() else tsquery_phrase
    both, either = (" AND ", " OR ") if is_embedded() else (" & ", " | ")
    return both.join(
        f"({either.join(f'({both.join(map(write, phrases))})' for phrases in group)})"
        for group in question
    )


def fts_phrase(phrase: Phrase) -> str:
    return f'"{" ".join(phrase.tokens)}"{" *" if phrase.is_open else ""}'


def tsquery_phrase(phrase: Phrase) -> str:
    quoted = [f"'{token}'" for token in phrase.tokens]
    if phrase.is_open:
        quoted[-1] += ":*"
    return f"({' <-> '.join(quoted)})"


def matching(question: Question) -> RawSQL:
    """Return the keys of the pages that answer, published or not, as an expression for `pk__in`."""
    sql = (
        "SELECT rowid FROM cms_searchindex WHERE cms_searchindex MATCH %s"
        if is_embedded()
        else "SELECT page_id FROM cms_searchentry WHERE vector @@ CAST(%s AS tsquery)"
    )
    return RawSQL(sql, [match_text(question)])  # noqa: S611  (fixed text, values as parameters)


def ranked_keys(question: Question, *, kind: str, limit: int, offset: int) -> list[int]:
    """Return keys of published pages, the most fitting first; an empty `kind` takes every kind."""
    template = RANKED_SQLITE if is_embedded() else RANKED_POSTGRES
    sql = template.format(kind="AND entry.kind = %s" if kind else "")
    values: list[Any] = [match_text(question), *([kind] if kind else []), limit, offset]
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [row[0] for row in cursor.fetchall()]
