"""Pure functions run in processes of their own, within limits of time and memory.

A hung or crashed worker is killed and replaced; only the page that it held is charged with it.
"""

import asyncio
import ctypes
import importlib
import multiprocessing
import resource
import signal
import sys
from collections.abc import Callable
from concurrent.futures import TimeoutError as FutureTimeoutError
from typing import Final, TypeVar

from pebble import ProcessExpired, ProcessPool

from models.errors import WinnowError

T = TypeVar("T")

TASKS_A_WORKER: Final = 2000  # then it is replaced: libraries' caches grow
MEMORY_MB: Final = 2048  # of address space; the worst page measured took 1.4 GB and rising
_PR_SET_PDEATHSIG: Final = 1


class PoolTimeout(WinnowError):
    """The function took longer than it may; its process was killed."""


class PoolCrash(WinnowError):
    """The function ended its process, or ran out of memory."""


class Pool:
    """`workers` processes (0: this one, for debugging), each page at most `seconds`."""

    def __init__(self, workers: int, seconds: float, warm: str) -> None:
        self._seconds = seconds
        self._slots = asyncio.Semaphore(max(1, workers) * 2)  # one at work, one waiting each
        self._pool = (
            ProcessPool(
                max_workers=workers,
                max_tasks=TASKS_A_WORKER,
                context=multiprocessing.get_context("spawn"),  # never fork a running loop
                initializer=prepare_worker,
                initargs=(warm,),
            )
            if workers
            else None
        )

    async def run(self, function: Callable[..., T], *args: object) -> T:
        """The function's value; raises what it raised, PoolTimeout or PoolCrash."""
        if self._pool is None:
            return function(*args)
        async with self._slots:
            future = self._pool.schedule(function, args=args, timeout=self._seconds)
            try:
                value: T = await asyncio.wrap_future(future)
            except FutureTimeoutError as slow:
                raise PoolTimeout(f"not done after {self._seconds:g} s; stopped") from slow
            except ProcessExpired as crash:
                raise PoolCrash(f"the worker died ({crash})") from crash
            except MemoryError as memory:
                raise PoolCrash(f"more than {MEMORY_MB} MB of memory") from memory
            return value

    def close(self) -> None:
        """Ends the workers; nothing may be under way."""
        if self._pool is not None:
            self._pool.stop()  # type: ignore[no-untyped-call]  # pebble types no more of it
            self._pool.join(timeout=10)


def prepare_worker(warm: str) -> None:
    """In a new worker: its limits, and the modules that it will need."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the crawl to handle
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_MB << 20, MEMORY_MB << 20))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":  # a worker ends with the crawl that started it, even if killed
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    importlib.import_module(warm)
