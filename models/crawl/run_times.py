"""How long the runs of sites took."""

from collections import defaultdict

from sqlalchemy import Connection, select

from models.crawl.run_rows import RUNS


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
