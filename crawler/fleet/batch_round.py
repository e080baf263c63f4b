"""A batch in a worker: its sites are visited at once, those that share a host one after another."""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Final, TypeVar

from sqlalchemy import Connection

from crawler.fleet.batch import SECONDS, Batch
from crawler.fleet.group_turn import GroupTurn
from crawler.fleet.worker_log import LOG
from crawler.fleet.worker_means import WorkerMeans
from crawler.operations.command import EXIT_BUSY, EXIT_OK
from crawler.operations.due_visit import DueVisit, Wanted
from crawler.operations.killed_visits import after_kills
from crawler.operations.visits import START, VisitResult
from crawler.spiders.visit import bounds
from models.clock import utc_now
from models.crawl.run_times import fetched_since
from models.errors import BatchBusy, DatabaseAway, HostBusy, UnknownSite, UsageError
from models.fleet import handouts, workers
from models.scheduling.run_lifecycle import HEARTBEAT_TIMEOUT
from models.sites import registry
from models.sites.config import Site, load_site

T = TypeVar("T")

WAIT: Final = 120.0  # seconds that a batch waits for the database before its first visit
_LATELY: Final = HEARTBEAT_TIMEOUT + timedelta(minutes=1)  # before which no run asked its site
_PAUSE: Final = 1.0  # between two looks meanwhile
_LOOK: Final = 5.0  # seconds between two looks whether another worker still has the batch


