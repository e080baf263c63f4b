"""Owners take turns with what waits: nobody comes first because he asked for much."""

import asyncio
import threading
from collections import deque
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class Turns(Generic[T]):
    """What waits, by owner: whose last turn is longest ago, or who had none, comes first.

    Of one owner, the oldest comes first. Safe among threads. Keeps a number an owner.
    """

    def __init__(self) -> None:
        self._waiting: dict[Hashable, deque[T]] = {}
        self._last: dict[Hashable, int] = {}  # the turn that an owner had
        self._turn = 0
        self._lock = threading.Lock()

    def put(self, owner: Hashable, thing: T) -> None:
        """Adds it behind what the owner has waiting."""
        with self._lock:
            self._waiting.setdefault(owner, deque()).append(thing)

    def take(self) -> T:
        """The next; raises LookupError where nothing waits."""
        with self._lock:
            if not self._waiting:
                raise LookupError("nothing waits")
            owner = min(self._waiting, key=lambda owner: self._last.get(owner, 0))
            things = self._waiting[owner]
            thing = things.popleft()
            if not things:
                del self._waiting[owner]
            self._turn += 1
            self._last[owner] = self._turn
        return thing


class Line:
    """Threads that call what waits; each takes the next when it is free, so none idles."""

    def __init__(self, threads: int, name: str) -> None:
        self._turns: Turns[tuple[Callable[[], Any], Future[Any]]] = Turns()
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix=name)

    def submit(self, owner: Hashable, call: Callable[[], T]) -> "asyncio.Future[T]":
        """The value of `call`, once the owner's turn has come."""
        done: Future[T] = Future()
        self._turns.put(owner, (call, done))
        self._threads.submit(self._next)
        return asyncio.wrap_future(done)

    def close(self) -> None:
        """Ends once all that waits was called."""
        self._threads.shutdown(wait=True)

    def _next(self) -> None:
        call, done = self._turns.take()
        if not done.set_running_or_notify_cancel():
            return
        try:
            value = call()
        except BaseException as fault:  # noqa: BLE001 - it belongs to whoever asked
            done.set_exception(fault)
        else:
            done.set_result(value)
