"""Uploads of WARC files, in the background: shared by all crawls of a process.

What fails stays in the spool and fails nobody; the next run on this host tries again.
"""

import asyncio
import itertools
import logging
import queue
import threading
from collections.abc import Iterable
from concurrent.futures import Future, wait
from time import monotonic
from typing import ClassVar, Final, NamedTuple
from weakref import WeakKeyDictionary

from scrapy.crawler import Crawler
from sqlalchemy.exc import SQLAlchemyError

from models.archive.places import ArchivePlaces
from models.archive.spool import Spool
from models.db.database import Database
from models.errors import StoreFault, WinnowError

SWEEP: Final = 30.0  # seconds between two looks at what the spool holds
PATIENCE: Final = 120.0  # seconds that a run's end waits for uploads
_LAST: Final = 30.0  # seconds that the end of a process waits for those of its visits
REST: Final = 60.0  # seconds in which a store that failed is asked nothing
_WARNED: Final = 60.0  # seconds between two warnings of a process
_THREADS: Final = 4  # of a process: each file costs some round trips, and many visits end at once
_OWN, _LOOK, _FOUND = range(3)  # a run's own files first, then those that were left by others
_log = logging.getLogger(__name__)


class _Job(NamedTuple):
    priority: int
    number: int  # in the order in which they came
    name: str  # of a file; '' looks for those that wait


class SpoolUploads:
    """The uploads of a process; it does nothing where the archive is local."""

    _of: ClassVar["WeakKeyDictionary[Crawler, SpoolUploads]"] = WeakKeyDictionary()

    def __init__(self, places: ArchivePlaces, database: Database) -> None:
        self.places = places
        self._spool = Spool(places, database)
        self._jobs: queue.PriorityQueue[_Job] = queue.PriorityQueue()
        self._numbers = itertools.count()
        self._lock = threading.Lock()
        self._pending: dict[str, Future[None]] = {}
        self._left: dict[str, int] = {}  # bytes of the files that could not be uploaded, by name
        self._why = ""
        self._threads: list[threading.Thread] = []
        self._swept_at = self._warned_at = self._failed_at = float("-inf")
        self._is_shared = False

    @classmethod
    def shared(cls, crawler: Crawler, database: Database) -> "SpoolUploads":
        """Those of a crawl: lent to it, or its own."""
        found = cls._of.get(crawler)
        if found is None:
            found = cls._of[crawler] = cls(ArchivePlaces.of(crawler.settings), database)
        return found

    def lend(self, crawler: Crawler) -> None:
        """Makes these the uploads of a crawl, beside others that share them."""
        self._is_shared = True
        self._of[crawler] = self

    @property
    def is_on(self) -> bool:
        """Whether there is somewhere to upload to."""
        return self.places.store is not None

    def sweep(self) -> None:
        """Has all uploaded that waits in the spool of this host; to be called as runs begin."""
        if self.is_on and monotonic() - self._swept_at >= SWEEP:
            self._swept_at = monotonic()
            self._ask(_LOOK, "")

    def add(self, names: Iterable[str]) -> None:
        """Has files uploaded that a run has closed."""
        for name in names if self.is_on else ():
            self._ask(_OWN, name)

    async def finish(self, names: Iterable[str]) -> None:
        """Waits for the uploads of a run's files, and warns of what is left.

        A crawl that is alone in its process waits for all that was found in the spool too: it is
        the last chance before the next run.
        """
        if self.is_on:
            wanted = list(names) if self._is_shared else None
            await asyncio.to_thread(self._wait, wanted, PATIENCE)

    def close(self) -> None:
        """Waits for all, at the end of the process that lent them."""
        if self.is_on:
            self._wait(None, _LAST)

    def _wait(self, names: list[str] | None, seconds: float) -> None:
        deadline = monotonic() + seconds
        while True:
            with self._lock:
                all_of_them = names is None
                asked = [f for n, f in self._pending.items() if all_of_them or n in (names or ())]
            if not asked or monotonic() > deadline:
                break
            wait(asked, timeout=max(0.0, deadline - monotonic()))
        with self._lock:
            late = [name for name in self._pending if name and (names is None or name in names)]
        for name in late:
            self._leave(name, f"not done within {seconds:.0f} s")
        self._warn()

    # ------------------------------------------------------------ threads

    def _ask(self, priority: int, name: str) -> None:
        with self._lock:
            if name in self._pending:
                return
            self._pending[name] = Future()
            if len(self._threads) < min(_THREADS, len(self._pending)):
                # they end with the process, wherever they are: the next run goes on from there
                thread = threading.Thread(target=self._work, name="winnow-uploads", daemon=True)
                self._threads.append(thread)
                thread.start()
        self._jobs.put(_Job(priority, next(self._numbers), name))

    def _work(self) -> None:
        while True:
            job = self._jobs.get()
            try:
                if job.name:
                    self._upload(job.name)
                else:
                    self._look()
            except (WinnowError, OSError, SQLAlchemyError) as fault:
                self._failed(job.name, fault)
            finally:
                with self._lock:
                    done = self._pending.pop(job.name)
                done.set_result(None)

    def _look(self) -> None:
        found = self._spool.waiting()
        for name in found.here:
            self._ask(_FOUND, name)
        if found.missing:
            _log.warning(
                "WARC files of this host that are not uploaded, and not in %s: %d, the first is %s;"
                " is WINNOW_ARCHIVE_SPOOL right?",
                self.places.local, len(found.missing), found.missing[0],
            )  # fmt: skip

    def _upload(self, name: str) -> None:
        if monotonic() - self._failed_at < REST:
            self._leave(name, self._why)
            return
        self._spool.upload(name)
        with self._lock:
            self._left.pop(name, None)

    def _failed(self, name: str, fault: Exception) -> None:
        said = " ".join(str(fault).split())
        if name:
            self._leave(name, said)
        else:
            _log.warning("the spool %s is not looked through: %s", self.places.local, said)
        if isinstance(fault, StoreFault):
            self._failed_at = monotonic()

    def _leave(self, name: str, why: str) -> None:
        size = self._spool.size(name)
        with self._lock:
            self._left[name], self._why = size, why

    def _warn(self) -> None:
        with self._lock:
            left, size, why = len(self._left), sum(self._left.values()), self._why
            if not left or monotonic() - self._warned_at < _WARNED:
                return
            self._warned_at, self._left = monotonic(), {}
        _log.warning(
            "%d WARC %s in the spool %s for the next run on this host, %.1f MB: %s",
            left, "file waits" if left == 1 else "files wait", self.places.local, size / 10**6, why,
        )  # fmt: skip
