"""The places where a site names its pages, and how each of them is doing."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    Connection,
    ForeignKey,
    Integer,
    String,
    UniqueConstraint,
    delete,
    select,
    update,
)

from models.db.statements import insert_ignore
from models.db.types import UTC, CleanText, Hash, Key, column, one_of, table
from models.urls import request_url, url_key

SOURCE_KINDS: Final = ("sitemap", "feed", "section")
NAMED_BY: Final = ("site", "robots", "well_known", "alternate", "index")

SOURCES: Final = table(
    "sources",
    column("source_id", Key, primary_key=True, autoincrement=True, comment="number of the source"),
    column("site_id", ForeignKey("sites.site_id"), comment="site whose pages it names"),
    column("url_key", Hash, comment="SHA-256 of the URL's key"),
    column("url", CleanText, comment="URL as it is requested"),
    column("kind", String(20), comment="sitemap | feed | section"),
    column(
        "named_by", String(20), comment="site (its TOML) | robots | well_known | alternate | index"
    ),
    column("read_at", UTC, nullable=True, comment="when it was last read well"),
    column("tried_at", UTC, nullable=True, comment="when it was last requested"),
    column("failures", Integer, default=0, comment="in a row"),
    column("error", CleanText, nullable=True, comment="of the last try; null if well"),
    column("links", Integer, default=0, comment="links in scope when last read"),
    column("etag", CleanText, nullable=True, comment="ETag of what was last read well"),
    column("last_modified", CleanText, nullable=True, comment="Last-Modified of the same"),
    column("ttl", Integer, nullable=True, comment="seconds to leave it alone, as a feed asks"),
    UniqueConstraint("site_id", "url_key"),
    one_of("kind", SOURCE_KINDS),
    one_of("named_by", NAMED_BY),
    comment="Where sites name their pages: sitemaps, feeds and section pages, and how they do.",
)


@dataclass(frozen=True, slots=True)
class Source:
    """One source of a site, and how its last readings went."""

    source_id: int
    url: str
    kind: str  # sitemap | feed | section
    named_by: str  # site | robots | well_known | alternate | index
    read_at: datetime | None  # last read well
    tried_at: datetime | None
    failures: int  # in a row
    error: str | None  # of the last try
    links: int  # in scope, when last read
    etag: str | None
    last_modified: str | None
    ttl: int | None  # seconds


def register(conn: Connection, site_id: int, url: str, kind: str, named_by: str) -> int:
    """Makes a source a row, unless it is one, and returns its number. Raises ValueError."""
    row = {"site_id": site_id, "url_key": url_key(url), "url": request_url(url)}
    mine = (SOURCES.c.site_id == site_id, SOURCES.c.url_key == row["url_key"])
    known = select(SOURCES.c.source_id).where(*mine)
    found = conn.execute(known).scalar()
    if found is None:
        fresh = {**row, "kind": kind, "named_by": named_by, "failures": 0, "links": 0}
        insert_ignore(conn, SOURCES, [fresh])
        found = conn.execute(known).scalar_one()
    return int(found)


def record_success(
    conn: Connection,
    source_id: int,
    now: datetime,
    *,
    links: int,
    kind: str | None = None,
    etag: str | None = None,
    last_modified: str | None = None,
    ttl: int | None = None,
) -> None:
    """A source was read whole: its links are rows by now, so its validators may be kept.

    `kind` mends what the source was taken for: a "sitemap" that turned out to be a feed.
    """
    said: dict[str, Any] = {"links": links, "etag": etag, "last_modified": last_modified}
    said |= {"ttl": ttl, "read_at": now, "tried_at": now, "failures": 0, "error": None}
    if kind is not None:
        said["kind"] = kind
    conn.execute(update(SOURCES).where(SOURCES.c.source_id == source_id).values(**said))


def record_not_modified(conn: Connection, source_id: int, now: datetime) -> None:
    """A source said 304: it is well, and names what it named before."""
    said = {"read_at": now, "tried_at": now, "failures": 0, "error": None}
    conn.execute(update(SOURCES).where(SOURCES.c.source_id == source_id).values(**said))


def record_failure(conn: Connection, source_id: int, error: str, now: datetime) -> None:
    """A source could not be read; its validators stay, as they are of what was read well."""
    said = {"tried_at": now, "failures": SOURCES.c.failures + 1, "error": error}
    conn.execute(update(SOURCES).where(SOURCES.c.source_id == source_id).values(**said))


def forget(conn: Connection, source_id: int) -> None:
    """A source that the site no longer has: its row goes, what it found stays."""
    conn.execute(delete(SOURCES).where(SOURCES.c.source_id == source_id))


def list_sources(conn: Connection, site_id: int) -> list[Source]:
    """The sources of a site, in the order in which they were noted."""
    columns = (SOURCES.c[name] for name in Source.__dataclass_fields__)
    mine = select(*columns).where(SOURCES.c.site_id == site_id)
    return [Source(**row._asdict()) for row in conn.execute(mine.order_by(SOURCES.c.source_id))]
