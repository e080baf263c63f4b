"""The sites that are due, visited as `scrapy visit` does: asked of the database, and put off."""

import asyncio
import signal
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from scrapy.settings import Settings

from crawler.operations.command import EXIT_FAILED
from crawler.operations.due_visit import DueVisit, Wanted, known
from crawler.operations.killed_visits import after_kills, free_the_dead
from crawler.operations.live_visits import LiveVisits
from crawler.operations.visiting_processes import VisitingProcesses
from crawler.operations.visits import Visit, VisitResult, due, visit_all
from crawler.reports.live_status import usual_seconds
from crawler.spiders.visit import bounds
from models.clock import utc_now
from models.crawl.run_times import visit_seconds
from models.crawl.schedule import Bounds
from models.db.database import Database
from models.errors import DatabaseAway
from models.sites.config import Site
from models.sites.registry import KnownSite

_RUNS_A_SITE: Final = 20  # of which the usual length of a visit is learned
_RUNS: Final = 20_000  # of all sites, at most


@dataclass(frozen=True, slots=True)
class DueVisits:
    """One round of visits; `processes` makes the processes for so many sites at once."""

    settings: Settings
    processes: Callable[[int], VisitingProcesses]
    report: Callable[[VisitResult], None]
    now: bool  # whether a site is due or not
    live: LiveVisits | None = None  # for whoever looks on

    def check(self) -> Bounds:
        """How often a site may be visited; raises UsageError for settings that are wrong."""
        return bounds(self.settings)

    def run(
        self, database: Database, sites: Sequence[Site], jobs: int, seconds: float | None
    ) -> list[VisitResult]:
        """Visits the due ones of `sites`, `jobs` at once; none begins after `seconds`.

        If the database stays away, no further visit begins; those under way end by themselves.
        Raises DatabaseAway if it is away before the first one.
        """
        limits = self.check()
        sites_known = known(database)
        names = due(sites, sites_known, limits, utc_now(), all_of_them=self.now)
        processes = self.processes(min(jobs, len(names)))
        processes.recover = partial(asyncio.to_thread, free_the_dead, database, self.settings)
        live = self.live if names else None
        wanted = Wanted(limits, self.now)
        by_name = {site.name: site for site in sites}
        visit: Visit = DueVisit(database, by_name, processes, wanted, live)
        if live is not None:
            live.begin(names, _usual(database, sites_known), jobs, lambda: processes.stopping)
            visit = live.counted(visit)
        work = visit_all(names, visit, jobs=jobs, seconds=seconds, report=self.report)
        shown = work if live is None else live.shown_during(work)
        results = asyncio.run(_stoppable(shown, processes))
        try:
            more = after_kills(database, self.settings, results, limits)
        except DatabaseAway as fault:
            more = [VisitResult("", EXIT_FAILED, str(fault))]
        for result in more:
            self.report(result)
        return results + more


async def _stoppable(
    work: Coroutine[None, None, list[VisitResult]], processes: VisitingProcesses
) -> list[VisitResult]:
    sent = [signal.SIGINT, signal.SIGTERM]
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # as under nohup
        sent.append(signal.SIGHUP)
    for number in sent:
        asyncio.get_running_loop().add_signal_handler(number, processes.stop)
    try:
        return await work
    finally:
        await processes.close()


def _usual(database: Database, sites: Mapping[str, KnownSite]) -> dict[str, float | None]:
    """Seconds that a visit of each site usually takes, by its name."""

    def ask() -> dict[int, list[float]]:
        with database.reading() as conn:
            return visit_seconds(conn, min(_RUNS_A_SITE * len(sites), _RUNS))

    took = database.when_there(ask)
    return {name: usual_seconds(took.get(site.site_id, ())) for name, site in sites.items()}
