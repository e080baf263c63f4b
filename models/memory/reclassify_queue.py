"""Pages to classify again, because their evidence grew, and how far a site's pass has come.

The queue is in SQL, so that the next run takes over the work of one that was killed.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import Connection, ForeignKey, String, bindparam, delete, func, select

from models.db.statements import insert_ignore, upsert
from models.db.types import UTC, Key, column, table

RECLASSIFY_QUEUE: Final = table(
    "reclassify_queue",
    column("site_id", ForeignKey("sites.site_id"), primary_key=True, comment="site of the page"),
    column("page", Key, primary_key=True, autoincrement=False, comment="url_id of the page"),
    column("noted_at", UTC, comment="when it was queued"),
    comment="Pages to be classified again: what their site has taught has changed.",
    rowid=False,
)
RECLASSIFY_PROGRESS: Final = table(
    "reclassify_progress",
    column(
        "site_id", ForeignKey("sites.site_id"), primary_key=True, comment="site of the articles"
    ),
    column(
        "digest", String(64), comment="of the DOM paths that the last pass over all articles used"
    ),
    column(
        "after_id",
        Key,
        nullable=True,
        comment="article_id that the pass has come to; null: none is under way",
    ),
    comment="How far all articles of a site were classified again.",
)


class QueuedPage(NamedTuple):
    """A page to classify again, and when it was queued."""

    page: int
    noted_at: datetime


class Progress(NamedTuple):
    """How far a pass over all articles of a site has come: a row of `reclassify_progress`."""

    digest: str
    after_id: int | None


def lock_site(conn: Connection, site_id: int) -> None:
    """Waits for whoever else writes this site's memory, until the transaction ends.

    It is the first lock that a change of the memory takes, so two crawlers cannot deadlock in
    it. SQLite has one writer at a time anyway.
    """
    if conn.dialect.name == "sqlite":
        return
    row = select(RECLASSIFY_PROGRESS.c.site_id).where(RECLASSIFY_PROGRESS.c.site_id == site_id)
    while conn.execute(row.with_for_update()).first() is None:
        first = {"site_id": site_id, "digest": "", "after_id": None}
        insert_ignore(conn, RECLASSIFY_PROGRESS, [first])


def enqueue(conn: Connection, site_id: int, pages: Iterable[int], now: datetime) -> None:
    """Has these pages classified again when a run ends."""
    rows = [{"site_id": site_id, "page": page, "noted_at": now} for page in sorted(pages)]
    upsert(conn, RECLASSIFY_QUEUE, rows, ["noted_at"])


def next_pages(conn: Connection, site_id: int, limit: int, after: int = -1) -> list[QueuedPage]:
    """Pages to classify again with url_id > `after`, in that order."""
    query = select(RECLASSIFY_QUEUE.c.page, RECLASSIFY_QUEUE.c.noted_at).where(
        RECLASSIFY_QUEUE.c.site_id == site_id, RECLASSIFY_QUEUE.c.page > after
    )
    return [
        QueuedPage(*row)
        for row in conn.execute(query.order_by(RECLASSIFY_QUEUE.c.page).limit(limit))
    ]


def dequeue(conn: Connection, site_id: int, pages: Sequence[QueuedPage]) -> None:
    """Takes pages off the queue, except those that were queued again meanwhile."""
    if pages:
        row = delete(RECLASSIFY_QUEUE).where(
            RECLASSIFY_QUEUE.c.site_id == site_id,
            RECLASSIFY_QUEUE.c.page == bindparam("of_page"),
            RECLASSIFY_QUEUE.c.noted_at == bindparam("of_time", type_=UTC()),
        )
        conn.execute(row, [{"of_page": p.page, "of_time": p.noted_at} for p in pages])


def count(conn: Connection, site_id: int) -> int:
    """How many pages of a site wait to be classified again."""
    query = select(func.count()).where(RECLASSIFY_QUEUE.c.site_id == site_id)
    return int(conn.execute(query).scalar_one())


def progress(conn: Connection, site_id: int) -> Progress:
    """How far the pass over the site's articles has come; digest '' if there was none yet."""
    query = select(RECLASSIFY_PROGRESS.c.digest, RECLASSIFY_PROGRESS.c.after_id).where(
        RECLASSIFY_PROGRESS.c.site_id == site_id
    )
    row = conn.execute(query).first()
    return Progress("", None) if row is None else Progress(*row)


def set_progress(conn: Connection, site_id: int, to: Progress) -> None:
    """Notes how far the pass over all articles has come."""
    row = {"site_id": site_id, "digest": to.digest, "after_id": to.after_id}
    upsert(conn, RECLASSIFY_PROGRESS, [row], ["digest", "after_id"])
