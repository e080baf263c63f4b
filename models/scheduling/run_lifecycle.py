"""A run's life in the database: how it begins, its signs of life, its end, and the dead."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from models.crawl import frontier, runs
from models.crawl.run import Run
from models.db.owners import is_dead
from models.scheduling import revisit_policy
from models.sites import leases, registry
from models.sites.config import Site

LEASE: Final = timedelta(minutes=10)  # of claims and of the site; renewed by every beat
SILENCE: Final = timedelta(minutes=2)  # without a beat for so long, a run is taken for dead


def begin(connection: Connection, site: Site, kind: str, holder: str, now: datetime) -> Run:
    """A new run that holds the site; raises SiteBusy where another does.

    All runs that fetch share one lease: two at once would ask the site twice as often as it
    was promised.
    """
    site_id, lease = registry.site_id_of(connection, site, now), lease_of(kind)
    leases.hold(connection, site_id, lease, holder, None, now + LEASE, now)
    run_id = runs.open_run(connection, kind, site_id, holder, now)
    leases.hold(connection, site_id, lease, holder, run_id, now + LEASE, now)
    earned = revisit_policy.earning(connection, site_id, now)
    return Run(run_id, kind, site, site_id, holder, earned)


def lease_of(kind: str) -> str:
    """What a run of that kind holds of its site."""
    return kind if kind == "reextract" else "fetch"


def held_by(connection: Connection, site_id: int, kind: str, now: datetime) -> str | None:
    """Who surely works on the site: it gave a sign of life of late. A run of `kind` would fail.

    Whether the holder of an older lease is dead is for the run that wants it to find out.
    """
    fresh = now + LEASE - SILENCE
    holder = leases.holder_of(connection, site_id, lease_of(kind), fresh)
    return None if holder is None or is_dead(holder) else holder


def beat(connection: Connection, run: Run, now: datetime) -> bool:
    """A sign of life for the run and all it holds; False where another run took the site."""
    runs.beat(connection, run.run_id, now)
    frontier.renew(connection, run.holder, now + LEASE)
    return leases.renew(connection, run.site_id, lease_of(run.kind), run.holder, now + LEASE)


def end(connection: Connection, run: Run, status: str, reason: str | None, now: datetime) -> None:
    """Closes the run as 'done' or 'failed'; what it claimed and did not finish is free again."""
    frontier.release(connection, run.holder)
    leases.let_go(connection, run.site_id, lease_of(run.kind), run.holder)
    runs.close_run(connection, run.run_id, status, reason, now)


def bury_the_dead(connection: Connection, now: datetime) -> list[int]:
    """Marks dead runs as aborted and frees what they held and claimed; returns run_ids."""
    dead = runs.sweep(connection, now, SILENCE)
    for holder in runs.holders(connection, dead):
        frontier.release(connection, holder)
        leases.let_go_all(connection, holder)
    return dead
