"""The templates that a site's pages are made with, and when it changed them."""

from datetime import datetime, timedelta
from typing import Final, NamedTuple

from sqlalchemy import Boolean, Connection, ForeignKey, bindparam, delete, func, select, update

from models.batches import batched
from models.db.statements import insert_ignore, upsert
from models.db.types import UTC, Key, column, table
from models.evidence import Observation

RECENT: Final = 20  # pages that are looked back on: a day of a small paper
MOST: Final = 0.6  # of them with one new template; single pages and specials stay below
FORMER: Final = 8  # pages seen before that template came, so that there was one to change from
FRESH: Final = timedelta(days=1)  # `seen_at` follows by the day, to spare writes
_SOME: Final = 500  # pages a statement
MAX_TEMPLATES: Final = 200  # kept for a site; past that, template keys of it mean little


TEMPLATES: Final = table(
    "templates",
    column("site_id", ForeignKey("sites.site_id"), primary_key=True, comment="site of the pages"),
    column(
        "template_key",
        Key,
        primary_key=True,
        autoincrement=False,
        comment="63-bit hash of the DOM path of its article text",
    ),
    column("since", UTC, comment="when it was first seen"),
    column("seen_at", UTC, comment="when it was last seen, to the day"),
    column("first_run", ForeignKey("runs.run_id"), index=True, comment="run that saw it first"),
    column("first_page", Key, comment="url_id of the page that had it first"),
    column(
        "known", Boolean, comment="true: one of the site's first, or the change to it was recorded"
    ),
    comment="Templates that a site's pages are made with.",
)
RECENT_PAGES: Final = table(
    "recent_pages",
    column("site_id", ForeignKey("sites.site_id"), primary_key=True, comment="site of the page"),
    column("page", Key, primary_key=True, autoincrement=False, comment="url_id of the page"),
    column("template_key", Key, comment="template it was made with"),
    column("fetched_at", UTC, comment="when the page was fetched"),
    comment="The pages of a site that were fetched last.",
)


# made once: building a statement takes as long as running it
_FORMER: Final = select(func.count()).where(RECENT_PAGES.c.site_id == bindparam("site"))
_SEEN: Final = (
    update(TEMPLATES)
    .where(
        TEMPLATES.c.site_id == bindparam("site"),
        TEMPLATES.c.template_key == bindparam("of_key"),
        TEMPLATES.c.seen_at < bindparam("before"),
    )
    .values(seen_at=bindparam("at"))
)


class TemplateChange(NamedTuple):
    """A site's newest pages are made with another template than those before."""

    template_key: int
    first_page: int  # url_id
    first_run: int
    pages: int  # of the RECENT newest
    since: datetime


def observe(
    conn: Connection,
    site_id: int,
    of: Observation,
    run_id: int,
    *,
    new: bool = True,
    new_code: bool = False,
) -> None:
    """Notes which template a page was made with. The caller holds the site's lock.

    `new`: this process has not noted the template yet. `new_code`: the page was
    read again by new code, which says nothing of the site.
    """
    page, key, fetched_at = of.page, of.template_key, of.fetched_at
    if new:
        first = {"site_id": site_id, "template_key": key, "first_run": run_id, "first_page": page}
        known = new_code or conn.execute(_FORMER, {"site": site_id}).scalar_one() < FORMER
        row = {**first, "since": fetched_at, "seen_at": fetched_at, "known": known}
        insert_ignore(conn, TEMPLATES, [row])
        seen = {"site": site_id, "of_key": key, "before": fetched_at - FRESH, "at": fetched_at}
        conn.execute(_SEEN, seen)
    if not new_code:
        mine = {"site_id": site_id, "page": page, "template_key": key, "fetched_at": fetched_at}
        upsert(conn, RECENT_PAGES, [mine], ["template_key", "fetched_at"])


def change(conn: Connection, site_id: int) -> TemplateChange | None:
    """The template that most of the newest pages have and that was never known, told once.

    A template that came in the site's first run is no change: it was there all along.
    """
    _trim(conn, site_id)
    pages = select(RECENT_PAGES.c.template_key, func.count().label("pages")).where(
        RECENT_PAGES.c.site_id == site_id
    )
    counted = pages.group_by(RECENT_PAGES.c.template_key).subquery()
    first_run = select(func.min(TEMPLATES.c.first_run)).where(TEMPLATES.c.site_id == site_id)
    row = conn.execute(
        select(
            TEMPLATES.c.template_key,
            TEMPLATES.c.first_page,
            TEMPLATES.c.first_run,
            counted.c.pages,
            TEMPLATES.c.since,
        )
        .join(counted, counted.c.template_key == TEMPLATES.c.template_key)
        .where(TEMPLATES.c.site_id == site_id, TEMPLATES.c.known.is_(False))
        .where(counted.c.pages >= MOST * RECENT)
        .where(TEMPLATES.c.first_run > first_run.scalar_subquery())
    ).first()
    if row is None:
        return None
    conn.execute(
        update(TEMPLATES)
        .where(TEMPLATES.c.site_id == site_id, TEMPLATES.c.template_key == row.template_key)
        .values(known=True)
    )
    return TemplateChange(*row)


def recent_pages(conn: Connection, site_id: int) -> list[int]:
    """The url_ids of the pages that were fetched last."""
    mine = select(RECENT_PAGES.c.page).where(RECENT_PAGES.c.site_id == site_id)
    return list(conn.scalars(mine.order_by(RECENT_PAGES.c.fetched_at.desc()).limit(RECENT)))


def _trim(conn: Connection, site_id: int) -> None:
    """Keeps the RECENT pages that were fetched last."""
    mine = select(RECENT_PAGES.c.page).where(RECENT_PAGES.c.site_id == site_id)
    newest = conn.scalars(
        mine.order_by(RECENT_PAGES.c.fetched_at.desc(), RECENT_PAGES.c.page.desc())
    ).all()
    for beyond in batched(newest[RECENT:], _SOME):
        old = RECENT_PAGES.c.page.in_(beyond)
        conn.execute(delete(RECENT_PAGES).where(RECENT_PAGES.c.site_id == site_id, old))


def forget(conn: Connection, site_id: int, page: int) -> None:
    """Takes a page out of those that were fetched last."""
    mine = (RECENT_PAGES.c.site_id == site_id, RECENT_PAGES.c.page == page)
    conn.execute(delete(RECENT_PAGES).where(*mine))


def reset(conn: Connection, site_id: int) -> None:
    """Forgets the templates of a site."""
    conn.execute(delete(RECENT_PAGES).where(RECENT_PAGES.c.site_id == site_id))
    conn.execute(delete(TEMPLATES).where(TEMPLATES.c.site_id == site_id))


def longest_unseen(conn: Connection, site_id: int, after: int) -> list[int]:
    """The templates of a site past so many that were seen last."""
    newest = select(TEMPLATES.c.template_key).where(TEMPLATES.c.site_id == site_id)
    ordered = newest.order_by(TEMPLATES.c.seen_at.desc(), TEMPLATES.c.template_key)
    return list(conn.scalars(ordered).all()[after:])


def prune(conn: Connection, site_id: int, most: int = MAX_TEMPLATES) -> int:
    """Forgets the templates that were not seen for longest, past `most`; how many."""
    _trim(conn, site_id)
    beyond = longest_unseen(conn, site_id, most)
    if beyond:
        conn.execute(
            delete(TEMPLATES).where(
                TEMPLATES.c.site_id == site_id, TEMPLATES.c.template_key.in_(beyond)
            )
        )
    return len(beyond)
