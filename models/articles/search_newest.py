"""The newest articles, one by one, that have the words of a search: how frequent words are found.

An index of words hands out all articles that have a word before the newest of them are known: a
word of every article costs as much as reading all. Among the newest articles such words are found
soon; what is not found there is rare enough for the index.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    LargeBinary,
    TextClause,
    and_,
    bindparam,
    case,
    cast,
    exists,
    func,
    not_,
    select,
    text,
    union_all,
)

from models.articles.rows import ARTICLES
from models.articles.search_forms import asked, parts, words
from models.articles.search_index import FTS5, SEARCH
from models.articles.search_query import Query
from models.batches import batched
from models.db.keys import among
from models.db.types import UTC
from models.duplicates.tables import CLUSTER_MEMBERS, CLUSTERS

NEWEST: Final = 2_000  # articles that are looked at one by one
_CHUNK: Final = 250  # in one statement
_AS_RARE: Final = 10  # times as frequent as the rarest word, and still asked of MariaDB's index


def newest(
    conn: Connection, site_id: int | None = None, since: datetime | None = None
) -> list[int]:
    """Numbers of the `NEWEST` articles, of a site or of all, the newest first; fewer: all of them.

    By the date of publication, else by when they were first seen. Articles without a date come in
    the order of their numbers, as they were first seen.
    """
    published, number = ARTICLES.c.published_at, ARTICLES.c.article_id
    dated = select(number, published.label("at")).where(published.is_not(None))
    undated = select(number, ARTICLES.c.first_seen_at).where(published.is_(None))
    if site_id is not None:
        dated = dated.where(ARTICLES.c.site_id == site_id)
        undated = undated.where(ARTICLES.c.site_id == site_id)
    if since is not None:
        dated = dated.where(published >= since)
    some = union_all(
        select(dated.order_by(published.desc(), number.desc()).limit(NEWEST).subquery()),
        select(undated.order_by(number.desc()).limit(NEWEST).subquery()),
    ).subquery("some")
    query = select(some.c.article_id).order_by(some.c.at.desc(), some.c.article_id.desc())
    if since is not None:
        query = query.where(some.c.at >= bindparam("since", since, UTC))
    return list(conn.scalars(query.limit(NEWEST)))


def saying(
    conn: Connection,
    form: str,
    query: Query,
    article_ids: Sequence[int],
    most: int,
    *,
    unique: bool = False,
) -> list[int]:
    """Those of the articles that have the words, in their order, at most so many.

    Of `NEWEST` articles fewer may come back, if the first of them show that so many will not be
    found. `form` is that of the database: 'sqlite', 'postgresql' or 'mysql' (MariaDB too).
    `unique`: originals alone.
    """
    if not article_ids:
        return []
    if form == "sqlite":
        having = _by_fts5(conn, asked(form, query), article_ids, unique=unique)
        return [number for number in article_ids if number in having][:most]
    entry = SEARCH.c.article_id
    statement = select(entry).where(among(entry, "ids"), *has_words(form, query))
    if unique:
        statement = statement.where(is_original(entry))
    found: list[int] = []
    for looked_at, some in enumerate(batched(article_ids, _CHUNK), start=1):
        having = set(conn.scalars(statement, {"ids": some}))
        found += [number for number in some if number in having]
        if len(found) >= most:
            break
        if len(article_ids) >= NEWEST and _is_rare(len(found), looked_at * _CHUNK, most):
            break
    return found[:most]


def rarest(conn: Connection, query: Query, article_ids: Sequence[int]) -> str:
    """For MariaDB's AGAINST: the rarest words by these articles, the rarest first.

    Its index takes long for what is frequent: it hands out the articles with the rarest words, and
    `has_words` looks for the others in these.
    """
    wanted = words(query)
    counted = select(*(func.sum(case((_has(part), 1), else_=0)) for part in wanted.values()))
    counted = counted.where(among(SEARCH.c.article_id, "ids"))
    row = conn.execute(counted, {"ids": article_ids[:_CHUNK]}).one()
    often = sorted((int(count or 0), word) for count, word in zip(row, wanted, strict=True))
    most = _AS_RARE * max(1, often[0][0])
    return " ".join(f"+{word}" for count, word in often if count <= most)


def _is_rare(found: int, looked_at: int, most: int) -> bool:
    """Whether far fewer will be found among the `NEWEST` than are asked for."""
    return 4 * found * NEWEST < most * looked_at


def _by_fts5(conn: Connection, match: str, article_ids: Sequence[int], *, unique: bool) -> set[int]:
    """FTS5 skips what is below and above the numbers; of each number alone it would search anew."""
    number = FTS5.c.rowid
    query = select(number).where(
        FTS5.c.words.op("MATCH")(match),
        number.between(min(article_ids), max(article_ids)),
        among(number + 0, "ids"),
    )
    if unique:
        query = query.where(is_original(number))
    return set(conn.scalars(query, {"ids": article_ids}))


def is_original(number: ColumnElement[int]) -> ColumnElement[bool]:
    """The condition that an article repeats no other, as `v1_articles.duplicate_of` has it."""
    copy = and_(
        CLUSTER_MEMBERS.c.article_id == number,
        CLUSTERS.c.cluster_id == CLUSTER_MEMBERS.c.cluster_id,
        CLUSTERS.c.original_id != number,
    )
    return ~exists().where(copy)


def has_words(form: str, query: Query) -> Iterator[ColumnElement[bool] | TextClause]:
    """The conditions by which an article that is read by its number has the words."""
    if form == "postgresql":
        matching = text("v1_search.words @@ CAST(:query AS tsquery)")
        yield matching.bindparams(query=asked(form, query))
        return
    wanted, excluded = parts(query)
    yield from map(_has, wanted)
    yield from (not_(and_(*map(_has, those))) for those in excluded)


def _has(part: str) -> ColumnElement[bool]:
    # bytes: as letters, with LIKE or without, MariaDB takes twice as long
    return func.instr(cast(func.concat(" ", SEARCH.c.words, " "), LargeBinary), part) > 0
