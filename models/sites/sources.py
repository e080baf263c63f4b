"""The places where a site names its pages, and how each of them is doing."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, cast

from sqlalchemy import (
    Connection,
    ForeignKey,
    String,
    Table,
    UniqueConstraint,
    delete,
    select,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column

from models.db.statements import insert_ignore
from models.db.types import TABLE_OPTIONS, UTC, Base, CleanText, Hash, Key
from models.urls import request_url, url_key


class SourceRow(Base):
    """One sitemap, feed, section page or robots.txt."""

    __tablename__ = "sources"
    __table_args__ = (UniqueConstraint("site_id", "url_key"), TABLE_OPTIONS)

    source_id: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.site_id"))
    url_key: Mapped[bytes] = mapped_column(Hash)
    url: Mapped[str] = mapped_column(CleanText)
    kind: Mapped[str] = mapped_column(String(20), comment="robots, sitemap, feed, section")
    named_by: Mapped[str] = mapped_column(
        String(20), comment="site, robots, well_known, alternate, index"
    )
    read_at: Mapped[datetime | None] = mapped_column(UTC, comment="last read well")
    tried_at: Mapped[datetime | None] = mapped_column(UTC)
    failures: Mapped[int] = mapped_column(default=0, comment="in a row")
    error: Mapped[str | None] = mapped_column(CleanText, comment="of the last try; null if well")
    links: Mapped[int] = mapped_column(default=0, comment="links in scope when last read")
    etag: Mapped[str | None] = mapped_column(CleanText)
    last_modified: Mapped[str | None] = mapped_column(CleanText)
    ttl: Mapped[int | None] = mapped_column(comment="seconds, as a feed asks")


_SOURCES: Final = cast(Table, SourceRow.__table__)


@dataclass(frozen=True, slots=True)
class Source:
    """One source of a site, and how its last readings went."""

    source_id: int
    url: str
    kind: str  # robots | sitemap | feed | section
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
    mine = (_SOURCES.c.site_id == site_id, _SOURCES.c.url_key == row["url_key"])
    known = select(_SOURCES.c.source_id).where(*mine)
    found = conn.execute(known).scalar()
    if found is None:
        fresh = {**row, "kind": kind, "named_by": named_by, "failures": 0, "links": 0}
        insert_ignore(conn, _SOURCES, [fresh])
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
    conn.execute(update(_SOURCES).where(_SOURCES.c.source_id == source_id).values(**said))


def record_not_modified(conn: Connection, source_id: int, now: datetime) -> None:
    """A source said 304: it is well, and names what it named before."""
    said = {"read_at": now, "tried_at": now, "failures": 0, "error": None}
    conn.execute(update(_SOURCES).where(_SOURCES.c.source_id == source_id).values(**said))


def record_failure(conn: Connection, source_id: int, error: str, now: datetime) -> None:
    """A source could not be read; its validators stay, as they are of what was read well."""
    said = {"tried_at": now, "failures": _SOURCES.c.failures + 1, "error": error}
    conn.execute(update(_SOURCES).where(_SOURCES.c.source_id == source_id).values(**said))


def forget(conn: Connection, source_id: int) -> None:
    """A source that the site no longer has: its row goes, what it found stays."""
    conn.execute(delete(_SOURCES).where(_SOURCES.c.source_id == source_id))


def list_sources(conn: Connection, site_id: int) -> list[Source]:
    """The sources of a site, in the order in which they were noted."""
    columns = (_SOURCES.c[name] for name in Source.__dataclass_fields__)
    mine = select(*columns).where(_SOURCES.c.site_id == site_id)
    return [Source(**row._asdict()) for row in conn.execute(mine.order_by(_SOURCES.c.source_id))]
