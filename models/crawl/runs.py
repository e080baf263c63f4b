"""Runs, the one outcome of each URL that a run touched, and what a run noticed of a site."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import takewhile
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from models.crawl.run_rows import OUTCOMES, RUN_COUNTS, RUNS, SITE_EVENTS
from models.db.owners import is_alive, is_dead
from models.db.statements import upsert
from models.outcomes import ERRORS, Outcome

_MAX_RESUMED: Final = 100  # stopped runs in a row; a page touched before them is read again
_DISAGREED: Final = "disagreed"  # in RUNS.c.readings, beside the ways
AHEAD: Final = timedelta(hours=1)  # clocks of hosts differ by seconds, not by this


def open_run(conn: Connection, kind: str, site_id: int | None, owner: str, now: datetime) -> int:
    """The new run's run_id; its status is 'running'."""
    values = {
        "kind": kind,
        "site_id": site_id,
        "owner": owner,
        "started_at": now,
        "alive_at": now,
        "status": "running",
    }
    key = conn.execute(insert(RUNS).values(values)).inserted_primary_key
    if key is None:
        raise RuntimeError("the database gave the run no number")
    return int(key[0])


def heartbeat(conn: Connection, run_id: int, now: datetime) -> None:
    """Notes a sign of life; a run without one for long is taken for dead by `sweep`."""
    conn.execute(update(RUNS).where(RUNS.c.run_id == run_id).values(alive_at=now))


def record(
    conn: Connection,
    run_id: int,
    url_id: int,
    outcome: Outcome,
    reason: str | None,
    http_status: int | None,
    now: datetime,
) -> None:
    """Stores the outcome of a URL; a URL asked for twice in a run keeps the later outcome."""
    record_all(conn, run_id, [(url_id, http_status, now, outcome, reason)])


def record_all(
    conn: Connection,
    run_id: int,
    came: Sequence[tuple[int, int | None, datetime, Outcome, str | None]],
) -> None:
    """`record` for many: url_id, HTTP status, time, outcome and reason of each."""
    rows = [
        {
            "run_id": run_id,
            "url_id": url_id,
            "outcome": Outcome(outcome).value,
            "reason": reason,
            "http_status": status,
            "at": at,
        }
        for url_id, status, at, outcome, reason in came
    ]
    upsert(conn, OUTCOMES, rows, ["outcome", "reason", "http_status", "at"])


def close_run(
    conn: Connection, run_id: int, status: str, reason: str | None, now: datetime
) -> None:
    """Ends a run as 'done', 'failed' or 'aborted' and keeps its counts."""
    conn.execute(
        update(RUNS)
        .where(RUNS.c.run_id == run_id)
        .values(status=status, reason=reason, finished_at=now, alive_at=now)
    )
    _keep_counts(conn, run_id)


def is_running(conn: Connection, run_id: int) -> bool:
    """Whether nobody closed the run yet."""
    status = select(RUNS.c.status).where(RUNS.c.run_id == run_id)
    return conn.execute(status).scalar() == "running"


def abort_dead(conn: Connection, now: datetime, silence: timedelta) -> list[int]:
    """Marks runs whose process is dead, or that gave no sign of life for `silence`, as aborted.

    A process that is seen to run on this host is silent for a reason: the database was away.

    Returns their run_ids. They are held to have ended at their last sign of life. Two
    sweeps at once do no harm.
    """
    running = select(RUNS.c.run_id, RUNS.c.alive_at, RUNS.c.owner).where(RUNS.c.status == "running")
    ended = [
        row.run_id
        for row in conn.execute(running.order_by(RUNS.c.run_id))
        if is_dead(row.owner)
        or (_timed_out(row.alive_at, now, silence) and not is_alive(row.owner))
    ]
    for run_id in ended:
        conn.execute(
            update(RUNS)
            .where(RUNS.c.run_id == run_id, RUNS.c.status == "running")
            .values(
                status="aborted",
                reason="killed: it gave no sign of life any more",
                finished_at=RUNS.c.alive_at,
            )
        )
        _keep_counts(conn, run_id)
    return ended


def event(
    conn: Connection,
    site_id: int,
    run_id: int | None,
    kind: str,
    detail: Mapping[str, object],
    now: datetime,
) -> None:
    """Notes something that a run noticed of a site."""
    conn.execute(
        insert(SITE_EVENTS).values(
            site_id=site_id, run_id=run_id, kind=kind, detail=dict(detail), at=now
        )
    )


class PagesRead(NamedTuple):
    """How a run's pages were read."""

    ways: dict[str, int]  # pages read off templates, and searched, by reason; each page once
    disagreed: int  # of the pages that were read both ways, those whose template proved wrong


def note_readings(
    conn: Connection, run_id: int, ways: Mapping[str, int], disagreed: int = 0
) -> None:
    """Notes how a run's pages were read, see `PagesRead`."""
    noted = {**ways, **({_DISAGREED: disagreed} if disagreed else {})}
    conn.execute(update(RUNS).where(RUNS.c.run_id == run_id).values(readings=noted))


