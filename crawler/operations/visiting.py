"""A visiting process: visits of many sites in one event loop, as its parent names them.

Its first line of input holds the settings, each further one is a word to it: a site to visit, or
to stop; it answers with a line for each visit that ended, for one that it does not begin, and
when it is ending by itself. All lines are JSON. When its input
ends, because all is done or because the parent is gone, it stops.
"""

import asyncio
import io
import json
import os
import signal
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any, Final, cast

from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import Settings
from scrapy.utils.project import get_project_settings

from crawler.extensions.log import SITE, log_for_many
from crawler.operations.site_visit import SharedMeans, SiteVisit
from models.process_memory import keep_what_is_loaded, return_large_blocks

_AT_ONCE: Final = 2  # stops of one kind: the second does not wait for pages, as with Ctrl-C


@dataclass(frozen=True, slots=True)
class Word:
    """What the parent says: one of these."""

    visit: str | None = None  # a site
    left: float | None = None  # seconds for that visit
    now: bool = False  # that visit reads the sources whether they are due or not
    due_at: str = ""  # its due time when the parent checked it; empty: it was never visited
    stop: str | None = None  # a site whose time is over
    stop_all: bool = False

    def line(self) -> bytes:
        """One line for the pipe."""
        said = {name: value for name in self.__slots__ if (value := getattr(self, name))}
        return json.dumps(said).encode() + b"\n"


class VisitingProcess:
    """The visits under way; `answers` gets a line for each that ended."""

    def __init__(
        self, settings: Settings, *, words: IO[bytes], answers: int, worker: str = ""
    ) -> None:
        """`worker`: who started it, for the log of a fleet."""
        return_large_blocks()
        keep_what_is_loaded()
        self._words, self._answers = words, answers
        for extension in _NOT_OF_MANY:
            settings["EXTENSIONS"].set(extension, None, priority="cmdline")
        settings.set("LOG_INSTALL_ROOT_HANDLER", False, priority="cmdline")
        self._process = AsyncCrawlerProcess(settings)
        log_for_many(settings, worker)
        self._means = SharedMeans(settings)
        self._visits: dict[str, SiteVisit] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._stops: dict[str, int] = {}  # by who said so
        self._ending: asyncio.Task[None] | None = None

    def serve(self) -> None:
        """Visits until the input ends, or a signal ends all."""
        loop = asyncio.get_event_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stop_all, "signal")
        reader = threading.Thread(target=self._listen, args=(loop,), daemon=True)
        loop.call_soon(reader.start)
        self._process.start(stop_after_crawl=False, install_signal_handlers=False)
        for visit in self._visits.values():  # the loop was stopped before they ended
            self._answer(visit.abort())
        self._means.close()

    def _listen(self, loop: asyncio.AbstractEventLoop) -> None:
        for line in self._words:
            loop.call_soon_threadsafe(self._heard, Word(**json.loads(line)))
        loop.call_soon_threadsafe(self._end)

    def _heard(self, word: Word) -> None:
        if word.stop_all:
            self._stop_all("parent")
        elif word.stop is not None:
            if visit := self._visits.get(word.stop):
                visit.stop()
        elif word.visit is not None and (self._stops or self._ending):
            self._answer({"not_begun": word.visit})
        elif word.visit is not None:
            due_at = datetime.fromisoformat(word.due_at) if word.due_at else None
            visit = self._visits[word.visit] = SiteVisit(
                self._process, self._means, word.visit,
                now=word.now, due_at=due_at, seconds=word.left,
            )  # fmt: skip
            SITE.set(word.visit)  # the task takes a copy of it
            task = asyncio.ensure_future(self._visit(visit))
            SITE.set("")
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _visit(self, visit: SiteVisit) -> None:
        try:
            # the end may have been said between the visit's word and its first step
            is_over = self._stops or self._ending
            answer = {"not_begun": visit.name} if is_over else await visit.run()
        finally:
            del self._visits[visit.name]
        self._answer(answer)

    def _answer(self, answer: Mapping[str, Any]) -> None:
        line = json.dumps(answer).encode() + b"\n"
        try:
            while line:
                line = line[os.write(self._answers, line) :]
        except BrokenPipeError:  # the parent is gone; what the visit did is in the database
            self._end()

    def _stop_all(self, who: str) -> None:
        """Ends all visits cleanly; said twice by the same, at once."""
        self._stops[who] = self._stops.get(who, 0) + 1
        if self._stops[who] >= _AT_ONCE:
            self._halt()
            return
        for visit in self._visits.values():
            visit.stop()
        if who == "signal":
            self._answer({"ending": True})
            self._end()

    def _end(self) -> None:
        if self._ending is None:
            self._ending = asyncio.ensure_future(self._end_all())

    async def _end_all(self) -> None:
        for visit in self._visits.values():
            visit.stop()
        while self._tasks:
            await asyncio.wait(self._tasks)
        self._halt()

    def _halt(self) -> None:
        from twisted.internet import reactor

        if cast(Any, reactor).running:
            cast(Any, reactor).stop()


_NOT_OF_MANY: Final = (  # extensions of a crawl that is alone in its process
    "crawler.extensions.progress.Progress",  # a line a minute for each site, which nobody sees
    "scrapy.extensions.logcount.LogCount",  # its handler would count the lines of all crawls
    "scrapy.extensions.memusage.MemoryUsage",  # it measures the process, which the parent replaces
)


def main() -> None:
    """Reads the settings, then visits what it is told."""
    answers = os.dup(sys.stdout.fileno())
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what a spider prints is no answer
    # unbuffered: a thread that waits with a buffer's lock would abort the exit
    words: IO[bytes] = io.FileIO(sys.stdin.fileno(), closefd=False)
    first = json.loads(words.readline())
    settings = get_project_settings()
    settings.setdict(first["settings"], priority="cmdline")
    worker = first.get("worker", "")
    VisitingProcess(settings, words=words, answers=answers, worker=worker).serve()


if __name__ == "__main__":
    main()
