"""Articles by the words of their texts, of their titles alone, and by their addresses."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Select,
    bindparam,
    func,
    or_,
    select,
    text,
)

from models.articles import rows, search_newest
from models.articles.revisions import REVISIONS
from models.articles.rows import ARTICLES, is_current
from models.articles.search_forms import asked
from models.articles.search_index import FTS5, SEARCH
from models.articles.search_newest import rarest
from models.articles.search_query import Query
from models.db.types import MARIADB, UTC

LOOKED_AT: Final = 25_000  # of the newest articles: no index helps with words inside of a title
MOST_MATCHES: Final = 10_000  # of the articles that have the words, those that were stored last
MOST_WORDS: Final = 8
_NUMBER: Final = ARTICLES.c.article_id
_CURRENT: Final = (
    select(_NUMBER).join(REVISIONS, is_current()).where(ARTICLES.c.refused_at.is_(None))
)
_LAST: Final = "\U0010ffff"  # sorts after all that an address may have
_MATCHES: Final = {
    "sqlite": "v1_search MATCH :query",
    "postgresql": "v1_search.words @@ CAST(:query AS tsquery)",
    "mysql": "MATCH (v1_search.words) AGAINST (:query IN BOOLEAN MODE)",
}


@dataclass(frozen=True, slots=True)
class Found:
    """Numbers of articles, the newest first, or in the order of their addresses."""

    article_ids: tuple[int, ...]
    looked_at: int | None  # the newest articles, so many; None: all were looked at
    more: bool  # than were asked for


def by_words(
    conn: Connection,
    query: Query,
    most: int,
    *,
    site_id: int | None = None,
    since: datetime | None = None,
    unique: bool = False,
) -> Found:
    """The newest articles that say this in title or text, of a site or of all.

    `unique`: of several that are one story, the original alone.

    Newest: published last, or first seen where no date is known; `since` is compared with that. Of
    words that more than `MOST_MATCHES` articles have, those are looked at that were stored last,
    but for words that enough of the newest articles have.
    """
    form = "mysql" if conn.dialect.name in MARIADB else conn.dialect.name
    newest = search_newest.newest(conn, site_id, since)
    are_all = len(newest) < search_newest.NEWEST
    if are_all or most < search_newest.NEWEST:
        some = search_newest.saying(conn, form, query, newest, most + 1, unique=unique)
        if are_all or len(some) > most:
            return Found(tuple(some[:most]), None, len(some) > most)
    words = rarest(conn, query, newest) if form == "mysql" else asked(form, query)
    given: dict[str, Any] = {"query": words, "most": most + 1}
    given |= {} if site_id is None else {"site": site_id}
    given |= {} if since is None else {"since": since}
    statement = _by_index(
        form, query, of_site=site_id is not None, dated=since is not None, unique=unique
    )
    found = conn.execute(statement, given).all()
    looked_at = MOST_MATCHES if found and found[0].matches >= MOST_MATCHES else None
    return Found(tuple(row.article_id for row in found[:most]), looked_at, len(found) > most)


def _by_index(form: str, query: Query, *, of_site: bool, dated: bool, unique: bool) -> Select[Any]:
    table = FTS5 if form == "sqlite" else SEARCH
    entry: Column[int] = table.c.rowid if form == "sqlite" else table.c.article_id
    at = func.coalesce(ARTICLES.c.published_at, ARTICLES.c.first_seen_at, type_=UTC)
    matching = (
        select(ARTICLES.c.article_id, at.label("at"))
        .select_from(table.join(ARTICLES, entry == ARTICLES.c.article_id))
        .where(text(_MATCHES[form]))
    )
    if form == "mysql":
        matching = matching.where(*search_newest.has_words(form, query))
    if of_site:
        # an expression: else a database may walk through the site instead of the index of words
        matching = matching.where(ARTICLES.c.site_id + 0 == bindparam("site"))
    if dated:
        matching = matching.where(at >= bindparam("since", type_=UTC))
    if unique:
        matching = matching.where(search_newest.is_original(ARTICLES.c.article_id))
    # an expression: PostgreSQL would walk through all articles in their order, and compare each
    latest = entry + 0 if form == "postgresql" else entry
    some = matching.order_by(latest.desc()).limit(MOST_MATCHES).subquery("some")
    matches = func.count().over().label("matches")
    return (
        select(some.c.article_id, matches)
        .order_by(some.c.at.desc(), some.c.article_id.desc())
        .limit(bindparam("most"))
    )


def by_titles(conn: Connection, words: str, most: int) -> Found:
    """The newest articles that have each of the words in their title or address, in any case.

    For a database without an index of words.
    """
    return _newest(conn, [_has(word) for word in words.split()[:MOST_WORDS]], most)


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
