"""A batch in a worker: its sites are visited at once, those that share a host one after another."""

import asyncio
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Final

from crawler.fleet.batch import SECONDS, Batch, Group
from crawler.fleet.worker_log import LOG
from crawler.fleet.worker_means import WorkerMeans
from crawler.operations.command import EXIT_BUSY, EXIT_OK
from crawler.operations.due_visit import DueVisit, Wanted
from crawler.operations.killed_visits import after_kills
from crawler.operations.visits import START, VisitResult
from crawler.spiders.visit import bounds
from models.clock import utc_now
from models.crawl.run_times import last_fetching
from models.errors import DatabaseAway, UsageError
from models.sites.config import Site, load_site

_LATELY: Final = timedelta(minutes=2)  # a killed run's last sign of life is at most so old


class BatchRound:
    """One batch, visited once."""

    def __init__(self, means: WorkerMeans, batch: Batch) -> None:
        self._means, self._batch = means, batch
        self._wanted = Wanted(bounds(means.settings), batch.now, batch.asked_at)
        self._results: list[VisitResult] = []

    async def run(self) -> bool:
        """Whether the batch was worked off; False if another worker is to have it."""
        if self._means.is_stopping:
            return False
        loop = asyncio.get_running_loop()
        seconds = SECONDS
        if self._batch.until is not None:
            seconds = min(seconds, (self._batch.until - utc_now()).total_seconds())
        self._deadline = loop.time() + seconds
        sites = await asyncio.to_thread(self._read_sites)
        self._visit = DueVisit(self._means.database, sites, self._means.processes, self._wanted)
        groups = (self._group(group, sites) for group in self._batch.groups)
        await asyncio.gather(*groups)
        await self._look_after_kills()
        return True

    async def _group(self, group: Group, sites: "dict[str, Site]") -> None:
        """Visits the sites of a group one after another."""
        for name in group.sites:
            if name not in sites:
                continue
            async with self._means.room:
                left = self._deadline - asyncio.get_running_loop().time()
                if self._means.is_stopping or left <= START:
                    return
                await self._wait_politely(group, sites[name])
                result = await self._visit(name, left)
            if result is not None:
                self._report(result)

    async def _wait_politely(self, group: Group, site: Site) -> None:
        """Waits for the site's delay if the host was asked by another process just now.

        When that was is known by its clock and its last sign of life: too roughly for the rest.
        """
        names, since = (*group.sites, *group.beside), utc_now() - _LATELY

        def ask() -> bool:
            with self._means.database.reading() as conn:
                return last_fetching(conn, names, since) is not None

        if await asyncio.to_thread(ask):
            await asyncio.sleep(site.fetch.delay)

    def _report(self, result: VisitResult) -> None:
        self._results.append(result)
        level = LOG.info if result.code in {EXIT_OK, EXIT_BUSY} else LOG.warning
        run = "" if result.run is None else f"run {result.run['run_id']}: "
        level("%s%s", run, result.line)

    async def _look_after_kills(self) -> None:
        means = self._means
        look = partial(after_kills, means.database, means.settings, self._results)
        try:
            red = await asyncio.to_thread(look, self._wanted.limits)
        except DatabaseAway as fault:
            LOG.warning("%s", fault)
            return
        for result in red:
            LOG.warning("%s", result.line)

    def _read_sites(self) -> "dict[str, Site]":
        """The sites of the batch by name; a line for each whose file this machine lacks."""
        folder = Path(self._means.settings["WINNOW_SITES_DIR"])
        found = {}
        for name in self._batch.sites:
            try:
                found[name] = load_site(folder, name)
            except UsageError as wrong:
                LOG.error("%s is not visited: %s", name, wrong)
        return found
