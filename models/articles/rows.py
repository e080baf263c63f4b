"""Articles: one row a page, whose words and facts are in its revisions."""

from collections.abc import Collection
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    ForeignKey,
    Index,
    Integer,
    UniqueConstraint,
    Update,
    and_,
    bindparam,
    func,
    insert,
    select,
    union,
    update,
)

from models.articles.revisions import OTHER_NAME, REVISIONS
from models.db.changes import CHANGES
from models.db.types import UTC, Key, column, table

ARTICLES: Final = table(
    "articles",
    column("article_id", Key, primary_key=True, autoincrement=True, comment="the article's number"),
    column("site_id", ForeignKey("sites.site_id"), comment="site it is on"),
    column("url_id", ForeignKey("urls.url_id"), comment="URL of its page"),
    column("revision", Integer, comment="number of the current revision"),
    column("version", Integer, comment="counts changes of the row: writers check it"),
    column("first_seen_at", UTC, comment="when it was first stored"),
    column("fetched_at", UTC, comment="last found as it is stored"),
    column("updated_at", UTC, comment="last time that what readers see of it changed"),
    column("withdrawn_at", UTC, nullable=True, comment="when its page was gone; null: it is there"),
    column(
        "refused_at",
        UTC,
        nullable=True,
        comment="when it was found to be no article, but a text of the site's; null: it is one",
    ),
    column("published_at", UTC, nullable=True, comment="of its current revision: to find it by"),
    UniqueConstraint("url_id"),
    Index("ix_articles_published_at", "published_at"),  # the newest of all sites
    Index("ix_articles_site_id_published_at", "site_id", "published_at"),  # the newest of one
    Index("ix_articles_updated_at", "updated_at"),  # what an export since a day is of
    Index("ix_articles_site_id_article_id", "site_id", "article_id"),
    Index("ix_articles_site_id_first_seen_at", "site_id", "first_seen_at"),
    comment="Article pages, one row each; what one says is in revisions.",
)
# made once, for speed
_NEW: Final = insert(ARTICLES)
# SQLite would give the number of the last article once more if that one was erased: readers who
# hold a copy must not take another page for it
_TAKEN: Final = select(func.max(ARTICLES.c.article_id).label("article_id")).union_all(
    select(func.max(CHANGES.c.article_id))
)
_NEW_SQLITE: Final = _NEW.values(
    article_id=select(
        func.coalesce(func.max(_TAKEN.subquery().c.article_id), 0) + 1
    ).scalar_subquery()
)


def add(
    conn: Connection,
    site_id: int,
    url_id: int,
    fetched_at: datetime,
    published_at: datetime | None,
    now: datetime,
) -> int:
    """Adds an article at revision 1; returns its number."""
    row = {
        "site_id": site_id,
        "url_id": url_id,
        "revision": 1,
        "version": 1,
        "first_seen_at": now,
        "fetched_at": fetched_at,
        "updated_at": now,
        "published_at": published_at,
    }
    new = _NEW_SQLITE if conn.dialect.name == "sqlite" else _NEW
    key = conn.execute(new, row).inserted_primary_key
    if key is None:
        raise RuntimeError("the database gave the article no number")
    return int(key[0])


def change(conn: Connection, article_id: int, values: dict[str, Any]) -> None:
    """Changes columns of an article, and its version with them."""
    given = {f"to_{name}": value for name, value in values.items()}
    conn.execute(_change(tuple(sorted(values))), {"article": article_id, **given})


def lock(conn: Connection, condition: ColumnElement[bool]) -> Any:
    """The row of the one article that fits, locked until the commit; None if there is none.

    SQLite has one writer at a time anyway.
    """
    return conn.execute(select(ARTICLES).where(condition).with_for_update()).first()


def find(conn: Connection, condition: ColumnElement[bool]) -> Any:
    """The row of the one article that fits; None if there is none."""
    return conn.execute(select(ARTICLES).where(condition)).first()


def named(conn: Connection, url: str) -> int | None:
    """The url_id of the first article that was found at this URL, or now claims it as its own."""
    query = select(ARTICLES.c.article_id, ARTICLES.c.url_id).join(REVISIONS, is_current())
    claims = query.where(REVISIONS.c.canonical_url == url, OTHER_NAME)
    rows = conn.execute(union(query.where(REVISIONS.c.url == url), claims))
    return min(((row.article_id, row.url_id) for row in rows), default=(0, None))[1]


