"""Sites that share hosts take turns, over all machines: nobody asks a host twice as often."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from sqlalchemy import Connection

from crawler.fleet.batch import Group
from crawler.fleet.worker_means import WorkerMeans
from crawler.operations.visiting_processes import GRACE
from models.clock import utc_now
from models.crawl.run_times import last_fetching
from models.errors import HostBusy
from models.fleet import host_holds
from models.fleet.host_groups import hosts_of
from models.scheduling.run_lifecycle import HEARTBEAT_TIMEOUT, sites_at_work
from models.sites import registry
from models.sites.config import Site

_ENDS: Final = 3 * GRACE  # seconds after its time in which the last visit has surely ended


@dataclass(frozen=True, slots=True)
class GroupTurn:
    """The visits of a group: `sites` are those that are to be visited now."""

    means: WorkerMeans
    group: Group
    sites: Sequence[Site]

    @asynccontextmanager
    async def held(self, seconds: float) -> AsyncIterator[None]:
        """Nobody else visits these hosts meanwhile, for `seconds` at most.

        A site that is alone on its host needs no more than its lease. Raises HostBusy and
        DatabaseAway.
        """
        if len(self.group.sites) + len(self.group.beside) == 1:
            yield
            return
        until = utc_now() + timedelta(seconds=seconds + _ENDS)
        write = self.means.database.write_when_there
        await asyncio.to_thread(write, partial(self._hold, until=until))
        try:
            yield
        finally:
            await asyncio.to_thread(write, self._release)

    async def wait_politely(self, site: Site) -> None:
        """Waits for the site's delay if another process asked the host just now.

        When that was is known by another clock and a sign of life: too roughly to wait for less.
        """
        since = utc_now() - HEARTBEAT_TIMEOUT - timedelta(seconds=site.fetch.delay)

        def ask() -> bool:
            with self.means.database.reading() as conn:
                return last_fetching(conn, self._numbers(conn), since) is not None

        if await asyncio.to_thread(self.means.database.when_there, ask):
            await asyncio.sleep(site.fetch.delay)

    def _hold(self, conn: Connection, until: datetime) -> None:
        now = utc_now()
        host_holds.hold(conn, self._hosts, self.means.owner, until, now)
        # of a worker that is dead, while its visiting processes still end
        at_work = sites_at_work(conn, "visit", now) & set(self._numbers(conn))
        if at_work:
            names = registry.names(conn)
            raise HostBusy(f"{', '.join(names[one] for one in sorted(at_work))} is being visited")

    def _release(self, conn: Connection) -> None:
        host_holds.release(conn, self._hosts, self.means.owner)

    def _numbers(self, conn: Connection) -> list[int]:
        names = (*self.group.sites, *self.group.beside)
        return list(registry.numbers_of(conn, names).values())

    @property
    def _hosts(self) -> frozenset[str]:
        return frozenset().union(*(hosts_of(site) for site in self.sites))
