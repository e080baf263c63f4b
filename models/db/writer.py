"""The writer: all of a crawl's SQL on threads of its own, many writes in one transaction.

A write that shares a transaction with others is answered only after the commit. Where one of
the group fails, the group is rolled back and each is tried alone, so that one bad row costs
its own page and no other; where the database is away, all wait, and nothing is acknowledged.
A write may therefore run more than once: it does nothing but SQL.
"""

import asyncio
import queue
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Any, ClassVar, Final, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from models.clock import utc_now
from models.db import changes
from models.db.database import ATTEMPTS, Database, retry
from models.db.faults import is_away, is_conflict
from models.errors import WinnowError

T = TypeVar("T")

GROUP: Final = 64  # writes a transaction: past this a commit costs nothing beside the writes


class WriterClosed(WinnowError):
    """The run ended before the database came back; what was asked is not stored."""


@dataclass(slots=True)
class _Task:
    work: Callable[[Connection], Any]
    done: "Future[Any]"


class Writer:
    """One SQL thread with group commit, and one for reads, over one database."""

    _shared: ClassVar["WeakKeyDictionary[object, Writer]"] = WeakKeyDictionary()

    def __init__(self, database: Database) -> None:
        self.database = database
        self._tasks: queue.SimpleQueue[_Task | None] = queue.SimpleQueue()
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._loop, name="winnow-writer", daemon=True)
        self._reader = ThreadPoolExecutor(max_workers=1, thread_name_prefix="winnow-reader")
        self._thread.start()

    @classmethod
    def shared(cls, owner: object, settings: Mapping[str, Any]) -> "Writer":
        """The one Writer of `owner` (a crawl), opened at the first call, as its settings say."""
        writer = cls._shared.get(owner)
        if writer is None:
            writer = cls._shared[owner] = cls(Database.of(settings))
        return writer

    def lend(self, owner: object) -> "LentWriter":
        """Makes this the Writer of `owner` (a crawl), beside others that share it."""
        self._shared[owner] = lent = LentWriter(self)
        return lent

    async def write(self, work: Callable[[Connection], T]) -> T:
        """Runs `work` in the next group's transaction; returns after its commit."""
        return await asyncio.wrap_future(self.ask(work))

    def write_now(self, work: Callable[[Connection], T]) -> T:
        """`write`, for callers without an event loop; blocks."""
        return self.ask(work).result()

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Runs `work` on a connection that only reads, beside the writes."""
        return await asyncio.wrap_future(self._reader.submit(self._read, work))

    def read_now(self, work: Callable[[Connection], T]) -> T:
        """`read`, for callers without an event loop; blocks."""
        return self._reader.submit(self._read, work).result()

    def last_write(self, work: Callable[[Connection], T], seconds: float) -> T:
        """`write_now`, after all that was asked before, and then the end; blocks.

        Raises WriterClosed if it is not stored after so many seconds.
        """
        done = self.ask(work)
        try:
            return done.result(seconds)
        except TimeoutError as late:
            raise WriterClosed(f"the database did not answer for {seconds:g} s") from late
        finally:
            self.close(wait_seconds=0.0)

    def close(self, *, wait_seconds: float = 60.0) -> None:
        """Ends after what was asked is stored, or `wait_seconds` with the database away."""
        self._tasks.put(None)
        self._thread.join(timeout=wait_seconds)
        self._closing.set()
        self._thread.join()
        self._reader.shutdown()
        self.database.close()

    def ask(self, work: Callable[[Connection], T]) -> "Future[T]":
        """`write` that is not waited for; raises WriterClosed."""
        if self._closing.is_set() or not self._thread.is_alive():
            raise WriterClosed("the writer is closed; nothing more is stored by this run")
        done: Future[T] = Future()
        self._tasks.put(_Task(work, done))
        return done

    def _loop(self) -> None:
        open_ = True
        while open_:
            tasks, open_ = self._next_group()
            # a cancelled write is left out; from here on it can no longer be cancelled
            group = [task for task in tasks if task.done.set_running_or_notify_cancel()]
            if group:
                self._store(group)

    def _next_group(self) -> tuple[list[_Task], bool]:
        """Waits for one task, then takes what else is there already."""
        task = self._tasks.get()
        group: list[_Task] = []
        while task is not None:
            group.append(task)
            if len(group) == GROUP:
                return group, True
            try:
                task = self._tasks.get_nowait()
            except queue.Empty:
                return group, True
        return group, False

    def _store(self, group: list[_Task]) -> None:
        fault = self._commit(group)
        if fault is None:
            return
        if len(group) == 1:
            group[0].done.set_exception(fault)
            return
        for task in group:
            alone = self._commit([task])
            if alone is not None:
                task.done.set_exception(alone)

    def _commit(self, group: list[_Task]) -> BaseException | None:
        """Stores the group whole, or says why it could not; waits while the database is away."""

        def once() -> list[Any]:
            with self.database.transaction() as conn:
                results = [task.work(conn) for task in group]
                changes.flush(conn, utc_now())
            return results

        def gives_up(fault: DBAPIError, tries: int) -> bool:
            alone = len(group) == 1 and is_conflict(fault) and tries < ATTEMPTS
            return self._closing.is_set() or not (is_away(fault) or alone)

        try:
            results = retry(once, gives_up)
        except DBAPIError as fault:
            if is_away(fault):
                return WriterClosed(f"the database stayed away: {str(fault.orig).strip()}")
            return fault
        except BaseException as fault:  # noqa: BLE001 - it belongs to whoever asked
            return fault
        for task, result in zip(group, results, strict=True):
            task.done.set_result(result)
        return None

    def _read(self, work: Callable[[Connection], T]) -> T:
        def once() -> T:
            with self.database.reading() as conn:
                return work(conn)

        def gives_up(fault: DBAPIError, tries: int) -> bool:
            conflict = is_conflict(fault) and tries < ATTEMPTS
            return self._closing.is_set() or not (is_away(fault) or conflict)

        return retry(once, gives_up)


class LentWriter(Writer):
    """One crawl's share of a Writer that several use: to close it ends the writes of this one."""

    def __init__(self, lender: Writer) -> None:
        self.database = lender.database
        self._lender = lender
        self._reader = lender._reader
        self._closing = threading.Event()
        self._pending: set[Future[Any]] = set()

    def close(self, *, wait_seconds: float = 60.0) -> None:
        """Ends after what was asked is stored, or `wait_seconds` with the database away."""
        wait(tuple(self._pending), timeout=wait_seconds)
        self._closing.set()

    def ask(self, work: Callable[[Connection], T]) -> "Future[T]":
        """As the lender's, until this one is closed."""
        if self._closing.is_set():
            raise WriterClosed("this run's writer is closed; nothing more is stored by it")
        done = self._lender.ask(work)
        self._pending.add(done)
        done.add_done_callback(self._pending.discard)
        return done
