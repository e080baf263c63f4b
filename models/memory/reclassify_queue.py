"""Pages to judge again: whose evidence grew after they were judged, and how far a site's pass is.

The list stands in SQL, so that a run that is killed leaves its work to the next one.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import Connection, ForeignKey, String, bindparam, delete, func, select
from sqlalchemy.orm import Mapped, mapped_column

from models.db.statements import insert_ignore, upsert
from models.db.types import MARIADB, TABLE_OPTIONS, UTC, Base, Key


class ReclassifyQueueRow(Base):
    """One page whose verdict may be another now."""

    __tablename__ = "reclassify_queue"
    __table_args__ = (
        {
            **TABLE_OPTIONS,
            "sqlite_with_rowid": False,
            "comment": "Pages to be classified again: what their site has taught has changed.",
        },
    )

    site_id: Mapped[int] = mapped_column(
        ForeignKey("sites.site_id"), primary_key=True, comment="site of the page"
    )
    page: Mapped[int] = mapped_column(
        Key, primary_key=True, autoincrement=False, comment="url_id of the page"
    )
    noted_at: Mapped[datetime] = mapped_column(UTC, comment="when it was queued")


class ReclassifyProgressRow(Base):
    """How far all articles of a site have been judged by what its places say now."""

    __tablename__ = "reclassify_progress"
    __table_args__ = (
        {**TABLE_OPTIONS, "comment": "How far all articles of a site were classified again."},
    )

    site_id: Mapped[int] = mapped_column(
        ForeignKey("sites.site_id"), primary_key=True, comment="site of the articles"
    )
    digest: Mapped[str] = mapped_column(
        String(64), comment="of the DOM paths that the last pass over all articles used"
    )
    after_id: Mapped[int | None] = mapped_column(
        Key, comment="article_id that the pass has come to; null: none is under way"
    )


class QueuedPage(NamedTuple):
    """A page to judge again, and when that was noted."""

    page: int
    noted_at: datetime


class Progress(NamedTuple):
    """As SettlementRow."""

    digest: str
    after_id: int | None


PAGES: Final = Base.metadata.tables["reclassify_queue"]
PASSES: Final = Base.metadata.tables["reclassify_progress"]


def lock_site(conn: Connection, site_id: int) -> None:
    """Waits for whoever else writes this site's memory, until the transaction ends.

    It is the first lock that a change of the memory takes, so two crawlers cannot deadlock in
    it. SQLite has one writer at a time anyway.
    """
    insert_ignore(conn, PASSES, [{"site_id": site_id, "digest": "", "after_id": None}])
    if conn.dialect.name == "postgresql" or conn.dialect.name in MARIADB:
        conn.execute(select(PASSES.c.site_id).where(PASSES.c.site_id == site_id).with_for_update())


def enqueue(conn: Connection, site_id: int, pages: Iterable[int], now: datetime) -> None:
    """Has these pages judged again when a run ends."""
    rows = [{"site_id": site_id, "page": page, "noted_at": now} for page in sorted(pages)]
    upsert(conn, PAGES, rows, ["noted_at"])


def next_pages(conn: Connection, site_id: int, limit: int, after: int = -1) -> list[QueuedPage]:
    """Pages to judge again with url_id > `after`, in that order."""
    query = select(PAGES.c.page, PAGES.c.noted_at).where(
        PAGES.c.site_id == site_id, PAGES.c.page > after
    )
    return [QueuedPage(*row) for row in conn.execute(query.order_by(PAGES.c.page).limit(limit))]


def dequeue(conn: Connection, site_id: int, pages: Sequence[QueuedPage]) -> None:
    """Takes pages off the list, but for those that were noted again meanwhile."""
    if pages:
        row = delete(PAGES).where(
            PAGES.c.site_id == site_id,
            PAGES.c.page == bindparam("of_page"),
            PAGES.c.noted_at == bindparam("of_time", type_=UTC()),
        )
        conn.execute(row, [{"of_page": p.page, "of_time": p.noted_at} for p in pages])


def count(conn: Connection, site_id: int) -> int:
    """How many pages of a site wait to be judged again."""
    query = select(func.count()).where(PAGES.c.site_id == site_id)
    return int(conn.execute(query).scalar_one())


def progress(conn: Connection, site_id: int) -> Progress:
    """How far the site's articles have been judged by its places; digest '' where never."""
    query = select(PASSES.c.digest, PASSES.c.after_id).where(PASSES.c.site_id == site_id)
    row = conn.execute(query).first()
    return Progress("", None) if row is None else Progress(*row)


def set_progress(conn: Connection, site_id: int, to: Progress) -> None:
    """Notes how far the pass over all articles has come."""
    row = {"site_id": site_id, "digest": to.digest, "after_id": to.after_id}
    upsert(conn, PASSES, [row], ["digest", "after_id"])
