"""A worker's means whose visits are made up: what the worker does round them is tried."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from scrapy.settings import Settings

from crawler.fleet.queues import Queues
from crawler.fleet.worker_means import WorkerMeans
from crawler.operations.command import EXIT_OK
from crawler.operations.visiting_processes import VisitingProcesses
from crawler.operations.visits import VisitResult
from models.clock import utc_now
from models.db.database import Database
from models.db.owners import new_owner
from models.errors import SiteBusy
from models.scheduling import run_lifecycle
from models.sites.config import load_site


class Visits(VisitingProcesses):
    """Each opens a run, takes a moment, and ends its run; `log` says what began and ended."""

    def __init__(self, database: Database, sites: Path) -> None:
        super().__init__((), {}, {})
        self.database, self.sites = database, sites
        self.log: list[str] = []
        self.codes: dict[str, int] = {}
        self.seconds = 0.05  # that a visit takes
        self.most_at_once = self.at_once = 0

    async def __call__(
        self, site: str, left: float | None, *, now: bool = False, due_at: datetime | None = None
    ) -> VisitResult | None:
        if self.stopping:
            return None
        self.log.append(f"{site} begins")
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        work = self._visit(site)
        try:
            await work
        except SiteBusy as busy:
            return VisitResult(site, 4, str(busy))
        finally:
            self.at_once -= 1
            self.log.append(f"{site} ends")
        code = self.codes.get(site, EXIT_OK)
        return VisitResult(site, code, f"visit {site}: made up", {"run_id": 7})

    async def _visit(self, site: str) -> None:
        def begin(conn: Any) -> Any:
            return run_lifecycle.begin(
                conn, load_site(self.sites, site), "visit", new_owner(), utc_now()
            )

        run = await asyncio.to_thread(self.database.patiently, begin)
        await asyncio.sleep(self.seconds)
        await asyncio.to_thread(
            self.database.patiently,
            lambda conn: run_lifecycle.end(conn, run, "done", None, utc_now()),
        )


@contextmanager
def worker_means(
    database: Database, sites: Path, jobs: int = 8, queues: Queues | None = None
) -> Iterator[WorkerMeans]:
    """Means that are closed afterwards; their processes are `Visits`."""
    settings = Settings()
    settings.setmodule("crawler.settings")
    settings.setdict(
        {"WINNOW_SITES_DIR": str(sites), "WINNOW_ARCHIVE_DIR": str(sites.parent / "archive")}
    )
    means = WorkerMeans(settings, database, jobs, queues or Queues())
    means.processes = Visits(database, sites)
    means.row.register()
    try:
        yield means
    finally:
        means.close()


def visits_of(means: WorkerMeans) -> Visits:
    assert isinstance(means.processes, Visits)
    return means.processes
