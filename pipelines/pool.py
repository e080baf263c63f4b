"""Pure functions run in processes of their own, within limits of CPU time and memory.

A worker that dies is replaced, and its task is run again: only a task that ends its worker each
time is given up. Time is the CPU time of the task, so a loaded machine loses nothing.
Crawls that share a pool take turns: one whose tasks all run into their limit delays the others
by one limit at most.
"""

import queue
from collections.abc import Callable, Hashable
from functools import partial
from typing import ClassVar, Final, TypeVar
from weakref import WeakKeyDictionary

from models.errors import OwnFault, WinnowError
from pipelines.turns import Line
from pipelines.worker import Worker, WorkerDied, WorkerNotStarted, WorkerOverTime
from pipelines.worker_process import Limits

T = TypeVar("T")

TASKS_A_WORKER: Final = 2000  # then it is replaced: libraries' caches grow
DEATHS: Final = 3  # of workers with one task: one or two may be chance, or a killer from outside
WAITING: Final = 10.0  # times the CPU seconds: a net for what waits without computing
MEMORY_MB: Final = 128  # of a worker's data; a page of 2 MB, among the largest met, takes 80
LARGE_MB: Final = 192  # for one task at a time, where MEMORY_MB did not do


class PoolTimeout(WinnowError):
    """The function used more time than it may; its process was ended."""


class PoolCrash(WinnowError):
    """The function ended its process, or needs more memory than it may use."""


class PoolBroken(OwnFault):
    """No worker can be started: no fault of any page."""


class Pool:
    """`workers` processes (0: this one, for debugging), each task at most `seconds` of CPU."""

    _lent: ClassVar["WeakKeyDictionary[object, PoolShare]"] = WeakKeyDictionary()
    reads_stores: ClassVar[bool] = False  # its processes read files of this machine alone

    def __init__(self, workers: int, seconds: float, warm: str) -> None:
        """`warm` names the modules that a new worker imports first, with spaces between them."""
        self._seconds = seconds
        self._workers = workers
        self._all = [Worker(warm) for _ in range(workers)]
        self._idle: queue.LifoQueue[Worker] = queue.LifoQueue()
        for worker in self._all:
            self._idle.put(worker)
        # their threads live as long as the pool, as workers need of the thread that starts them
        self._line = Line(max(1, workers), "winnow-worker")
        self._large = Line(1, "winnow-large")
        self._closing = False

    @classmethod
    def shared(cls, crawl: object, workers: int, seconds: float, warm: str) -> "Pool | PoolShare":
        """The share of a pool that was lent to this crawl, or a pool of its own."""
        lent = cls._lent.get(crawl)
        return cls(workers, seconds, warm) if lent is None else lent.limited(seconds)

    def lend(self, crawl: object, owner: Hashable) -> "PoolShare":
        """Makes this the pool of `crawl`, beside others that share it."""
        self._lent[crawl] = share = self.of(owner)
        return share

    def of(self, owner: Hashable, seconds: float | None = None) -> "PoolShare":
        """The same pool for one of several owners, who take turns; `seconds` of CPU a task."""
        return PoolShare(self, owner, self._seconds if seconds is None else seconds)

    async def run(self, function: Callable[..., T], *args: object) -> T:
        """The function's value; raises what it raised, PoolTimeout, PoolCrash or PoolBroken."""
        return await self.of(None).run(function, *args)

    def close(self) -> None:
        """Ends the workers; what is under way ends as PoolBroken."""
        self._closing = True
        for worker in self._all:
            worker.interrupt()
        self._line.close()
        self._large.close()
        for worker in self._all:
            worker.stop()

    def _run(
        self, share: "PoolShare", function: Callable[..., T], args: tuple[object, ...], large: bool
    ) -> T:
        """In a thread of the pool: the task, by the next idle worker."""
        memory_mb = LARGE_MB if large else MEMORY_MB
        limits = Limits(share.seconds, share.seconds * WAITING, memory_mb)
        worker = self._idle.get()
        try:
            return self._try(worker, share, function, args, limits)
        except MemoryError:
            worker.stop()  # it holds what it took
            raise
        finally:
            try:
                if worker.tasks >= TASKS_A_WORKER or limits.memory_mb > MEMORY_MB:
                    worker.stop()
            finally:
                self._idle.put(worker)  # whatever happened: a pool without workers waits for ever

    def _try(
        self,
        worker: Worker,
        share: "PoolShare",
        function: Callable[..., T],
        args: tuple[object, ...],
        limits: Limits,
    ) -> T:
        """The value; a task whose worker died is run again by a new one."""
        for death in range(1, DEATHS + 1):
            if self._closing or share.closed:
                break
            try:
                worker.start()
                value: T = worker.run(function, args, limits)
            except WorkerOverTime as slow:
                raise PoolTimeout(
                    f"not done after {limits.cpu_seconds:g} s of CPU time; stopped ({slow})"
                ) from slow
            except WorkerNotStarted as fault:
                if self._closing:
                    break
                raise PoolBroken(
                    f"extraction processes: {fault}; see that the machine has memory and processes"
                    " to spare, and that the installation is whole"
                ) from fault
            except WorkerDied as died:
                if death == DEATHS and not self._closing:
                    raise PoolCrash(f"it ended {DEATHS} workers in a row ({died})") from died
            else:
                return value
        raise PoolBroken("the run is over")


class PoolShare:
    """A pool as one of its owners sees it: each takes its turn, whatever the others ask for."""

    reads_stores: ClassVar[bool] = False

    def __init__(self, pool: Pool, owner: Hashable, seconds: float) -> None:
        self._pool = pool
        self._owner = owner
        self.seconds = seconds  # of CPU a task
        self.closed = False

    def limited(self, seconds: float) -> "PoolShare":
        """A share of the same owner with another limit of CPU time."""
        return PoolShare(self._pool, self._owner, seconds)

    async def run(self, function: Callable[..., T], *args: object) -> T:
        """As Pool.run; raises PoolBroken for what waits when the share is closed."""
        pool = self._pool
        if not pool._workers:
            return function(*args)
        task = partial(pool._run, self, function, args)
        try:
            return await pool._line.submit(self._owner, partial(task, large=False))
        except MemoryError:
            pass
        try:
            return await pool._large.submit(self._owner, partial(task, large=True))
        except MemoryError as memory:
            raise PoolCrash(f"more than {LARGE_MB} MB of memory") from memory

    def close(self) -> None:
        """What waits ends as PoolBroken; the workers go on for the other owners."""
        self.closed = True
