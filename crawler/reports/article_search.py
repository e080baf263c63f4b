"""Articles by words of their titles and by their addresses.

A search of whole texts needs an index that each database has in a way of its own; it belongs here,
behind `by_words`. Until then words are looked for in titles and addresses of the newest articles.
"""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, Connection, func, or_, select

from models.articles import rows
from models.views.article_views import ARTICLES

LOOKED_AT: Final = 50_000  # of the newest articles: no index helps with words inside of a title
MOST_WORDS: Final = 8
_VIEW: Final = ARTICLES.table()
_LAST: Final = "\U0010ffff"  # sorts after all that an address may have


@dataclass(frozen=True, slots=True)
class Found:
    """Numbers of articles, the newest first, or in the order of their addresses."""

    article_ids: tuple[int, ...]
    looked_at: int | None  # the newest articles, so many; None: all were looked at
    more: bool  # than were asked for


def by_words(conn: Connection, text: str, most: int) -> Found:
    """The newest articles that have each of the words in their title or address, in any case."""
    words = text.split()[:MOST_WORDS]
    after = rows.last_number(conn) - LOOKED_AT
    query = select(_VIEW.c.article_id).where(_VIEW.c.article_id > after, *map(_has, words))
    found = list(conn.scalars(query.order_by(_VIEW.c.article_id.desc()).limit(most + 1)))
    return Found(tuple(found[:most]), LOOKED_AT if after > 0 else None, len(found) > most)


def by_address(conn: Connection, start: str, most: int) -> Found:
    """Articles whose address begins so. PostgreSQL's index knows whole addresses only."""
    if conn.dialect.name == "postgresql":
        after = rows.last_number(conn) - LOOKED_AT
        wanted = (_VIEW.c.article_id > after, _VIEW.c.url.startswith(start, autoescape=True))
        query = select(_VIEW.c.article_id).where(*wanted).order_by(_VIEW.c.article_id.desc())
        looked_at = LOOKED_AT if after > 0 else None
    else:
        query = select(_VIEW.c.article_id).where(_VIEW.c.url >= start, _VIEW.c.url < start + _LAST)
        query, looked_at = query.order_by(_VIEW.c.url), None
    found = list(conn.scalars(query.limit(most + 1)))
    return Found(tuple(found[:most]), looked_at, len(found) > most)


def _has(word: str) -> ColumnElement[bool]:
    """SQLite knows the case of ASCII letters only: other spellings of a word are tried too."""
    spellings = {_ascii_lower(spell(word)) for spell in (str.lower, str.upper, str.capitalize)}
    title = func.lower(_VIEW.c.title)
    return or_(
        *(title.contains(spelling, autoescape=True) for spelling in sorted(spellings)),
        func.lower(_VIEW.c.url).contains(word.lower(), autoescape=True),
    )


def _ascii_lower(word: str) -> str:
    return "".join(letter.lower() if letter.isascii() else letter for letter in word)
