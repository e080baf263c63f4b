"""The sites that the database knows, by number; what is due, and who holds a site."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, cast

from sqlalchemy import (
    ColumnElement,
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

from models.db.owners import is_dead
from models.db.statements import insert_ignore
from models.db.types import TABLE_OPTIONS, UTC, Base, CleanText, Key
from models.errors import SiteBusy
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


class LeaseRow(Base):
    """One run at a time for a site and a kind of run; a dead run's lease runs out."""

    __tablename__ = "leases"

    site_id: Mapped[int] = mapped_column(ForeignKey("sites.site_id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(10), primary_key=True, comment="fetch | reextract")
    holder: Mapped[str] = mapped_column(String(200), comment="host, process and a random part")
    run_id: Mapped[int | None] = mapped_column(ForeignKey("runs.run_id"))
    held_until: Mapped[datetime] = mapped_column(UTC)


LONGEST_LEASE: Final = timedelta(days=1)  # none is given out for longer
_SITES: Final = cast(Table, SiteRow.__table__)
_LEASES: Final = cast(Table, LeaseRow.__table__)


@dataclass(frozen=True, slots=True)
class KnownSite:
    """A site as the database knows it."""

    site_id: int
    name: str
    start_url: str
    added_at: datetime
    next_due_at: datetime | None  # None: never visited
    failures: int


def site_id_of(c: Connection, site: Site, now: datetime) -> int:
    """The site's number; it is added where the database does not know it yet."""
    row = {"name": site.name, "start_url": site.start, "added_at": now, "failures": 0}
    known = select(_SITES.c.site_id, _SITES.c.start_url).where(_SITES.c.name == site.name)
    found = c.execute(known).first()
    if found is None:
        insert_ignore(c, _SITES, [row])
        found = c.execute(known).one()
    if found.start_url != site.start:  # the TOML has the say
        moved = update(_SITES).where(_SITES.c.site_id == found.site_id)
        c.execute(moved.values(start_url=site.start))
    return int(found.site_id)


def sites(c: Connection, name: str | None = None) -> list[KnownSite]:
    """All sites that the database knows, by name; or the one of that name, if it does."""
    query = select(*(_SITES.c[field] for field in KnownSite.__dataclass_fields__))
    if name is not None:
        query = query.where(_SITES.c.name == name)
    return [KnownSite(**row._asdict()) for row in c.execute(query.order_by("name"))]


def names(c: Connection) -> dict[int, str]:
    """Names of all sites by number."""
    rows = c.execute(select(_SITES.c.site_id, _SITES.c.name))
    return {row.site_id: row.name for row in rows}


def schedule(c: Connection, site_id: int, next_due_at: datetime, *, failed: bool = False) -> None:
    """When to visit a site again; a visit that failed adds to its failures in a row."""
    failures = _SITES.c.failures + 1 if failed else 0
    mine = update(_SITES).where(_SITES.c.site_id == site_id)
    c.execute(mine.values(next_due_at=next_due_at, failures=failures))


def hold(
    c: Connection,
    site_id: int,
    kind: str,
    holder: str,
    run_id: int | None,
    until: datetime,
    now: datetime,
) -> None:
    """Takes the lease of a site for one kind of run, or takes over one that ran out or whose
    holder is dead.

    Raises SiteBusy where another holder's lease still runs.
    """
    lease = {"holder": holder, "run_id": run_id, "held_until": until}
    insert_ignore(c, _LEASES, [{"site_id": site_id, "kind": kind, **lease}])
    mine = (_LEASES.c.site_id == site_id, _LEASES.c.kind == kind)
    there = c.execute(select(_LEASES).where(*mine).with_for_update()).one()
    held = now < there.held_until <= now + LONGEST_LEASE  # beyond: of a clock that was wrong
    theirs = there.holder != holder and held
    if theirs and not is_dead(there.holder):
        raise SiteBusy(_busy(names(c)[site_id], there.holder, there.run_id, there.held_until))
    c.execute(update(_LEASES).where(*mine).values(**lease))


def renew(c: Connection, site_id: int, kind: str, holder: str, until: datetime) -> bool:
    """Holds on to a lease; False where another run has taken it over: then stop."""
    mine = update(_LEASES).where(*_held_by(site_id, kind, holder))
    return c.execute(mine.values(held_until=until)).rowcount == 1


def let_go(c: Connection, site_id: int, kind: str, holder: str) -> bool:
    """Gives the lease back; False where it was no longer ours."""
    return c.execute(delete(_LEASES).where(*_held_by(site_id, kind, holder))).rowcount == 1


def let_go_all(c: Connection, holder: str) -> int:
    """Gives back every lease of a holder that is dead; returns how many."""
    return c.execute(delete(_LEASES).where(_LEASES.c.holder == holder)).rowcount


def holder_of(c: Connection, site_id: int, kind: str, now: datetime) -> str | None:
    """Who holds a site for a kind of run now."""
    mine = (_LEASES.c.site_id == site_id, _LEASES.c.kind == kind)
    held = _LEASES.c.held_until.between(now, now + LONGEST_LEASE)
    return c.execute(select(_LEASES.c.holder).where(*mine, held)).scalar()


def _held_by(site_id: int, kind: str, holder: str) -> tuple[ColumnElement[bool], ...]:
    return (_LEASES.c.site_id == site_id, _LEASES.c.kind == kind, _LEASES.c.holder == holder)


def _busy(name: str, holder: str, run_id: int | None, until: datetime) -> str:
    run = "" if run_id is None else f" (run {run_id})"
    return f"{name} is held by {holder}{run} until {until:%H:%M} UTC"
