"""Templates: the templates that a site's pages are made with, and when it changed them."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from sqlalchemy import Connection, ForeignKey, bindparam, delete, func, select, update
from sqlalchemy.orm import Mapped, mapped_column

from models.db.statements import insert_ignore, upsert
from models.db.types import TABLE_OPTIONS, UTC, Base, Key

RECENT: Final = 20  # pages that are looked back on: a day of a small paper
MOST: Final = 0.6  # of them with one new template; single pages and specials stay below
FORMER: Final = 8  # pages seen before that template came, so that there was one to change from
FRESH: Final = timedelta(days=1)  # `seen_at` follows by the day, to spare writes
MAX_TEMPLATES: Final = 200  # kept for a site; past that, template keys of it mean little


class TemplateRow(Base):
    """One template that the site's pages are made with."""

    __tablename__ = "templates"
    __table_args__ = ({**TABLE_OPTIONS, "comment": "Templates that a site's pages are made with."},)

    site_id: Mapped[int] = mapped_column(
        ForeignKey("sites.site_id"), primary_key=True, comment="site of the pages"
    )
    template_key: Mapped[int] = mapped_column(
        Key, primary_key=True, autoincrement=False, comment="63-bit hash of the page's skeleton"
    )
    since: Mapped[datetime] = mapped_column(UTC, comment="first seen")
    seen_at: Mapped[datetime] = mapped_column(UTC, comment="last seen, to the day")
    first_run: Mapped[int] = mapped_column(
        ForeignKey("runs.run_id"), comment="run that saw it first"
    )
    first_page: Mapped[int] = mapped_column(Key, comment="url_id of the page that had it first")
    known: Mapped[bool] = mapped_column(
        comment="true: one of the site's first, or the change to it was recorded"
    )


class RecentPageRow(Base):
    """One of the pages of a site that were fetched last, and its template."""

    __tablename__ = "recent_pages"
    __table_args__ = ({**TABLE_OPTIONS, "comment": "The pages of a site that were fetched last."},)

    site_id: Mapped[int] = mapped_column(
        ForeignKey("sites.site_id"), primary_key=True, comment="site of the page"
    )
    page: Mapped[int] = mapped_column(
        Key, primary_key=True, autoincrement=False, comment="url_id of the page"
    )
    template_key: Mapped[int] = mapped_column(Key, comment="template it was made with")
    fetched_at: Mapped[datetime] = mapped_column(UTC, comment="when the page was fetched")


class TemplateChange(NamedTuple):
    """A site's newest pages are made with another template than those before."""

    template_key: int
    first_page: int  # url_id
    first_run: int
    pages: int  # of the RECENT newest
    since: datetime


TABLE: Final = Base.metadata.tables["templates"]
PAGES: Final = Base.metadata.tables["recent_pages"]
_RECENT: Final = select(PAGES.c.page, PAGES.c.fetched_at).where(
    PAGES.c.site_id == bindparam("site")
)
_HERE: Final = (TABLE.c.site_id == bindparam("site"), TABLE.c.template_key == bindparam("template"))
_KNOWN: Final = select(TABLE.c.template_key).where(*_HERE)
_SEEN: Final = (
    update(TABLE)
    .where(*_HERE, TABLE.c.seen_at < bindparam("before"))
    .values(seen_at=bindparam("at"))
)


def observe(
    conn: Connection,
    site_id: int,
    page: int,
    template_key: int,
    fetched_at: datetime,
    run_id: int,
    *,
    known: bool = False,
) -> None:
    """Notes which template a page was made with. Writers hold the site (`unsettled.hold`).

    `known`: that the template is new says nothing of the site (a re-extraction by new code).
    """
    recent = dict(conn.execute(_RECENT, {"site": site_id}).all())
    here = {
        "site": site_id,
        "template": template_key,
        "at": fetched_at,
        "before": fetched_at - FRESH,
    }
    if conn.execute(_KNOWN, here).first() is None:
        first = {"site_id": site_id, "template_key": template_key, "first_run": run_id}
        times = {"first_page": page, "since": fetched_at, "seen_at": fetched_at}
        insert_ignore(conn, TABLE, [{**first, **times, "known": known or len(recent) < FORMER}])
    conn.execute(_SEEN, here)
    _look_back(conn, site_id, recent, page, template_key, fetched_at)


def _look_back(
    conn: Connection,
    site_id: int,
    recent: Mapping[int, datetime],
    page: int,
    template_key: int,
    fetched_at: datetime,
) -> None:
    """Keeps the page if it is among the newest, and no more pages than are looked back on."""
    if page in recent and recent[page] >= fetched_at:
        return
    fetched = {**recent, page: fetched_at}
    newest = sorted(fetched, key=lambda url_id: (fetched[url_id], url_id), reverse=True)
    if page not in newest[:RECENT]:
        return
    mine = {
        "site_id": site_id,
        "page": page,
        "template_key": template_key,
        "fetched_at": fetched_at,
    }
    upsert(conn, PAGES, [mine], ["template_key", "fetched_at"])
    beyond = newest[RECENT:]
    if beyond:
        conn.execute(delete(PAGES).where(PAGES.c.site_id == site_id, PAGES.c.page.in_(beyond)))


def change(conn: Connection, site_id: int) -> TemplateChange | None:
    """The template that most of the newest pages have and that was never known, told once.

    A template that came in the site's first run is no change: it was there all along.
    """
    pages = select(PAGES.c.template_key, func.count().label("pages")).where(
        PAGES.c.site_id == site_id
    )
    counted = pages.group_by(PAGES.c.template_key).subquery()
    first_run = select(func.min(TABLE.c.first_run)).where(TABLE.c.site_id == site_id)
    row = conn.execute(
        select(
            TABLE.c.template_key,
            TABLE.c.first_page,
            TABLE.c.first_run,
            counted.c.pages,
            TABLE.c.since,
        )
        .join(counted, counted.c.template_key == TABLE.c.template_key)
        .where(TABLE.c.site_id == site_id, TABLE.c.known.is_(False))
        .where(counted.c.pages >= MOST * RECENT)
        .where(TABLE.c.first_run > first_run.scalar_subquery())
    ).first()
    if row is None:
        return None
    conn.execute(
        update(TABLE)
        .where(TABLE.c.site_id == site_id, TABLE.c.template_key == row.template_key)
        .values(known=True)
    )
    return TemplateChange(*row)


def reset(conn: Connection, site_id: int) -> None:
    """Forgets the templates of a site."""
    conn.execute(delete(PAGES).where(PAGES.c.site_id == site_id))
    conn.execute(delete(TABLE).where(TABLE.c.site_id == site_id))


def prune(conn: Connection, site_id: int, most: int = MAX_TEMPLATES) -> int:
    """Forgets the templates that were not seen for longest, past `most`; how many."""
    query = select(TABLE.c.template_key).where(TABLE.c.site_id == site_id)
    newest = (
        conn.execute(query.order_by(TABLE.c.seen_at.desc(), TABLE.c.template_key)).scalars().all()
    )
    beyond = list(newest[most:])
    if beyond:
        conn.execute(
            delete(TABLE).where(TABLE.c.site_id == site_id, TABLE.c.template_key.in_(beyond))
        )
    return len(beyond)
