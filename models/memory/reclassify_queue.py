"""Pages to classify again, because their evidence grew.

The queue is in SQL, so that the next run takes over the work of one that was killed.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import Connection, ForeignKey, bindparam, delete, func, select

from models.db.statements import insert_ignore, upsert
from models.db.types import UTC, Key, column, table
from models.memory import pages

RECLASSIFY_QUEUE: Final = table(
    "reclassify_queue",
    column("site_id", ForeignKey("sites.site_id"), primary_key=True, comment="site of the page"),
    column("page", Key, primary_key=True, autoincrement=False, comment="url_id of the page"),
    column("noted_at", UTC, comment="when it was queued"),
    comment="Pages to be classified again: what their site has taught has changed.",
    rowid=False,
)
MEMORY_LOCKS: Final = table(
    "memory_locks",
    column("site_id", ForeignKey("sites.site_id"), primary_key=True, comment="the site"),
    comment="One row a site: whoever writes the site's memory locks it.",
)

_LOCK: Final = (  # made once, for speed
    select(MEMORY_LOCKS.c.site_id)
    .where(MEMORY_LOCKS.c.site_id == bindparam("site"))
    .with_for_update()
)


class QueuedPage(NamedTuple):
    """A page to classify again, and when it was queued."""

    page: int
    noted_at: datetime


def lock_site(conn: Connection, site_id: int) -> None:
    """Waits for whoever else writes this site's memory, until the transaction ends.

    It is the first lock that a change of the memory takes, so two crawlers cannot deadlock in
    it. SQLite has one writer at a time anyway.
    """
    if conn.dialect.name == "sqlite":
        return
    while conn.execute(_LOCK, {"site": site_id}).first() is None:
        insert_ignore(conn, MEMORY_LOCKS, [{"site_id": site_id}])


def enqueue_changed(conn: Connection, site_id: int, now: datetime) -> None:
    """Has the pages classified again that show an entry of which another sample stands."""
    lock_site(conn, site_id)
    enqueue(conn, site_id, pages.take_changed(conn, site_id), now)


def enqueue(conn: Connection, site_id: int, queued: Iterable[int], now: datetime) -> None:
    """Has these pages classified again when a run ends."""
    rows = [{"site_id": site_id, "page": page, "noted_at": now} for page in sorted(queued)]
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


def dequeue(conn: Connection, site_id: int, done: Sequence[QueuedPage]) -> None:
    """Takes pages off the queue, except those that were queued again meanwhile."""
    if done:
        row = delete(RECLASSIFY_QUEUE).where(
            RECLASSIFY_QUEUE.c.site_id == site_id,
            RECLASSIFY_QUEUE.c.page == bindparam("of_page"),
            RECLASSIFY_QUEUE.c.noted_at == bindparam("of_time", type_=UTC()),
        )
        conn.execute(row, [{"of_page": p.page, "of_time": p.noted_at} for p in done])


def remove(conn: Connection, site_id: int, page: int) -> None:
    """Takes a page off the queue, whenever it was queued."""
    mine = (RECLASSIFY_QUEUE.c.site_id == site_id, RECLASSIFY_QUEUE.c.page == page)
    conn.execute(delete(RECLASSIFY_QUEUE).where(*mine))


def count(conn: Connection, site_id: int) -> int:
    """How many pages of a site wait to be classified again."""
    query = select(func.count()).where(RECLASSIFY_QUEUE.c.site_id == site_id)
    return int(conn.execute(query).scalar_one())
