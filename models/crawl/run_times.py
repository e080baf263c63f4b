"""When the runs of sites were, and how long they took."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, func, select

from models.crawl.run_rows import RUNS

_LONGEST: Final = timedelta(days=2)  # of a run


def visit_seconds(conn: Connection, runs: int) -> dict[int, list[float]]:
    """Seconds that the visits took that ended well, by site_id, the newest first.

    Only the newest `runs` of all runs are looked at, whatever they are of.
    """
    looked_at = (
        select(RUNS.c.run_id).order_by(RUNS.c.run_id.desc()).limit(runs).subquery("looked_at")
    )
    query = (
        select(RUNS.c.site_id, RUNS.c.started_at, RUNS.c.finished_at)
        .join(looked_at, RUNS.c.run_id == looked_at.c.run_id)
        .where(RUNS.c.kind == "visit", RUNS.c.status == "done", RUNS.c.site_id.is_not(None))
        .order_by(RUNS.c.run_id.desc())
    )
    found: dict[int, list[float]] = defaultdict(list)
    for site_id, started_at, finished_at in conn.execute(query):
        found[site_id].append(max(0.0, (finished_at - started_at).total_seconds()))
    return dict(found)


def visited_since(conn: Connection, site_id: int, since: datetime) -> bool:
    """Whether a visit of the site that began after `since` ended well."""
    query = select(RUNS.c.run_id).where(
        RUNS.c.site_id == site_id,
        RUNS.c.started_at > since,
        RUNS.c.kind == "visit",
        RUNS.c.status == "done",
    )
    return conn.execute(query.limit(1)).first() is not None


def last_fetching(conn: Connection, site_ids: Sequence[int], since: datetime) -> datetime | None:
    """When a run that fetches was last known to work on one of these sites, if after `since`."""
    query = select(func.max(RUNS.c.alive_at)).where(
        RUNS.c.site_id.in_(site_ids),
        RUNS.c.started_at > since - _LONGEST,  # for the index
        RUNS.c.alive_at > since,
        RUNS.c.kind != "reextract",
    )
    return conn.execute(query).scalar()
