"""The sites that the database knows, by number, and when each is visited next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, Integer, String, UniqueConstraint, select, update

from models.db.statements import insert_ignore
from models.db.types import UTC, CleanText, Key, column, table
from models.sites.config import Site
from models.urls import bare_host, netloc_of

SITES: Final = table(
    "sites",
    column("site_id", Key, primary_key=True, autoincrement=True, comment="number of the site"),
    column("name", String(100), comment="the TOML file's name without .toml"),
    column("start_url", CleanText, comment="start of its TOML file"),
    column("added_at", UTC, comment="when the database first knew it"),
    column("next_due_at", UTC, nullable=True, comment="when visit looks again; null: never did"),
    column("failures", Integer, default=0, comment="visits that failed, in a row"),
    column(
        "sources_due_at",
        UTC,
        nullable=True,
        comment="when visit reads the sources again; null: at the next visit",
    ),
    UniqueConstraint("name"),
    comment="Sites, named as their TOML files are.",
)


@dataclass(frozen=True, slots=True)
class KnownSite:
    """A site as the database knows it."""

    site_id: int
    name: str
    start_url: str
    added_at: datetime
    next_due_at: datetime | None  # None: never visited
    failures: int
    sources_due_at: datetime | None = None  # None: at the next visit


def ensure_site(conn: Connection, site: Site, now: datetime) -> int:
    """The site's number; it is added where the database does not know it yet."""
    row = {"name": site.name, "start_url": site.start, "added_at": now, "failures": 0}
    known = select(SITES.c.site_id, SITES.c.start_url).where(SITES.c.name == site.name)
    found = conn.execute(known).first()
    if found is None:
        insert_ignore(conn, SITES, [row])
        found = conn.execute(known).one()
    if found.start_url != site.start:  # the TOML has the say
        moved = update(SITES).where(SITES.c.site_id == found.site_id)
        conn.execute(moved.values(start_url=site.start))
    return int(found.site_id)


def known_sites(conn: Connection, name: str | None = None) -> list[KnownSite]:
    """All sites that the database knows, by name; or the one of that name, if it does."""
    query = select(*(SITES.c[field] for field in KnownSite.__dataclass_fields__))
    if name is not None:
        query = query.where(SITES.c.name == name)
    return [KnownSite(**row._asdict()) for row in conn.execute(query.order_by("name"))]


def known_site(conn: Connection, site_id: int) -> KnownSite:
    """One site by its number; each visit asks for its own, so that others cost it nothing.

    Raises NoResultFound where the database does not know the number.
    """
    query = select(*(SITES.c[field] for field in KnownSite.__dataclass_fields__))
    row = conn.execute(query.where(SITES.c.site_id == site_id)).one()
    return KnownSite(**row._asdict())


def twin_of(conn: Connection, site_id: int) -> str | None:
    """The name of another site with a start on the host of this one; None without one.

    A page belongs to the site that named it first, so that the second finds none.
    """
    sites = known_sites(conn)
    mine = next((site for site in sites if site.site_id == site_id), None)
    if mine is None:
        return None
    host = bare_host(netloc_of(mine.start_url))
    others = (site for site in sites if site.site_id != site_id)
    return next((o.name for o in others if bare_host(netloc_of(o.start_url)) == host), None)


def number_of(conn: Connection, name: str) -> int | None:
    """The number of a site by its name; None if the database does not know it."""
    return conn.execute(select(SITES.c.site_id).where(SITES.c.name == name)).scalar()


def numbers_of(conn: Connection, names: Sequence[str]) -> dict[str, int]:
    """The numbers of the sites of these names that the database knows."""
    query = select(SITES.c.name, SITES.c.site_id).where(SITES.c.name.in_(names))
    return {name: int(site_id) for name, site_id in conn.execute(query)}


def rename(conn: Connection, site_id: int, name: str) -> None:
    """Gives a site another name, which no other site may have; all that it brought goes along."""
    conn.execute(update(SITES).where(SITES.c.site_id == site_id).values(name=name))


def names(conn: Connection) -> dict[int, str]:
    """Names of all sites by number."""
    rows = conn.execute(select(SITES.c.site_id, SITES.c.name))
    return {row.site_id: row.name for row in rows}


def schedule(
    conn: Connection,
    site_id: int,
    next_due_at: datetime,
    *,
    failed: bool = False,
    sources_due_at: datetime | None = None,
) -> None:
    """When to visit a site again; a visit that failed adds to its failures in a row.

    `sources_due_at`: when its sources are to be read again; None: that stays as it is.
    """
    values: dict[str, Any] = {"next_due_at": next_due_at}
    values["failures"] = SITES.c.failures + 1 if failed else 0
    if sources_due_at is not None:
        values["sources_due_at"] = sources_due_at
    conn.execute(update(SITES).where(SITES.c.site_id == site_id).values(**values))
