"""What a worker has for as long as it runs, shared by all its tasks.

Celery's threads wait; what a task does runs in one event loop, in a thread of its own: that of
the visiting processes.
"""

import asyncio
import sys
import threading
from collections.abc import Callable, Coroutine
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, Final, TypeVar

from scrapy.settings import Settings

from crawler.fleet.fitness import Fitness
from crawler.fleet.queues import Queues
from crawler.fleet.worker_log import LOG
from crawler.fleet.worker_row import WorkerRow
from crawler.operations.killed_visits import free_the_dead
from crawler.operations.visiting_start import visiting_processes
from crawler.sources.parsers import read as parsers
from models.archive.places import ArchivePlaces
from models.db.database import Database
from models.db.owners import new_owner
from models.fleet.workers import NO_LABEL

if TYPE_CHECKING:
    from pipelines.pool import Pool

T = TypeVar("T")

_JOIN: Final = 60.0  # seconds that the loop has to end


class WorkerMeans:
    """Settings, database, visiting processes and an event loop, from `open` to `close`."""

    def __init__(self, settings: Settings, database: Database, jobs: int, queues: Queues) -> None:
        """`jobs`: sites that are visited at once."""
        self.settings, self.database, self.jobs, self.queues = settings, database, jobs, queues
        self.owner = new_owner()
        self.processes = visiting_processes(settings, jobs, self.owner, _pass_on)
        taken = (*(() if queues.only_labels else (NO_LABEL,)), *queues.labels)
        self.fitness = Fitness(database, ArchivePlaces.of(settings).store)
        self.row = WorkerRow(database, self.owner, taken, jobs)
        self.room = asyncio.Semaphore(jobs)  # of visits, over all batches
        self.batches: set[str] = set()  # numbers of those under way
        self.refusal: str | None = None  # why it takes no more work
        self._end: Callable[[], None] = lambda: None
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._serve, name="winnow-fleet", daemon=True)
        self._thread.start()
        self.processes.recover = partial(asyncio.to_thread, free_the_dead, database, settings)

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """What `work` comes to in the worker's loop; the thread of a task waits for it."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Begins what goes on beside the tasks, until `close`."""
        asyncio.run_coroutine_threadsafe(work, self._loop)

    @cached_property
    def pool(self) -> "Pool":
        """Extraction processes for tasks that read pages, made when one first asks."""
        from pipelines import reading
        from pipelines.page_pool import SECONDS_A_PAGE
        from pipelines.pool import Pool

        warm = f"{reading.WARM} {parsers.__name__}"
        return Pool(self.settings.getint("WINNOW_WORKERS"), SECONDS_A_PAGE, warm)

    @property
    def is_stopping(self) -> bool:
        """Whether no further work begins."""
        return self.processes.stopping or self.refusal is not None

    def on_end(self, end: Callable[[], None]) -> None:
        """`end` is called once no further work is to be taken."""
        self._end = end

    def stop(self) -> None:
        """Ends visits cleanly, from a signal's handler too; again, at once."""
        self._loop.call_soon_threadsafe(self._stop_visits)

    def refuse(self, why: str) -> None:
        """Takes no more work: this worker is not fit for it."""
        self.refusal = self.refusal or why
        self._end()

    def close(self) -> None:
        """Ends the processes and the loop; no task is under way any more."""
        self.run(self.processes.close())
        if "pool" in vars(self):
            self.pool.close()
        self.run(_cancel_others())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(_JOIN)
        if self.refusal is None:
            self.row.leave()
        else:
            self.row.refuse(self.refusal)
        self.database.close()

    def _stop_visits(self) -> None:
        again = self.processes.stopping
        LOG.info(
            "ends its visits %s",
            "at once" if again else "cleanly; a second signal ends them at once",
        )
        self.processes.stop()

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_forever()
        self._loop.close()


async def _cancel_others() -> None:
    """Ends what was started beside the tasks."""
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)


def _pass_on(line: bytes) -> None:
    """What the visiting processes log is the worker's log too."""
    sys.stderr.write(line.decode(errors="replace"))
    sys.stderr.flush()
