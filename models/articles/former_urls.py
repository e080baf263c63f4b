"""The addresses that articles had before their pages moved."""

from datetime import datetime
from typing import Final

from sqlalchemy import Connection, ForeignKey, bindparam, delete, exists, select

from models.articles.rows import ARTICLES
from models.crawl import moved
from models.crawl.url_rows import URLS
from models.db.statements import upsert
from models.db.types import UTC, Key, column, table
from models.duplicates import index
from models.duplicates.tables import CLUSTER_MEMBERS
from models.outcomes import Outcome

FORMER_URLS: Final = table(
    "former_urls",
    column(
        "url_id",
        Key,
        ForeignKey("urls.url_id"),
        primary_key=True,
        autoincrement=False,
        comment="URL that the page had",
    ),
    column(
        "article_id", ForeignKey("articles.article_id"), index=True, comment="article that moved"
    ),
    column("moved_at", UTC, comment="when the move was found"),
    comment="Addresses that articles had before their pages moved.",
)

_STORED: Final = (
    select(ARTICLES.c.url_id, ARTICLES.c.article_id, CLUSTER_MEMBERS.c.cluster_id)
    .join(CLUSTER_MEMBERS, CLUSTER_MEMBERS.c.article_id == ARTICLES.c.article_id)
    .where(ARTICLES.c.url_id.in_(bindparam("these", expanding=True)))
    .where(CLUSTER_MEMBERS.c.cluster_id.is_not(None))
)


def add(
    conn: Connection, article_id: int, url_id: int, to_url_id: int, to: str, now: datetime
) -> None:
    """Notes that an article's page moved from one URL to another, `to`."""
    moved.leave(conn, url_id, to)
    row = {"url_id": url_id, "article_id": article_id, "moved_at": now}
    upsert(conn, FORMER_URLS, [row], ["article_id", "moved_at"])
    conn.execute(delete(FORMER_URLS).where(FORMER_URLS.c.url_id == to_url_id))  # it moved back


def lead_on(conn: Connection, url_id: int, to_url_id: int, now: datetime) -> bool:
    """Notes that an article's address redirects to that of another one of its cluster.

    They are two rows of one page: the one that still answers becomes the original, once the run
    links what waits. False where they are not one story, or it is known.
    """
    found = {row.url_id: row for row in conn.execute(_STORED, {"these": [url_id, to_url_id]})}
    here, there = found.get(url_id), found.get(to_url_id)
    if here is None or there is None or here.cluster_id != there.cluster_id:
        return False
    if article_of(conn, url_id) == there.article_id:
        return False
    row = {"url_id": url_id, "article_id": there.article_id, "moved_at": now}
    upsert(conn, FORMER_URLS, [row], ["article_id", "moved_at"])
    index.requeue(conn, [here.article_id])
    return True


def forget_answering(conn: Connection) -> int:
    """Of addresses that led to another article, forgets those that have a page again; how many."""
    answers = exists().where(
        ARTICLES.c.url_id == FORMER_URLS.c.url_id,
        URLS.c.url_id == FORMER_URLS.c.url_id,
        URLS.c.outcome != Outcome.DUPLICATE_URL,
    )
    gone = list(conn.scalars(select(FORMER_URLS.c.url_id).where(answers)))
    if gone:
        conn.execute(delete(FORMER_URLS).where(FORMER_URLS.c.url_id.in_(gone)))
        theirs = select(ARTICLES.c.article_id).where(ARTICLES.c.url_id.in_(gone))
        index.requeue(conn, list(conn.scalars(theirs)))
    return len(gone)


def article_of(conn: Connection, url_id: int) -> int | None:
    """The number of the article whose page had this URL before it moved."""
    of_url = FORMER_URLS.c.url_id == url_id
    return conn.execute(select(FORMER_URLS.c.article_id).where(of_url)).scalar()
