"""Work of one kind gathered to chunks, sent to workers, and answered: a thread of the sender's.

A chunk without an answer in time is sent again, so a worker that was killed costs its chunk's time.
While the broker is away, or no worker is there, all waits, and one line says so.
"""

import queue
import secrets
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import closing
from dataclasses import dataclass
from typing import Any, Final, Generic, Protocol, TypeVar

from crawler.fleet.chunk_post import QUEUE, ChunkAnswer
from crawler.fleet.chunk_times import ChunkTimes
from crawler.home import as_typed
from models.errors import BrokerFault, OwnFault
from pipelines.page_pool import RunIsOver

Item = TypeVar("Item")

CHUNK: Final = 20  # items, at most
GATHER: Final = 0.02  # seconds that the first waits for others, while workers have little to do
FILL: Final = 0.3  # the same while some chunks are under way
_SOME: Final = 2  # chunks
TRIES: Final = 5  # failures of workers at one chunk, then the run ends
NOBODY: Final = 5.0  # seconds after which it is said that no worker takes anything
_LISTEN: Final = 0.05  # seconds for answers, before the next chunk is looked for
_IDLE: Final = 0.5  # the same, with nothing under way
_LOOK: Final = 1.0  # seconds between two looks at the queue
_PAUSE: Final = 1.0  # seconds until a broker that is away is tried again
# Connections to a broker are pooled for the whole process, and closed with a post: the sender of
# the next site waits until that of the last has closed its own.
_TURN: Final = threading.Lock()


class ChunkFailed(OwnFault):
    """Workers fail at a chunk again and again, for a reason that is not in it."""


class Post(Protocol):
    """The way to the workers and back; each call raises BrokerFault."""

    def send(self, task: str, chunk: str, message: dict[str, Any]) -> None:
        """Sends a chunk by its name, for the first time or again."""

    def listen(self, seconds: float) -> list[ChunkAnswer]:
        """The answers that came, after so many seconds at most."""

    def waiting(self) -> int:
        """Chunks that no worker has taken."""

    def close(self) -> None:
        """Nobody waits for an answer any more."""


@dataclass(frozen=True, slots=True)
class Work(Generic[Item]):
    """What is asked of workers."""

    task: str
    message: Callable[[Sequence[Item]], dict[str, Any]]  # of a chunk
    what: str  # in words, in the plural


@dataclass(frozen=True, slots=True)
class _Asked(Generic[Item]):
    item: Item
    answer: "Future[Any]"
    at: float