def readings(conn: Connection, run_id: int) -> PagesRead:
    """What `note_readings` noted; without ways where a run read no page, or was killed."""
    found = conn.execute(select(RUNS.c.readings).where(RUNS.c.run_id == run_id)).scalar()
    ways = dict(found or {})
    return PagesRead(disagreed=ways.pop(_DISAGREED, 0), ways=ways)


def owners_of(conn: Connection, run_ids: Sequence[int]) -> list[str]:
    """Who held these runs: their claims can be given back."""
    query = select(RUNS.c.owner).where(RUNS.c.run_id.in_(run_ids))
    return list(conn.execute(query).scalars()) if run_ids else []


def outcomes_of(conn: Connection, url_id: int) -> Sequence[Row[Any]]:
    """What came of a URL in each run, the first first: run_id, kind, outcome, reason, ..."""
    query = (
        select(RUNS.c.kind, OUTCOMES)
        .join_from(RUNS, OUTCOMES, RUNS.c.run_id == OUTCOMES.c.run_id)
        .where(OUTCOMES.c.url_id == url_id)
        .order_by(OUTCOMES.c.at, OUTCOMES.c.run_id)
    )
    return conn.execute(query).all()


def newest(conn: Connection, site_id: int | None, limit: int) -> list[int]:
    """Numbers of the newest runs, of a site or of all, the newest first."""
    query = select(RUNS.c.run_id).order_by(RUNS.c.run_id.desc()).limit(limit)
    if site_id is not None:
        query = query.where(RUNS.c.site_id == site_id)
    return list(conn.scalars(query))


def counts(conn: Connection, run_id: int) -> dict[Outcome, int]:
    """URLs by outcome, of a run that is under way or over."""
    live = (
        select(OUTCOMES.c.outcome, func.count())
        .where(OUTCOMES.c.run_id == run_id)
        .group_by(OUTCOMES.c.outcome)
    )
    kept = select(RUN_COUNTS.c.outcome, RUN_COUNTS.c.urls).where(RUN_COUNTS.c.run_id == run_id)
    rows = conn.execute(kept).all() or conn.execute(live).all()
    return {Outcome(outcome): int(urls) for outcome, urls in rows}


def resume(conn: Connection, run_id: int, site_id: int, kind: str, plan: str) -> list[int]:
    """Notes what a run is to do, and returns the runs that did a part of the same.

    They are the last before it, as long as they have its plan and did not end well: what was
    done before another plan ran may be undone by it.
    """
    mine = update(RUNS).where(RUNS.c.run_id == run_id)
    conn.execute(mine.values(plan=plan))
    before = select(RUNS.c.run_id, RUNS.c.status, RUNS.c.plan).where(
        RUNS.c.site_id == site_id,
        RUNS.c.kind == kind,
        RUNS.c.run_id < run_id,
        RUNS.c.plan.is_not(None),  # else it was stopped before it did anything
    )
    rows = conn.execute(before.order_by(RUNS.c.run_id.desc()).limit(_MAX_RESUMED)).all()
    part = takewhile(lambda row: row.plan == plan and row.status != "done", rows)
    return [row.run_id for row in part]


def forbid_resume(conn: Connection, site_id: int) -> None:
    """Has no later run go on with what a stopped one did: it may be undone by now."""
    planned = (RUNS.c.site_id == site_id, RUNS.c.plan.is_not(None))
    stopped = update(RUNS).where(*planned, RUNS.c.status != "running")
    conn.execute(stopped.values(plan=None))


def finished_urls(conn: Connection, run_ids: Sequence[int], url_ids: Sequence[int]) -> set[int]:
    """Those of the URLs that have an outcome in one of the runs, and not an error."""
    if not run_ids or not url_ids:
        return set()
    query = select(OUTCOMES.c.url_id).where(
        OUTCOMES.c.run_id.in_(run_ids),
        OUTCOMES.c.url_id.in_(url_ids),
        OUTCOMES.c.outcome.not_in(sorted(ERRORS)),
    )
    return set(conn.execute(query).scalars())


def _timed_out(alive_at: datetime, now: datetime, silence: timedelta) -> bool:
    """A sign of life from hours to come is of a clock that was wrong, and says nothing."""
    return alive_at < now - silence or alive_at > now + AHEAD


def _keep_counts(conn: Connection, run_id: int) -> None:
    counted = (
        select(OUTCOMES.c.run_id, OUTCOMES.c.outcome, func.count())
        .where(OUTCOMES.c.run_id == run_id)
        .group_by(OUTCOMES.c.run_id, OUTCOMES.c.outcome)
    )
    conn.execute(delete(RUN_COUNTS).where(RUN_COUNTS.c.run_id == run_id))
    conn.execute(insert(RUN_COUNTS).from_select(["run_id", "outcome", "urls"], counted))
