"""Articles by words of their titles and by their addresses.

A search of whole texts needs an index that each database has in a way of its own; it belongs here,
behind `by_words`. Until then words are looked for in titles and addresses of the newest articles.
"""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, Connection, func, or_, select

from models.articles import rows
from models.articles.revisions import REVISIONS
from models.articles.rows import ARTICLES, is_current

LOOKED_AT: Final = 25_000  # of the newest articles: no index helps with words inside of a title
MOST_WORDS: Final = 8
_NUMBER: Final = ARTICLES.c.article_id
_CURRENT: Final = (
    select(_NUMBER).join(REVISIONS, is_current()).where(ARTICLES.c.refused_at.is_(None))
)
_LAST: Final = "\U0010ffff"  # sorts after all that an address may have


@dataclass(frozen=True, slots=True)
class Found:
    """Numbers of articles, the newest first, or in the order of their addresses."""

    article_ids: tuple[int, ...]
    looked_at: int | None  # the newest articles, so many; None: all were looked at
    more: bool  # than were asked for


def by_words(conn: Connection, text: str, most: int) -> Found:
    """The newest articles that have each of the words in their title or address, in any case."""
    return _newest(conn, [_has(word) for word in text.split()[:MOST_WORDS]], most)


def by_address(conn: Connection, start: str, most: int) -> Found:
    """Articles whose address begins so.

    The indexes of PostgreSQL and MariaDB do not know addresses in their order: there the newest
    articles are looked at.
    """
    url = REVISIONS.c.url
    if conn.dialect.name != "sqlite":
        return _newest(conn, [url.startswith(start, autoescape=True)], most)
    query = _CURRENT.where(url >= start, url < start + _LAST).order_by(url)
    found = list(conn.scalars(query.limit(most + 1)))
    return Found(tuple(found[:most]), None, len(found) > most)


def _newest(conn: Connection, wanted: list[ColumnElement[bool]], most: int) -> Found:
    after = rows.last_number(conn) - LOOKED_AT
    query = _CURRENT.where(after < _NUMBER, *wanted).order_by(_NUMBER.desc())
    found = list(conn.scalars(query.limit(most + 1)))
    return Found(tuple(found[:most]), LOOKED_AT if after > 0 else None, len(found) > most)


def _has(word: str) -> ColumnElement[bool]:
    """SQLite knows the case of ASCII letters only: other spellings of a word are tried too."""
    spellings = {_ascii_lower(spell(word)) for spell in (str.lower, str.upper, str.capitalize)}
    title = func.lower(REVISIONS.c.title)
    return or_(
        *(title.contains(spelling, autoescape=True) for spelling in sorted(spellings)),
        func.lower(REVISIONS.c.url).contains(word.lower(), autoescape=True),
    )


def _ascii_lower(word: str) -> str:
    return "".join(letter.lower() if letter.isascii() else letter for letter in word)
