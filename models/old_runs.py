"""Runs that are old and that nothing refers to any more: most runs of a site find nothing new.

A run that fetched a page stays as long as its captures do. The newest runs of each site stay in
any case: its monitors look back on them.
"""

from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import Final

from sqlalchemy import ColumnElement, Connection, Select, Table, delete, exists, select

from models.archive.captures import CAPTURES
from models.batches import batched
from models.crawl.run_rows import OUTCOMES, RUN_COUNTS, RUNS, SITE_EVENTS
from models.db.database import Database
from models.memory.templates import TEMPLATES
from models.monitoring.alerts import ALERTS
from models.monitoring.health import SITE_HEALTH
from models.sites.leases import LEASES
from models.sites.registry import SITES

NEWEST: Final = 500  # runs of a site that stay, however old: more than its monitors look back on
_BATCH: Final = 1000  # rows a transaction: a crawl beside it waits for no longer than that
_SOME: Final = 50  # runs whose outcomes are looked for at once
_REFERENCES: Final[tuple[tuple[Table, str], ...]] = (
    (CAPTURES, "run_id"),
    (SITE_EVENTS, "run_id"),
    (TEMPLATES, "first_run"),
    (SITE_HEALTH, "run_id"),
    (ALERTS, "run_id"),
    (LEASES, "run_id"),
)


def count(conn: Connection, before: datetime, outcomes_before: datetime | None) -> int:
    """How many runs `remove` would remove, once the outcomes of that age are gone."""
    return sum(1 for _ in _numbers(conn, before, outcomes_before))


def remove(database: Database, before: datetime) -> int:
    """Removes them with their counts, in batches; returns how many. May be stopped at any time."""
    with database.reading() as conn:
        numbers = list(_numbers(conn, before, None))
    removed = 0
    for batch in batched(numbers, _BATCH):
        removed += database.patiently(partial(_delete, numbers=batch, before=before))
    return removed


def remove_outcomes(database: Database, before: datetime) -> int:
    """Removes the outcomes of runs that were over by then; their counts stay."""
    with database.reading() as conn:
        numbers = list(conn.scalars(select(RUNS.c.run_id).where(is_over(before))))
    removed = 0
    for some in batched(numbers, _SOME):
        while gone := database.patiently(partial(_delete_outcomes, numbers=some)):
            removed += gone
    return removed


def is_over(before: datetime) -> ColumnElement[bool]:
    """A run ended before that time."""
    return (RUNS.c.status != "running") & (RUNS.c.finished_at < before)


def _numbers(conn: Connection, before: datetime, outcomes_before: datetime | None) -> Iterator[int]:
    """Numbers of the runs that may go, site by site."""
    for site_id in [None, *conn.scalars(select(SITES.c.site_id).order_by(SITES.c.site_id))]:
        ours = RUNS.c.site_id.is_(None) if site_id is None else RUNS.c.site_id == site_id
        newest = select(RUNS.c.run_id).where(ours).order_by(RUNS.c.run_id.desc())
        first_kept = conn.scalars(newest.offset(NEWEST - 1).limit(1)).first()
        if first_kept is not None:
            mine = select(RUNS.c.run_id).where(ours, RUNS.c.run_id < first_kept)
            yield from conn.scalars(_unreferenced(mine, before, outcomes_before))


def _unreferenced(
    runs: Select[int], before: datetime, outcomes_before: datetime | None
) -> Select[int]:
    outcomes: ColumnElement[bool] = exists().where(OUTCOMES.c.run_id == RUNS.c.run_id)
    if outcomes_before is not None:
        outcomes = outcomes & ~is_over(outcomes_before)
    references = [
        exists().where(table.c[name] == RUNS.c.run_id).correlate(RUNS)
        for table, name in _REFERENCES
    ]
    return runs.where(is_over(before), ~outcomes, *(~reference for reference in references))


def _delete(conn: Connection, numbers: list[int], before: datetime) -> int:
    mine = select(RUNS.c.run_id).where(RUNS.c.run_id.in_(numbers))
    still = list(conn.scalars(_unreferenced(mine, before, None).with_for_update()))
    if still:
        conn.execute(delete(RUN_COUNTS).where(RUN_COUNTS.c.run_id.in_(still)))
        conn.execute(delete(RUNS).where(RUNS.c.run_id.in_(still)))
    return len(still)


def _delete_outcomes(conn: Connection, numbers: list[int]) -> int:
    query = select(OUTCOMES.c.run_id, OUTCOMES.c.url_id).where(OUTCOMES.c.run_id.in_(numbers))
    some = conn.execute(query.limit(_BATCH)).all()
    for run_id in sorted({row.run_id for row in some}):
        urls = [row.url_id for row in some if row.run_id == run_id]
        mine = OUTCOMES.c.run_id == run_id
        conn.execute(delete(OUTCOMES).where(mine, OUTCOMES.c.url_id.in_(urls)))
    return len(some)
