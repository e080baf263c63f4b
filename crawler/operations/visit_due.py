"""The sites that are due, visited as `scrapy visit` does: asked of the database, and put off."""

import asyncio
import signal
from collections.abc import Callable, Coroutine, Mapping, Sequence
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Final

from scrapy.settings import Settings
from sqlalchemy import Connection

from crawler.operations.command import EXIT_BUSY, EXIT_FAILED, EXIT_RED
from crawler.operations.health_check import check_killed, red_line
from crawler.operations.live_visits import LiveVisits
from crawler.operations.visiting_processes import VisitingProcesses
from crawler.operations.visits import (
    START,
    WORST,
    Visit,
    VisitResult,
    due,
    is_site_due,
    visit_all,
)
from crawler.reports.live_status import usual_seconds
from crawler.runs.start import close_dead_runs
from crawler.spiders.visit import bounds
from models.archive.places import ArchivePlaces
from models.clock import utc_now
from models.crawl.run_times import visit_seconds
from models.crawl.schedule import Bounds, next_visit, share_of
from models.db.database import Database
from models.errors import DatabaseAway
from models.scheduling.run_lifecycle import working_owner
from models.sites import registry
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
        known = _known(database)
        names = due(sites, known, limits, utc_now(), all_of_them=self.now)
        processes = self.processes(min(jobs, len(names)))
        processes.recover = partial(asyncio.to_thread, self._free_the_dead, database)
        one_round = _Round(self, database, {site.name: site for site in sites}, processes)
        visit: Visit = one_round.visit
        live = self.live if names else None
        if live is not None:
            live.begin(names, _usual(database, known), jobs, lambda: processes.stopping)
            visit = live.counted(visit)
        work = visit_all(names, visit, jobs=jobs, seconds=seconds, report=self.report)
        shown = work if live is None else live.shown_during(work)
        results = asyncio.run(_stoppable(shown, processes))
        try:
            _back_off(database, results, limits)
            results += self._red_after_kills(database, results)
        except DatabaseAway as fault:
            results.append(VisitResult("", EXIT_FAILED, str(fault)))
            self.report(results[-1])
        return results

    def _free_the_dead(self, database: Database) -> None:
        """Frees what a crashed process held; where the database is away, the visits say so."""
        with suppress(DatabaseAway):
            close_dead_runs(database, ArchivePlaces.of(self.settings))

    def _red_after_kills(
        self, database: Database, results: Sequence[VisitResult]
    ) -> list[VisitResult]:
        """A visit that was killed could not check its site: that is done here, and told if red."""
        if all(result.code in WORST for result in results):
            return []
        close_dead_runs(database, ArchivePlaces.of(self.settings))
        sites_dir = Path(self.settings["WINNOW_SITES_DIR"])
        checked = database.write_when_there(lambda conn: check_killed(conn, utc_now(), sites_dir))
        red = [
            VisitResult(name, EXIT_RED, red_line(name, health))
            for name, health in checked.items()
            if health.state == "red"
        ]
        for result in red:
            self.report(result)
        return red


@dataclass(slots=True)
class _Round:
    """One call of `run`: what is asked of the database just before each visit."""

    visits: DueVisits
    database: Database
    sites: Mapping[str, Site]  # by name
    processes: VisitingProcesses
    _away: bool = False
    _asking: asyncio.Lock = field(default_factory=asyncio.Lock)  # one at a time, in their order

    async def visit(self, name: str, left: float | None) -> VisitResult | None:
        """Visits a site in its process; None if it is not due any more, or all is to end."""
        loop = asyncio.get_running_loop()
        asked_at = loop.time()
        async with self._asking:
            try:
                # on a thread: a wait for the database must not keep the other visits from ending
                due_now, owner = await asyncio.to_thread(self._ask, name)
            except DatabaseAway as fault:
                self._away = True
                return VisitResult(name, EXIT_FAILED, _not_visited(name, fault))
        left = None if left is None else left - (loop.time() - asked_at)
        if self._ending or not due_now or (left is not None and left <= START):
            return None
        if owner is not None:  # known without the price of a process
            return VisitResult(name, EXIT_BUSY, f"{name} is held by {owner}")
        live = self.visits.live
        with live.running(name) if live is not None else nullcontext():
            return await self.processes(name, left)

    @property
    def _ending(self) -> bool:
        """Whether no further visit begins."""
        return self._away or self.processes.stopping

    def _ask(self, name: str) -> tuple[bool, str | None]:
        """Whether the site is due now, and who works on it; asks nothing where all is to end."""
        if self._ending:
            return False, None
        known = _known(self.database, name)
        if not self._is_due(name, known):
            return False, None
        return True, _owner(self.database, known.get(name))

    def _is_due(self, name: str, known: Mapping[str, KnownSite]) -> bool:
        limits = self.visits.check()
        return self.visits.now or is_site_due(self.sites[name], known, limits, utc_now())


def _not_visited(name: str, fault: DatabaseAway) -> str:
    return f"{fault}; no visit begins, {name} is visited next time"


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


def _known(database: Database, name: str | None = None) -> dict[str, KnownSite]:
    def ask() -> dict[str, KnownSite]:
        with database.reading() as conn:
            return {site.name: site for site in registry.known_sites(conn, name)}

    return database.when_there(ask)


def _usual(database: Database, known: Mapping[str, KnownSite]) -> dict[str, float | None]:
    """Seconds that a visit of each site usually takes, by its name."""

    def ask() -> dict[int, list[float]]:
        with database.reading() as conn:
            return visit_seconds(conn, min(_RUNS_A_SITE * len(known), _RUNS))

    took = database.when_there(ask)
    return {name: usual_seconds(took.get(site.site_id, ())) for name, site in known.items()}


def _owner(database: Database, site: KnownSite | None) -> str | None:
    """Who works on the site now."""

    def ask() -> str | None:
        if site is None:
            return None
        with database.reading() as conn:
            return working_owner(conn, site.site_id, "visit", utc_now())

    return database.when_there(ask)


def _back_off(database: Database, results: Sequence[VisitResult], limits: Bounds) -> None:
    """Backs off from sites whose visit was killed, before it could say when it is due again."""
    killed = [result.site for result in results if result.code not in WORST]
    known, now = _known(database) if killed else {}, utc_now()
    for site in filter(None, map(known.get, killed)):
        again = next_visit(
            now, limits.shortest, failures=site.failures + 1, share=share_of(site.name)
        )
        database.write_when_there(partial(_schedule, site_id=site.site_id, due_at=again))


def _schedule(conn: Connection, site_id: int, due_at: datetime) -> None:
    registry.schedule(conn, site_id, due_at, failed=True)
