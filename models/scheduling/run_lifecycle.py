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

LEASE: Final = timedelta(minutes=10)  # of claims and of the site; renewed by every heartbeat
HEARTBEAT_TIMEOUT: Final = timedelta(minutes=2)  # after that without one, a run is taken for dead


def begin(conn: Connection, site: Site, kind: str, owner: str, now: datetime) -> Run:
    """A new run that holds the site; raises SiteBusy where another does.

    All runs that fetch share one lease: two at once would ask the site twice as often as it
    was promised. What the run claimed whose lease this one takes over is free at once: a process
    may die after the last look for dead runs.
    """
    site_id, lease = registry.ensure_site(conn, site, now), lease_of(kind)
    former = leases.acquire(conn, site_id, lease, owner, None, now + LEASE, now)
    if former is not None:
        frontier.release(conn, former)
    run_id = runs.open_run(conn, kind, site_id, owner, now)
    leases.acquire(conn, site_id, lease, owner, run_id, now + LEASE, now)
    revisit_yield = revisit_policy.revisit_yield(conn, site_id, now)
    return Run(run_id, kind, site, site_id, owner, now, revisit_yield)


def lease_of(kind: str) -> str:
    """What a run of that kind holds of its site."""
    return kind if kind == "reextract" else "fetch"


def working_owner(conn: Connection, site_id: int, kind: str, now: datetime) -> str | None:
    """Who surely works on the site: it gave a sign of life of late. A run of `kind` would fail.

    Whether the owner of an older lease is dead is for the run that wants it to find out.
    """
    fresh = now + LEASE - HEARTBEAT_TIMEOUT
    owner = leases.owner_of(conn, site_id, lease_of(kind), fresh)
    return None if owner is None or is_dead(owner) else owner


def sites_at_work(conn: Connection, kind: str, now: datetime) -> frozenset[int]:
    """Numbers of all sites that somebody works on, as `working_owner` knows it."""
    owners = leases.owners(conn, lease_of(kind), now + LEASE - HEARTBEAT_TIMEOUT)
    return frozenset(site_id for site_id, owner in owners.items() if not is_dead(owner))


def heartbeat(conn: Connection, run: Run, now: datetime) -> bool:
    """A sign of life for the run and all it holds; False where another run took the site."""
    runs.heartbeat(conn, run.run_id, now)
    frontier.extend(conn, run.owner, now + LEASE)
    return leases.renew(conn, run.site_id, lease_of(run.kind), run.owner, now + LEASE)


def end(conn: Connection, run: Run, status: str, reason: str | None, now: datetime) -> None:
    """Closes the run: 'done', 'failed' or 'aborted'; what it claimed and left is free again."""
    # the lease before the claims, everywhere: whoever takes a site over does the same
    leases.release(conn, run.site_id, lease_of(run.kind), run.owner)
    frontier.release(conn, run.owner)
    runs.close_run(conn, run.run_id, status, reason, now)


def abort(conn: Connection, run: Run, reason: str, now: datetime) -> None:
    """Closes the run as 'aborted' unless it is closed; what it claimed is free again."""
    if runs.is_running(conn, run.run_id):
        end(conn, run, "aborted", reason, now)


def reap_dead_runs(conn: Connection, now: datetime) -> list[int]:
    """Marks dead runs as aborted and frees what they held and claimed; returns run_ids."""
    dead = runs.abort_dead(conn, now, HEARTBEAT_TIMEOUT)
    for owner in runs.owners_of(conn, dead):
        leases.release_all(conn, owner)
        frontier.release(conn, owner)
    return dead
