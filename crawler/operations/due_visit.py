"""One visit of several: whether it is due is asked of the database just before it begins."""

import asyncio
from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from crawler.operations.command import EXIT_BUSY, EXIT_FAILED
from crawler.operations.live_visits import LiveVisits
from crawler.operations.visiting_processes import VisitingProcesses
from crawler.operations.visits import START, VisitResult, is_site_due
from models.clock import utc_now
from models.crawl.run_times import visited_since
from models.crawl.schedule import Bounds
from models.db.database import Database
from models.errors import DatabaseAway
from models.scheduling.run_lifecycle import working_owner
from models.sites import registry
from models.sites.config import Site
from models.sites.registry import KnownSite


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which sites are to be visited: those that are due, or all."""

    limits: Bounds
    now: bool = False  # whether a site is due or not
    asked_at: datetime | None = None  # for `now`: who was visited since is not visited again


class _Look(NamedTuple):
    """A site that is due, as the database knows it before its visit."""

    due_at: datetime | None  # None: it was never visited
    owner: str | None  # who works on it


@dataclass(slots=True)
class DueVisit:
    """The visits of one round; called with a site's name and the seconds that are left."""

    database: Database
    sites: Mapping[str, Site]  # by name
    processes: VisitingProcesses
    wanted: Wanted
    live: LiveVisits | None = None  # for whoever looks on
    _away: bool = False
    _asking: asyncio.Lock = field(default_factory=asyncio.Lock)  # one at a time, in their order

    async def __call__(self, name: str, left: float | None) -> VisitResult | None:
        """Visits a site in its process; None if it is not due any more, or all is to end."""
        loop = asyncio.get_running_loop()
        asked_at = loop.time()
        async with self._asking:
            try:
                # on a thread: a wait for the database must not keep the other visits from ending
                look = await asyncio.to_thread(self._look, name)
            except DatabaseAway as fault:
                self._away = True
                return VisitResult(name, EXIT_FAILED, _not_visited(name, fault))
        left = None if left is None else left - (loop.time() - asked_at)
        if self._ending or look is None or (left is not None and left <= START):
            return None
        if look.owner is not None:  # known without the price of a process
            return VisitResult(name, EXIT_BUSY, f"{name} is held by {look.owner}")
        with self.live.running(name) if self.live is not None else nullcontext():
            return await self.processes(name, left, now=self.wanted.now, due_at=look.due_at)

    @property
    def _ending(self) -> bool:
        """Whether no further visit begins."""
        return self._away or self.processes.stopping

    def _look(self, name: str) -> _Look | None:
        """None if the site is not due, or all is to end: then nothing is asked."""
        if self._ending:
            return None
        site = known(self.database, name).get(name)
        if not self._is_due(name, site):
            return None
        return _Look(None if site is None else site.next_due_at, _owner(self.database, site))

    def _is_due(self, name: str, site: KnownSite | None) -> bool:
        wanted = self.wanted
        if not wanted.now:
            there = {} if site is None else {name: site}
            return is_site_due(self.sites[name], there, wanted.limits, utc_now())
        if wanted.asked_at is None or site is None:
            return True
        site_id, since = site.site_id, wanted.asked_at

        def ask() -> bool:
            with self.database.reading() as conn:
                return visited_since(conn, site_id, since)

        return not self.database.when_there(ask)


def known(database: Database, name: str | None = None) -> dict[str, KnownSite]:
    """All sites that the database knows, or the one, by name; raises DatabaseAway."""

    def ask() -> dict[str, KnownSite]:
        with database.reading() as conn:
            return {site.name: site for site in registry.known_sites(conn, name)}

    return database.when_there(ask)


def _owner(database: Database, site: KnownSite | None) -> str | None:
    """Who works on the site now."""

    def ask() -> str | None:
        if site is None:
            return None
        with database.reading() as conn:
            return working_owner(conn, site.site_id, "visit", utc_now())

    return database.when_there(ask)


def _not_visited(name: str, fault: DatabaseAway) -> str:
    return f"{fault}; no visit begins, {name} is visited next time"
