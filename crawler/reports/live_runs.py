"""The runs that are under way, and those that ended lately."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, select

from models.crawl import run_notes, runs
from models.crawl.run_notes import SignOfLife
from models.views.run_views import RUNS

NEWEST: Final = 500  # runs among which those that ended last are sought
_VIEW: Final = RUNS.table()


@dataclass(frozen=True, slots=True)
class LiveRuns:
    """Rows of v1_runs: what runs, the newest first, and what ended, the last first."""

    running: list[dict[str, Any]]
    signs: dict[int, SignOfLife]  # of each that runs
    ended: list[dict[str, Any]]
    at: datetime


def live_runs(conn: Connection, ended: int, now: datetime) -> LiveRuns:
    """All that run, and the last `ended` of the NEWEST runs that are over."""
    under_way = [dict(row) for row in conn.execute(_rows_of(run_notes.running(conn))).mappings()]
    newest = runs.newest(conn, None, NEWEST)
    over = (
        select(_VIEW.c.run_id)
        .where(_VIEW.c.run_id.in_(newest), _VIEW.c.status != "running")
        .order_by(_VIEW.c.finished_at.desc(), _VIEW.c.run_id.desc())
        .limit(ended)
    )
    numbers = list(conn.scalars(over))
    rows = {row["run_id"]: dict(row) for row in conn.execute(_rows_of(numbers)).mappings()}
    signs = run_notes.signs_of_life(conn, [run["run_id"] for run in under_way])
    return LiveRuns(under_way, signs, [rows[number] for number in numbers], now)


def _rows_of(numbers: list[int]) -> Any:
    return select(_VIEW).where(_VIEW.c.run_id.in_(numbers)).order_by(_VIEW.c.run_id.desc())