class ChunkSender(Generic[Item]):
    """Asks workers; answers come in any order, an item of `message` each."""

    def __init__(
        self, work: Work[Item], post: Callable[[], Post], say: Callable[[str], None]
    ) -> None:
        """`post` opens the way to the workers, again after each BrokerFault."""
        self._work, self._post, self._say = work, post, say
        self._came: queue.SimpleQueue[_Asked[Item]] = queue.SimpleQueue()
        self._pending: deque[_Asked[Item]] = deque()
        self._chunks: dict[str, list[_Asked[Item]]] = {}
        self._failures: dict[str, int] = {}
        self._times = ChunkTimes()
        self._closing = threading.Event()
        self._nobody = False  # whether it was said that no worker takes anything
        self._thread = threading.Thread(target=self._serve, name="winnow-chunks", daemon=True)
        self._thread.start()

    def ask(self, item: Item) -> "Future[Any]":
        """The answer; raises RunIsOver once closed, ChunkFailed, or what ended the thread."""
        asked = _Asked(item, Future[Any](), time.monotonic())
        self._came.put(asked)
        if not self._thread.is_alive():
            self._end(RunIsOver("nothing is sent any more"))
        return asked.answer

    def close(self) -> None:
        """What has no answer yet ends as RunIsOver; does not wait for the thread."""
        self._closing.set()

    def _serve(self) -> None:
        fault: BaseException = RunIsOver("the run is over")
        try:
            while not self._closing.is_set():
                if _TURN.acquire(timeout=_IDLE):
                    try:
                        self._serve_on()
                    finally:
                        _TURN.release()
        except BaseException as broken:  # noqa: BLE001 - raised again where an answer is waited for
            fault = broken
            if not isinstance(broken, OwnFault):  # it is no fault of what was asked
                fault = ChunkFailed(f"{self._work.what} cannot be sent to workers: {broken!r}")
                fault.__cause__ = broken
        finally:
            self._end(fault)

    def _serve_on(self) -> None:
        away = False
        while not self._closing.is_set():
            try:
                with closing(self._post()) as post:
                    if away:
                        away = False
                        self._say(f"the broker answers again; {self._work.what} go on")
                    for chunk in self._times:  # nobody knows what became of them
                        self._send(post, chunk)
                    self._work_on(post)
            except BrokerFault as fault:
                if not away:
                    self._say(f"{self._work.what} wait: {fault}")
                away = True
                self._closing.wait(_PAUSE)

    def _work_on(self, post: Post) -> None:
        look = time.monotonic() + _LOOK
        while not self._closing.is_set():
            self._gather()
            while self._pending and self._times.has_room and self._is_ready():
                some = [self._pending.popleft() for _ in range(min(CHUNK, len(self._pending)))]
                chunk = secrets.token_hex(12)
                self._chunks[chunk] = some
                self._send(post, chunk)
            for answer in post.listen(_LISTEN) if self._chunks else ():
                self._take(answer)
            if self._chunks and time.monotonic() >= look:
                self._look(post, time.monotonic())
                look = time.monotonic() + _LOOK

    def _gather(self) -> None:
        """Takes what was asked; waits for it if nothing else is to be done."""
        try:
            if not self._chunks and not self._pending:
                self._pending.append(self._came.get(timeout=_IDLE))
            while True:
                self._pending.append(self._came.get_nowait())
        except queue.Empty:
            return

    def _is_ready(self) -> bool:
        """Whether what is pending is a whole chunk, or has waited for others long enough."""
        if not self._chunks and len(self._pending) < CHUNK:
            time.sleep(max(0.0, self._pending[0].at + GATHER - time.monotonic()))
            self._gather()
        waits = FILL if len(self._chunks) >= _SOME else GATHER
        return len(self._pending) >= CHUNK or time.monotonic() - self._pending[0].at >= waits

    def _send(self, post: Post, chunk: str) -> None:
        message = self._work.message([asked.item for asked in self._chunks[chunk]])
        self._times.sent(chunk, time.monotonic())
        post.send(self._work.task, chunk, message)

    def _take(self, answer: ChunkAnswer) -> None:
        chunk = self._chunks.get(answer.chunk)
        if chunk is None:
            return  # the second answer to a chunk that was sent twice
        values, fault = answer.value, answer.fault
        if fault is None and not (isinstance(values, list) and len(values) == len(chunk)):
            fault = "a worker's answer is none"
        if fault is not None:
            self._fail(answer.chunk, fault)
            return
        self._times.answered(answer.chunk, time.monotonic())
        del self._chunks[answer.chunk]
        if self._nobody:
            self._nobody = False
            self._say(f"a worker answers; {self._work.what} go on")
        for asked, value in zip(chunk, values, strict=True):
            if asked.answer.set_running_or_notify_cancel():
                asked.answer.set_result(value)

    def _fail(self, chunk: str, fault: str) -> None:
        """It is sent again when its time is up."""
        self._failures[chunk] = failures = self._failures.get(chunk, 0) + 1
        if failures >= TRIES:
            raise ChunkFailed(f"{self._work.what}: workers failed {failures} times: {fault}")
        self._say(f"{self._work.what}: a worker failed, and is asked again: {fault}")

    def _look(self, post: Post, now: float) -> None:
        waiting = post.waiting()
        for chunk in self._times.overdue(waiting, now):
            size = len(self._chunks[chunk])
            self._say(
                f"{size} {self._work.what} that a worker took have no answer, and are sent again"
            )
            self._send(post, chunk)
        if not self._nobody and self._times.silence(now) > NOBODY and waiting >= len(self._chunks):
            self._nobody = True
            self._say(
                as_typed(
                    f"no worker answers on queue {QUEUE}, where chunks wait ({waiting}); on any"
                    " machine of the fleet, type: scrapy worker"
                )
            )

    def _end(self, fault: BaseException) -> None:
        """All that waits gets the fault."""
        chunks, self._chunks = self._chunks, {}
        self._gather_rest()
        waiting = [asked for chunk in chunks.values() for asked in chunk]
        waiting += self._pending
        self._pending.clear()
        for asked in waiting:
            if asked.answer.set_running_or_notify_cancel():
                asked.answer.set_exception(fault)

    def _gather_rest(self) -> None:
        try:
            while True:
                self._pending.append(self._came.get_nowait())
        except queue.Empty:
            return