def ids_after(conn: Connection, after: int, limit: int, site_id: int | None = None) -> list[int]:
    """Numbers of articles > `after`, of a site or of all, in their order."""
    query = select(ARTICLES.c.article_id).where(ARTICLES.c.article_id > after)
    if site_id is not None:
        query = query.where(ARTICLES.c.site_id == site_id)
    return list(conn.scalars(query.order_by(ARTICLES.c.article_id).limit(limit)))


def newest_of_site(
    conn: Connection, site_id: int, limit: int, before: int | None = None
) -> list[int]:
    """Numbers of the articles of a site that were stored last, the newest first; < `before`."""
    query = select(ARTICLES.c.article_id).where(ARTICLES.c.site_id == site_id)
    if before is not None:
        query = query.where(ARTICLES.c.article_id < before)
    return list(conn.scalars(query.order_by(ARTICLES.c.article_id.desc()).limit(limit)))


def last_number(conn: Connection) -> int:
    """The number of the article that was added last; 0 without any."""
    return int(conn.scalar(select(func.max(ARTICLES.c.article_id))) or 0)


def first_between(
    conn: Connection, site_id: int, start: datetime, end: datetime, limit: int
) -> list[int]:
    """Numbers of the articles of a site that were first stored from `start` to before `end`."""
    seen = ARTICLES.c.first_seen_at
    query = select(ARTICLES.c.article_id).where(
        ARTICLES.c.site_id == site_id, seen >= start, seen < end
    )
    return list(conn.scalars(query.order_by(seen).limit(limit)))


def url_ids_of(conn: Connection, article_ids: Collection[int]) -> dict[int, int]:
    """The url_id of the page of each of these articles."""
    query = select(ARTICLES.c.article_id, ARTICLES.c.url_id)
    rows = conn.execute(query.where(ARTICLES.c.article_id.in_(sorted(article_ids))))
    return {row.article_id: row.url_id for row in rows}


def changed_since(conn: Connection, since: datetime, site_id: int | None = None) -> list[int]:
    """Numbers of the articles, of a site or of all, that changed at or after a time, in order."""
    query = select(ARTICLES.c.article_id).where(ARTICLES.c.updated_at >= since)
    if site_id is not None:
        # an expression: SQLite would take a site's index, and read all that it has
        query = query.where(ARTICLES.c.site_id + 0 == site_id)
    return sorted(conn.scalars(query))


def captures_of(conn: Connection, url_ids: Collection[int]) -> dict[int, int]:
    """The capture that each URL's current revision was read from, where it is still kept."""
    query = (
        select(ARTICLES.c.url_id, REVISIONS.c.capture_id)
        .join(REVISIONS, is_current())
        .where(ARTICLES.c.url_id.in_(sorted(url_ids)), REVISIONS.c.capture_id.is_not(None))
    )
    return {row.url_id: row.capture_id for row in conn.execute(query)}


def newest_captures(conn: Connection, site_id: int, limit: int) -> list[int]:
    """The captures that a site's newest articles were read from, those that are still kept."""
    newest = (
        select(ARTICLES.c.article_id)
        .where(ARTICLES.c.site_id == site_id, ARTICLES.c.refused_at.is_(None))
        .order_by(ARTICLES.c.article_id.desc())
        .limit(limit)
        .subquery()
    )
    query = (
        select(REVISIONS.c.capture_id)
        .select_from(newest)
        .join(ARTICLES, ARTICLES.c.article_id == newest.c.article_id)
        .join(REVISIONS, is_current())
        .where(REVISIONS.c.capture_id.is_not(None))
        .order_by(ARTICLES.c.article_id.desc())
    )
    return list(conn.scalars(query))


def is_current() -> ColumnElement[bool]:
    """The condition that a revision is its article's current one."""
    return and_(
        REVISIONS.c.article_id == ARTICLES.c.article_id,
        REVISIONS.c.revision == ARTICLES.c.revision,
    )


@lru_cache(maxsize=32)  # building one takes longer than SQLite takes to run it
def _change(names: tuple[str, ...]) -> Update:
    values: dict[str, Any] = {name: bindparam(f"to_{name}") for name in names}
    row = update(ARTICLES).where(ARTICLES.c.article_id == bindparam("article"))
    return row.values(version=ARTICLES.c.version + 1, **values)


def count(conn: Connection, site_id: int, most: int, *, refused: bool = True) -> int:
    """How many articles a site has, those that were refused among them; `most` if it has more."""
    some = select(ARTICLES.c.article_id).where(ARTICLES.c.site_id == site_id).limit(most)
    if not refused:
        some = some.where(ARTICLES.c.refused_at.is_(None))
    return len(conn.execute(some).all())
