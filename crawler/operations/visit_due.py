"""The sites that are due, visited as `scrapy visit` does: asked of the database, and put off."""

import asyncio
import signal
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from scrapy.settings import Settings
from sqlalchemy import Connection

from crawler.operations.command import EXIT_BUSY, EXIT_RED
from crawler.operations.health_check import check_killed, red_line
from crawler.operations.visits import (
    WORST,
    VisitProcesses,
    VisitResult,
    due,
    is_site_due,
    visit_all,
)
from crawler.spiders.visit import bounds
from models.clock import utc_now
from models.crawl.schedule import Bounds, next_visit, share_of
from models.db.database import Database
from models.scheduling.run_lifecycle import reap_dead_runs, working_owner
from models.sites import registry
from models.sites.config import Site
from models.sites.registry import KnownSite


@dataclass(frozen=True, slots=True)
class DueVisits:
    """One round of visits; `processes` makes the processes for so many sites at once."""

    settings: Settings
    processes: Callable[[int], VisitProcesses]
    report: Callable[[VisitResult], None]
    now: bool  # whether a site is due or not

    def check(self) -> Bounds:
        """How often a site may be visited; raises UsageError for settings that are wrong."""
        return bounds(self.settings)

    def run(
        self, database: Database, sites: Sequence[Site], jobs: int, seconds: float | None
    ) -> list[VisitResult]:
        """Visits the due ones of `sites`, `jobs` at once; none begins after `seconds`."""
        limits, by_name = self.check(), {site.name: site for site in sites}
        known = _known(database)
        names = due(sites, known, limits, utc_now(), all_of_them=self.now)
        processes = self.processes(min(jobs, len(names)))

        def wanted(name: str) -> bool:
            if processes.stopping:
                return False
            fresh = _known(database, name)
            return self.now or is_site_due(by_name[name], fresh, limits, utc_now())

        async def visit(name: str, left: float | None) -> VisitResult:
            owner = _owner(database, name)
            if owner is not None:  # known without the price of a process
                return VisitResult(name, EXIT_BUSY, f"{name} is held by {owner}")
            return await processes(name, left)

        work = visit_all(
            names, visit, jobs=jobs, seconds=seconds, wanted=wanted, report=self.report
        )
        results = asyncio.run(_stoppable(work, processes))
        _back_off(database, results, limits)
        return [*results, *self._red_after_kills(database, results)]

    def _red_after_kills(
        self, database: Database, results: Sequence[VisitResult]
    ) -> list[VisitResult]:
        """A visit that was killed could not check its site: that is done here, and told if red."""
        if all(result.code in WORST for result in results):
            return []
        now = utc_now()
        database.patiently(lambda conn: reap_dead_runs(conn, now))
        checked = database.patiently(lambda conn: check_killed(conn, now))
        red = [
            VisitResult(name, EXIT_RED, red_line(name, health))
            for name, health in checked.items()
            if health.state == "red"
        ]
        for result in red:
            self.report(result)
        return red


async def _stoppable(
    work: Coroutine[None, None, list[VisitResult]], processes: VisitProcesses
) -> list[VisitResult]:
    for sent in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(sent, processes.stop)
    return await work


def _known(database: Database, name: str | None = None) -> dict[str, KnownSite]:
    with database.reading() as conn:
        return {site.name: site for site in registry.known_sites(conn, name)}


def _owner(database: Database, name: str) -> str | None:
    """Who works on the site of that name now."""
    with database.reading() as conn:
        for site in registry.known_sites(conn, name):
            return working_owner(conn, site.site_id, "visit", utc_now())
    return None


def _back_off(database: Database, results: Sequence[VisitResult], limits: Bounds) -> None:
    """Backs off from sites whose visit was killed, before it could say when it is due again."""
    now, known = utc_now(), _known(database)
    killed = (known.get(result.site) for result in results if result.code not in WORST)
    for site in killed:
        if site is not None:
            again = next_visit(
                now, limits.shortest, failures=site.failures + 1, share=share_of(site.name)
            )
            database.patiently(partial(_schedule, site_id=site.site_id, due_at=again))


def _schedule(conn: Connection, site_id: int, due_at: datetime) -> None:
    registry.schedule(conn, site_id, due_at, failed=True)
