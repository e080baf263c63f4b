"""Runs as people and programs read them: the newest, or one with its outcomes."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from sqlalchemy import Connection, func, select

from crawler.reports.colors import state
from crawler.reports.text_tables import format_time
from models.crawl import runs as run_store
from models.errors import UsageError
from models.outcomes import ERRORS, KEPT
from models.sites import registry
from models.templates import OFF_TEMPLATE
from models.views.run_views import OUTCOMES, RUNS

_FAILURES: Final = 20  # shown of each outcome that is no success
_SAMPLE: Final = "sample"  # the reason of the pages that are read both ways
_NUMBERS: Final = ("urls", "stored", "revised", "unchanged", "refused", "errors")


def newest(conn: Connection, site: str | None, limit: int) -> list[dict[str, Any]]:
    """Rows of v1_runs, the newest first."""
    runs = RUNS.table()
    site_id = None if site is None else registry.number_of(conn, site)
    if site is not None and site_id is None:
        return []
    # by number: PostgreSQL, asked for a site by its name, does not know how many runs it has
    numbers = run_store.newest(conn, site_id, max(1, limit))
    query = select(runs).where(runs.c.run_id.in_(numbers)).order_by(runs.c.run_id.desc())
    return [dict(row) for row in conn.execute(query).mappings()]


def one_run(conn: Connection, run_id: int) -> dict[str, Any]:
    """A row of v1_runs with its `outcomes` counted and its `failures` listed.

    `readings`: how many pages were read off a template ('template'), and searched, by reason.
    `disagreed`: of those that were read both ways ('sample'), how many read otherwise off theirs.

    Raises UsageError for a run that is not there.
    """
    runs, outcomes = RUNS.table(), OUTCOMES.table()
    row = conn.execute(select(runs).where(runs.c.run_id == run_id)).mappings().first()
    if row is None:
        raise UsageError(f"no run {run_id}; `scrapy runs` lists them")
    mine = outcomes.c.run_id == run_id
    counted = select(outcomes.c.outcome, func.count()).where(mine).group_by(outcomes.c.outcome)
    counts = {outcome: int(urls) for outcome, urls in conn.execute(counted)}
    failures: list[dict[str, Any]] = []
    for outcome in sorted(counts.keys() - KEPT, key=lambda o: (o not in ERRORS, o)):
        some = select(outcomes).where(mine, outcomes.c.outcome == outcome)
        found = conn.execute(some.order_by(outcomes.c.url).limit(_FAILURES)).mappings()
        failures.extend(dict(failure) for failure in found)
    readings = run_store.readings(conn, run_id)
    return {
        **row,
        "outcomes": counts,
        "readings": readings.ways,
        "disagreed": readings.disagreed,
        "failures": failures,
    }


def table_row(run: Mapping[str, Any]) -> dict[str, str]:
    """One run as a row of the table that people read."""
    pace = run["pages_per_second"]
    return {
        "run": str(run["run_id"]),
        "kind": run["kind"],
        "site": run["site"] or "",
        "started (UTC)": format_time(run["started_at"]),
        "status": run["status"],
        **{name: str(run[name]) for name in _NUMBERS},
        "pages/s": "" if pace is None else f"{pace:.2f}",
    }


def run_lines(run: Mapping[str, Any], *, colours: bool = False) -> Iterator[str]:
    """One run in full, line by line: as `one_run` returns it."""
    status = state(run["status"]) if colours else run["status"]
    yield f"Run {run['run_id']}: {run['kind']} {run['site'] or ''}, {status}"
    started, finished = format_time(run["started_at"]), format_time(run["finished_at"])
    yield f"  from {started} to {finished or 'now'} UTC"
    if run["reason"]:
        yield f"  {run['reason']}"
    by_count = sorted(run["outcomes"].items(), key=lambda pair: -pair[1])
    yield f"  {run['urls']} URLs" + "".join(f", {n} {outcome}" for outcome, n in by_count)
    yield from _reading_line(run["readings"], run["disagreed"])
    for failure in run["failures"]:
        answer = f" (HTTP {failure['http_status']})" if failure["http_status"] else ""
        yield f"  {failure['outcome']}{answer}: {failure['url']}"
        if failure["reason"]:
            yield f"    {failure['reason']}"
    shown, failed = len(run["failures"]), run["refused"] + run["errors"]
    if shown < failed:
        yield f"  {failed - shown} more in the view v1_outcomes where run_id = {run['run_id']}"


def _reading_line(readings: Mapping[str, int], disagreed: int) -> Iterator[str]:
    """How the run's pages were read; nothing where that was not noted."""
    if not readings:
        return
    off, total = readings.get(OFF_TEMPLATE, 0), sum(readings.values())
    reasons = {why: n for why, n in readings.items() if why != OFF_TEMPLATE}
    by_count = sorted(reasons.items(), key=lambda pair: (-pair[1], pair[0]))
    wrong = {_SAMPLE: f", of which {disagreed} disagreed"} if disagreed else {}
    searched = ", ".join(f"{n} {why}{wrong.get(why, '')}" for why, n in by_count)
    yield (
        f"  {total} page{'' if total == 1 else 's'} read: {off} off a template,"
        f" {total - off} searched{f' ({searched})' if searched else ''}"
    )
