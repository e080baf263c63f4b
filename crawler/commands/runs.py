"""scrapy runs: what ran, when, and what came of it."""

import argparse
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from sqlalchemy import Connection, func, select

from crawler.operations.command import EXIT_OK, WinnowCommand
from crawler.reports.text_tables import as_json, format_time, rows_as_text
from models.errors import UsageError
from models.outcomes import ERRORS, KEPT
from models.views.run_views import OUTCOMES, RUNS

_FAILURES = 20  # shown of each outcome that is no success
_NUMBERS = ("urls", "stored", "revised", "unchanged", "refused", "errors")


class Command(WinnowCommand):
    """The newest runs, or one run with its outcomes."""

    example: ClassVar[str] = "scrapy runs --site example -n 5"

    def syntax(self) -> str:
        """What follows the verb."""
        return "[RUN_ID] [--site NAME] [-n ROWS] [--json]"

    def short_desc(self) -> str:
        """One line for the list of verbs."""
        return "Show the newest runs, or one run with what came of its URLs"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """Adds --site, -n and --json."""
        super().add_options(parser)
        parser.add_argument("--site", metavar="NAME", help="runs of this site only")
        parser.add_argument("-n", type=int, default=20, metavar="ROWS", help="how many (20)")
        parser.add_argument("--json", action="store_true", help="one JSON document")

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        """Prints; exit code 0. Raises UsageError for a run that is not there."""
        if len(args) > 1 or (args and not args[0].isdecimal()):
            raise UsageError(f"type: scrapy runs {self.syntax()}")
        with self.ready_database() as database, database.reading() as conn:
            if args:
                _show(one_run(conn, int(args[0])), as_document=opts.json)
            else:
                _list(newest(conn, opts.site, opts.n), as_document=opts.json)
        return EXIT_OK


def newest(conn: Connection, site: str | None, limit: int) -> list[dict[str, Any]]:
    """Rows of v1_runs, the newest first."""
    runs = RUNS.table()
    query = select(runs).order_by(runs.c.run_id.desc()).limit(max(1, limit))
    if site is not None:
        query = query.where(runs.c.site == site)
    return [row._asdict() for row in conn.execute(query)]


def one_run(conn: Connection, run_id: int) -> dict[str, Any]:
    """A row of v1_runs with its `outcomes` counted and its `failures` listed."""
    runs, outcomes = RUNS.table(), OUTCOMES.table()
    row = conn.execute(select(runs).where(runs.c.run_id == run_id)).first()
    if row is None:
        raise UsageError(f"no run {run_id}; `scrapy runs` lists them")
    mine = outcomes.c.run_id == run_id
    counted = select(outcomes.c.outcome, func.count()).where(mine).group_by(outcomes.c.outcome)
    counts = {outcome: int(urls) for outcome, urls in conn.execute(counted)}
    failures: list[dict[str, Any]] = []
    for outcome in sorted(counts.keys() - KEPT, key=lambda o: (o not in ERRORS, o)):
        some = select(outcomes).where(mine, outcomes.c.outcome == outcome)
        found = conn.execute(some.order_by(outcomes.c.url).limit(_FAILURES))
        failures.extend(failure._asdict() for failure in found)
    return {**row._asdict(), "outcomes": counts, "failures": failures}


def _list(runs: list[dict[str, Any]], *, as_document: bool) -> None:
    if as_document:
        print(as_json(runs))
    elif runs:
        print(rows_as_text([_line(run) for run in runs]))
    else:
        print("no runs yet; type: scrapy crawl discover -a site=NAME")


def _line(run: Mapping[str, Any]) -> dict[str, str]:
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


def _show(run: Mapping[str, Any], *, as_document: bool) -> None:
    if as_document:
        print(as_json(run))
        return
    print(f"Run {run['run_id']}: {run['kind']} {run['site'] or ''}, {run['status']}")
    print(
        f"  from {format_time(run['started_at'])} to {format_time(run['finished_at']) or 'now'} UTC"
    )
    if run["reason"]:
        print(f"  {run['reason']}")
    print(f"  {run['urls']} URLs" + "".join(f", {n} {o}" for o, n in _by_count(run["outcomes"])))
    for failure in run["failures"]:
        status = f" (HTTP {failure['http_status']})" if failure["http_status"] else ""
        print(f"  {failure['outcome']}{status}: {failure['url']}")
        if failure["reason"]:
            print(f"    {failure['reason']}")
    shown, failed = len(run["failures"]), run["refused"] + run["errors"]
    if shown < failed:
        print(f"  {failed - shown} more in the view v1_outcomes where run_id = {run['run_id']}")


def _by_count(counts: Mapping[str, int]) -> Iterable[tuple[str, int]]:
    return sorted(counts.items(), key=lambda pair: -pair[1])
