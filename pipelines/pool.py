"""Pure functions run in processes of their own, within limits of CPU time and memory.

A worker that dies is replaced, and its task is run again: only a task that ends its worker each
time is given up. Time is the CPU time of the task, so a loaded machine loses nothing.
"""

import asyncio
import queue
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

from models.errors import OwnFault, WinnowError
from pipelines.worker import Limits, Worker, WorkerDied, WorkerNotStarted, WorkerOverTime

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

    def __init__(self, workers: int, seconds: float, warm: str) -> None:
        """`warm` is the name of the module that a new worker imports first."""
        self._seconds = seconds
        self._workers = workers
        self._slots = asyncio.Semaphore(max(1, workers) * 2)  # one at work, one waiting each
        self._large = asyncio.Lock()
        self._all = [Worker(warm) for _ in range(workers)]
        self._idle: queue.LifoQueue[Worker] = queue.LifoQueue()
        for worker in self._all:
            self._idle.put(worker)
        # its threads live as long as the pool, as workers need of the thread that starts them
        self._threads = ThreadPoolExecutor(max(1, workers), thread_name_prefix="winnow-worker")
        self._closing = False

    async def run(self, function: Callable[..., T], *args: object) -> T:
        """The function's value; raises what it raised, PoolTimeout, PoolCrash or PoolBroken."""
        if not self._workers:
            return function(*args)
        async with self._slots:
            try:
                return await self._submit(function, args, MEMORY_MB)
            except MemoryError:
                pass
        async with self._large:
            try:
                return await self._submit(function, args, LARGE_MB)
            except MemoryError as memory:
                raise PoolCrash(f"more than {LARGE_MB} MB of memory") from memory

    def close(self) -> None:
        """Ends the workers; what is under way ends as PoolBroken."""
        self._closing = True
        for worker in self._all:
            worker.interrupt()
        self._threads.shutdown(wait=True)
        for worker in self._all:
            worker.stop()

    async def _submit(
        self, function: Callable[..., T], args: tuple[object, ...], memory_mb: int
    ) -> T:
        limits = Limits(self._seconds, self._seconds * WAITING, memory_mb)
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, self._run, function, args, limits)

    def _run(self, function: Callable[..., T], args: tuple[object, ...], limits: Limits) -> T:
        """In a thread of the pool: the task, by the next idle worker."""
        worker = self._idle.get()
        try:
            return self._try(worker, function, args, limits)
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
        self, worker: Worker, function: Callable[..., T], args: tuple[object, ...], limits: Limits
    ) -> T:
        """The value; a task whose worker died is run again by a new one."""
        for death in range(1, DEATHS + 1):
            if self._closing:
                break
            try:
                worker.start()
                value: T = worker.run(function, args, limits)
            except WorkerOverTime as slow:
                raise PoolTimeout(
                    f"not done after {self._seconds:g} s of CPU time; stopped ({slow})"
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
