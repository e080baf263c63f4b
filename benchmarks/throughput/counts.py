"""What a crawl's own process counts of itself: a Scrapy extension, for ours and others alike.

The product has no measuring code. The benchmark's settings (or a rival's) name this extension;
every process that builds a crawler with it writes one file at its end into the folder that
WINNOW_BENCH_COUNTS names: CPU in all, until the first response came (start-up), and of the
pipeline's stages; statements and commits of all connections of SQLAlchemy.
"""

import atexit
import functools
import inspect
import json
import os
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Generator
from pathlib import Path
from typing import Any, Final, Self

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.utils.misc import load_object
from sqlalchemy import Connection, Engine, event

FOLDER: Final = "WINNOW_BENCH_COUNTS"
_READS: Final = ("SELECT", "PRAGMA", "BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK", "WITH", "SHOW")
_WROTE: Final = "winnow_bench_wrote"


class Tally:
    """The counts of this process; one for all its crawlers."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.stages: defaultdict[str, float] = defaultdict(float)  # CPU seconds
        self.start_up: float | None = None  # CPU seconds
        self.first_response: float | None = None  # time.monotonic()

    def respond(self, response: Response) -> None:
        """Notes a response; a page is one that came whole and is HTML."""
        if self.start_up is None:
            self.start_up, self.first_response = time.process_time(), time.monotonic()
        self.counts["responses"] += 1
        kind = response.headers.get(b"Content-Type") or b""
        self.counts["pages"] += response.status == 200 and kind.startswith(b"text/html")

    def write(self, folder: Path) -> None:
        """Writes the file of this process; called at its end, in its main thread."""
        cpu, main_thread = time.process_time(), time.thread_time()
        found = {
            "command": sys.argv,
            "cpu": cpu,
            "main_thread": main_thread,
            "other_threads": cpu - main_thread,
            "start_up": self.start_up,
            "first_response": self.first_response,
            "counts": dict(self.counts),
            "stages": dict(self.stages),
        }
        (folder / f"{os.getpid()}.json").write_text(json.dumps(found), encoding="utf-8")


TALLY: Final = Tally()
_TIMED: Final[set[Any]] = set()  # functions that count their own time, which a stage may inherit


class Counts:
    """The extension: starts the counting of a process with its first crawler."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Counts the crawler's responses, and times its stages."""
        _listen()
        crawler.signals.connect(TALLY.respond, signals.response_received, weak=False)
        for path in crawler.settings.getdict("ITEM_PIPELINES"):
            _time_stage(load_object(path))
        return cls()


@functools.cache
def _listen() -> None:
    """Once a process: SQLAlchemy's events, and the file at the end."""
    event.listen(Engine, "before_cursor_execute", _executes)
    event.listen(Engine, "commit", _commits)
    event.listen(Engine, "rollback", _rolls_back)
    atexit.register(TALLY.write, Path(os.environ[FOLDER]))


def _executes(
    conn: Connection, _cursor: Any, statement: str, _parameters: Any, _context: Any, _many: bool
) -> None:
    """An executemany counts once."""
    word = statement.lstrip().partition(" ")[0].upper()
    if word == "BEGIN":
        return
    TALLY.counts["statements"] += 1
    if word not in _READS:
        TALLY.counts["writes"] += 1
        conn.info[_WROTE] = True


def _commits(conn: Connection) -> None:
    """Only transactions that wrote: any other costs the database nothing."""
    if conn.info.pop(_WROTE, False):
        TALLY.counts["commits"] += 1


def _rolls_back(conn: Connection) -> None:
    if conn.info.pop(_WROTE, False):
        TALLY.counts["rollbacks"] += 1


def _time_stage(stage: type[Any]) -> None:
    original = stage.process_item
    if original in _TIMED:
        return
    name = stage.__module__

    @functools.wraps(original)
    def process_item(self: Any, *args: Any, **kwargs: Any) -> Any:
        began = time.thread_time()
        made = original(self, *args, **kwargs)
        TALLY.stages[name] += time.thread_time() - began
        return _timed(made, name) if inspect.iscoroutine(made) else made

    _TIMED.add(process_item)
    stage.process_item = process_item


class _Steps(Generator[Any, Any, Any]):
    """A coroutine whose every step is timed; what it waits for is not."""

    def __init__(self, coroutine: Any, name: str) -> None:
        self._coroutine = coroutine
        self._name = name

    def __await__(self) -> Self:
        return self

    def send(self, given: Any) -> Any:
        """The coroutine's next step."""
        return self._step(self._coroutine.send, given)

    def throw(self, *fault: Any) -> Any:
        """The same, where what it waited for has failed."""
        return self._step(self._coroutine.throw, *fault)

    def _step(self, step: Callable[..., Any], *given: Any) -> Any:
        began = time.thread_time()
        try:
            return step(*given)
        finally:
            TALLY.stages[self._name] += time.thread_time() - began


async def _timed(coroutine: Awaitable[Any], name: str) -> Any:
    return await _Steps(coroutine, name)
