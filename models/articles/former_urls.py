"""The addresses that articles had before their pages moved."""

from datetime import datetime
from typing import Final

from sqlalchemy import Connection, ForeignKey, delete, select

from models.crawl import moved
from models.db.statements import upsert
from models.db.types import UTC, Key, column, table

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


def add(
    conn: Connection, article_id: int, url_id: int, to_url_id: int, to: str, now: datetime
) -> None:
    """Notes that an article's page moved from one URL to another, `to`."""
    moved.leave(conn, url_id, to)
    row = {"url_id": url_id, "article_id": article_id, "moved_at": now}
    upsert(conn, FORMER_URLS, [row], ["article_id", "moved_at"])
    conn.execute(delete(FORMER_URLS).where(FORMER_URLS.c.url_id == to_url_id))  # it moved back


def article_of(conn: Connection, url_id: int) -> int | None:
    """The number of the article whose page had this URL before it moved."""
    of_url = FORMER_URLS.c.url_id == url_id
    return conn.execute(select(FORMER_URLS.c.article_id).where(of_url)).scalar()
