"""Leases: one run at a time for a site and a kind of run."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, Connection, ForeignKey, String, delete, select, update

from models.db.owners import is_dead
from models.db.statements import insert_ignore
from models.db.types import UTC, column, one_of, table
from models.errors import SiteBusy
from models.sites.registry import names

LEASE_KINDS: Final = ("fetch", "reextract")

LEASES: Final = table(
    "leases",
    column("site_id", ForeignKey("sites.site_id"), primary_key=True, comment="site that is held"),
    column("kind", String(10), primary_key=True, comment="fetch | reextract: runs it keeps out"),
    column("owner", String(200), comment="host, process and a random part"),
    column(
        "run_id", ForeignKey("runs.run_id"), nullable=True, index=True, comment="run that holds it"
    ),
    column("leased_until", UTC, comment="when the lease frees itself"),
    one_of("kind", LEASE_KINDS),
    comment="One run at a time for a site and a kind of run; a dead run's lease runs out.",
)

LONGEST_LEASE: Final = timedelta(days=1)  # none is given out for longer


def acquire(
    conn: Connection,
    site_id: int,
    kind: str,
    owner: str,
    run_id: int | None,
    until: datetime,
    now: datetime,
) -> str | None:
    """Takes the lease of a site for one kind of run, or takes over one that ran out or whose
    owner is dead; returns that owner.

    Raises SiteBusy where another owner's lease still runs.
    """
    lease = {"owner": owner, "run_id": run_id, "leased_until": until}
    mine = (LEASES.c.site_id == site_id, LEASES.c.kind == kind)
    there = None
    while there is None:  # it was given back between the two statements
        insert_ignore(conn, LEASES, [{"site_id": site_id, "kind": kind, **lease}])
        there = conn.execute(select(LEASES).where(*mine).with_for_update()).first()
    held = now < there.leased_until <= now + LONGEST_LEASE  # beyond: of a clock that was wrong
    theirs = there.owner != owner and held
    if theirs and not is_dead(there.owner):
        raise SiteBusy(_busy(names(conn)[site_id], there.owner, there.run_id, there.leased_until))
    conn.execute(update(LEASES).where(*mine).values(**lease))
    return None if there.owner == owner else str(there.owner)


def renew(conn: Connection, site_id: int, kind: str, owner: str, until: datetime) -> bool:
    """Holds on to a lease; False where another run has taken it over: then stop."""
    mine = update(LEASES).where(*_held_by(site_id, kind, owner))
    return conn.execute(mine.values(leased_until=until)).rowcount == 1


def release(conn: Connection, site_id: int, kind: str, owner: str) -> bool:
    """Gives the lease back; False where it was no longer ours."""
    return conn.execute(delete(LEASES).where(*_held_by(site_id, kind, owner))).rowcount == 1


def release_all(conn: Connection, owner: str) -> int:
    """Gives back every lease of an owner that is dead; returns how many."""
    return conn.execute(delete(LEASES).where(LEASES.c.owner == owner)).rowcount


def owner_of(conn: Connection, site_id: int, kind: str, now: datetime) -> str | None:
    """Who holds a site for a kind of run now."""
    mine = (LEASES.c.site_id == site_id, LEASES.c.kind == kind)
    held = LEASES.c.leased_until.between(now, now + LONGEST_LEASE)
    return conn.execute(select(LEASES.c.owner).where(*mine, held)).scalar()


def owners(conn: Connection, kind: str, now: datetime) -> dict[int, str]:
    """Who holds each site for a kind of run now, by site_id."""
    held = LEASES.c.leased_until.between(now, now + LONGEST_LEASE)
    query = select(LEASES.c.site_id, LEASES.c.owner).where(LEASES.c.kind == kind, held)
    return {row.site_id: row.owner for row in conn.execute(query)}


def _held_by(site_id: int, kind: str, owner: str) -> tuple[ColumnElement[bool], ...]:
    return (LEASES.c.site_id == site_id, LEASES.c.kind == kind, LEASES.c.owner == owner)


def _busy(name: str, owner: str, run_id: int | None, until: datetime) -> str:
    run = "" if run_id is None else f" (run {run_id})"
    return f"{name} is held by {owner}{run} until {until:%H:%M} UTC"
