"""The sites that the database knows, by number, and when each is visited next."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, cast

from sqlalchemy import (
    Connection,
    String,
    Table,
    UniqueConstraint,
    select,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column

from models.db.statements import insert_ignore
from models.db.types import TABLE_OPTIONS, UTC, Base, CleanText, Key
from models.sites.config import Site


class SiteRow(Base):
    """One site, named as its TOML file is."""

    __tablename__ = "sites"
    __table_args__ = (UniqueConstraint("name"), TABLE_OPTIONS)

    site_id: Mapped[int] = mapped_column(Key, primary_key=True, autoincrement=True)
    name: Mapped[str] = mapped_column(String(100), comment="the TOML file's name without .toml")
    start_url: Mapped[str] = mapped_column(CleanText)
    added_at: Mapped[datetime] = mapped_column(UTC)
    next_due_at: Mapped[datetime | None] = mapped_column(UTC, comment="when visit looks again")
    failures: Mapped[int] = mapped_column(default=0, comment="visits that failed, in a row")


_SITES: Final = cast(Table, SiteRow.__table__)


@dataclass(frozen=True, slots=True)
class KnownSite:
    """A site as the database knows it."""

    site_id: int
    name: str
    start_url: str
    added_at: datetime
    next_due_at: datetime | None  # None: never visited
    failures: int


def ensure_site(conn: Connection, site: Site, now: datetime) -> int:
    """The site's number; it is added where the database does not know it yet."""
    row = {"name": site.name, "start_url": site.start, "added_at": now, "failures": 0}
    known = select(_SITES.c.site_id, _SITES.c.start_url).where(_SITES.c.name == site.name)
    found = conn.execute(known).first()
    if found is None:
        insert_ignore(conn, _SITES, [row])
        found = conn.execute(known).one()
    if found.start_url != site.start:  # the TOML has the say
        moved = update(_SITES).where(_SITES.c.site_id == found.site_id)
        conn.execute(moved.values(start_url=site.start))
    return int(found.site_id)


def known_sites(conn: Connection, name: str | None = None) -> list[KnownSite]:
    """All sites that the database knows, by name; or the one of that name, if it does."""
    query = select(*(_SITES.c[field] for field in KnownSite.__dataclass_fields__))
    if name is not None:
        query = query.where(_SITES.c.name == name)
    return [KnownSite(**row._asdict()) for row in conn.execute(query.order_by("name"))]


def names(conn: Connection) -> dict[int, str]:
    """Names of all sites by number."""
    rows = conn.execute(select(_SITES.c.site_id, _SITES.c.name))
    return {row.site_id: row.name for row in rows}


def schedule(
    conn: Connection, site_id: int, next_due_at: datetime, *, failed: bool = False
) -> None:
    """When to visit a site again; a visit that failed adds to its failures in a row."""
    failures = _SITES.c.failures + 1 if failed else 0
    mine = update(_SITES).where(_SITES.c.site_id == site_id)
    conn.execute(mine.values(next_due_at=next_due_at, failures=failures))