class BatchRound:
    """One batch, visited once."""

    def __init__(self, means: WorkerMeans, batch: Batch) -> None:
        self._means, self._batch = means, batch
        self._wanted = Wanted(bounds(means.settings), batch.now, batch.asked_at)
        self._results: list[VisitResult] = []

    async def run(self) -> bool:
        """Whether the batch was worked off; False if another worker is to have it."""
        means, batch = self._means, self._batch
        if means.is_stopping:
            return False
        if batch.number in means.batches:  # its connection to the broker was cut
            LOG.info("batch %s came once more: it is under way here", batch.number)
            return True
        try:
            if why := await self._once_there(partial(means.fitness.why_not, batch)):
                means.refuse(why)
                return False
            left = await self._taken()
        except (DatabaseAway, BatchBusy) as fault:
            LOG.warning("%s; a batch of %d sites goes back", fault, len(batch.sites))
            return False
        if not left:
            LOG.info("batch %s came once more: nothing is left of it", batch.number)
            return True
        means.batches.add(batch.number)
        try:
            await self._visit_all(left)
        finally:
            means.batches.discard(batch.number)
        return True

    async def _taken(self) -> frozenset[str]:
        """The sites that are left of the batch, once no other worker that lives works on it.

        A broker delivers a batch again if it lost sight of the worker that has it, which may be
        dead or not. Raises DatabaseAway; BatchBusy if this worker is to end meanwhile.
        """
        write = partial(self._means.database.write_when_there, self._take)
        told = False
        while True:
            try:
                return await self._once_there(write)
            except BatchBusy as busy:
                if self._means.is_stopping:
                    raise
                if not told:
                    LOG.info("%s, which is waited for: it came once more", busy)
                    told = True
            await asyncio.sleep(_LOOK)

    def _take(self, conn: Connection) -> frozenset[str]:
        me = self._means.owner
        alive = {owner for owner in workers.alive(conn, utc_now()) if owner != me}
        return handouts.take(conn, self._batch.number, me, alive)

    async def _once_there(self, ask: Callable[[], T]) -> T:
        """What `ask` returns, once the database is there; raises DatabaseAway if it stays away."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + WAIT
        while True:
            try:
                return await asyncio.to_thread(ask)
            except DatabaseAway:
                if loop.time() > deadline or self._means.is_stopping:
                    raise
            await asyncio.sleep(_PAUSE)

    async def _visit_all(self, left: frozenset[str]) -> None:
        """Visits what is left of the batch; what does not begin goes back too."""
        seconds = SECONDS
        if self._batch.until is not None:
            seconds = min(seconds, (self._batch.until - utc_now()).total_seconds())
        self._deadline = asyncio.get_running_loop().time() + seconds
        sites = await asyncio.to_thread(self._read_sites, left)
        means = self._means
        self._visit = DueVisit(means.database, sites, means.processes, self._wanted)
        lately = await self._once_there(partial(means.database.when_there, self._lately))
        turns = (
            GroupTurn(means, group, [sites[name] for name in group.sites if name in sites], lately)
            for group in self._batch.groups
        )
        await asyncio.gather(*(self._group(turn) for turn in turns if turn.sites))
        await asyncio.to_thread(self._look_after_kills)
        for name in left:  # also of those whose file this machine lacks
            means.row.done(self._batch.number, name)
        await asyncio.to_thread(means.row.note_done)

    async def _group(self, turn: GroupTurn) -> None:
        """Visits the sites of a group one after another."""
        try:
            async with turn.held(self._seconds_left):
                for site in turn.sites:
                    if self._means.is_stopping or self._seconds_left <= START:
                        return
                    async with self._means.room:
                        with self._counted():
                            await turn.wait_politely(site)
                            result = await self._visit(site.name, self._seconds_left)
                    if result is not None:
                        self._report(result)
                    self._means.row.done(self._batch.number, site.name)
        except HostBusy as busy:
            names = ", ".join(site.name for site in turn.sites)
            LOG.info("%s: %s; visited next time", names, busy)
        except DatabaseAway as fault:
            LOG.warning("%s; no visit begins", fault)

    def _lately(self) -> frozenset[str]:
        """Names of the sites, and of those beside them, that a run asked just now.

        A run that was killed gave its last sign of life before that; an hour's delay is rare, and
        a site that has one is not visited more often.
        """
        groups = self._batch.groups
        names = [name for group in groups for name in (*group.sites, *group.beside)]
        with self._means.database.reading() as conn:
            numbers = registry.numbers_of(conn, names)
            found = fetched_since(conn, list(numbers.values()), utc_now() - _LATELY)
        return frozenset(name for name, number in numbers.items() if number in found)

    @property
    def _seconds_left(self) -> float:
        return self._deadline - asyncio.get_running_loop().time()

    @contextmanager
    def _counted(self) -> Iterator[None]:
        row = self._means.row
        row.under_way += 1
        try:
            yield
        finally:
            row.under_way -= 1

    def _report(self, result: VisitResult) -> None:
        self._results.append(result)
        level = LOG.info if result.code in {EXIT_OK, EXIT_BUSY} else LOG.warning
        run = "" if result.run is None else f"run {result.run['run_id']}: "
        level("%s%s", run, result.line)

    def _look_after_kills(self) -> None:
        means = self._means
        try:
            red = after_kills(means.database, means.settings, self._results, self._wanted.limits)
        except DatabaseAway as fault:
            LOG.warning("%s", fault)
            return
        for result in red:
            LOG.warning("%s", result.line)

    def _read_sites(self, names: frozenset[str]) -> Mapping[str, Site]:
        """The sites by name; a line for each that has no file here, or was disabled meanwhile."""
        folder = Path(self._means.settings["WINNOW_SITES_DIR"])
        found = {}
        for name in sorted(names & set(self._batch.sites)):
            try:
                site = load_site(folder, name)
            except UnknownSite:
                LOG.warning(
                    "%s is not visited here: %s has no %s.toml; give this worker the files of the"
                    " machine that hands out, unless the site was removed or renamed since",
                    name, folder, name,
                )  # fmt: skip
                continue
            except UsageError as wrong:
                LOG.error("%s is not visited here: %s", name, wrong)
                continue
            if site.enabled:
                found[name] = site
            else:
                LOG.info("%s is not visited: it was disabled after it was handed out", name)
        return found
