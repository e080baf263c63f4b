"""The progress of a run: a moving line on a terminal, elsewhere a plain line a minute."""

import asyncio
import shutil
import sys
from contextlib import suppress
from time import monotonic
from typing import Final, Self

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured

from models.crawl.run_spider import has_run, spider_of

TERMINAL: Final = 0.5  # seconds between two updates
PLAIN: Final = 60.0  # seconds between two lines in a log
_PREFIX: Final = "outcome/"


class Progress:
    """Prints on stderr how many URLs had which outcome, how fast, and for how long."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._terminal = sys.stderr.isatty()
        self._started = monotonic()
        self._task: asyncio.Task[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Built by Scrapy; off for a spider without a run, and if the log is off."""
        if not crawler.settings.getbool("LOG_ENABLED") or not has_run(crawler):
            raise NotConfigured
        progress = cls(crawler)
        crawler.signals.connect(progress.opened, signals.spider_opened)
        crawler.signals.connect(progress.closed, signals.spider_closed)
        return progress

    def opened(self) -> None:
        """Starts the line."""
        self._task = asyncio.ensure_future(self._show())

    async def closed(self) -> None:
        """Removes the line: the summary takes its place."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
        if self._terminal:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()

    def line(self) -> str:
        """For example 'discover example: 42 URLs (40 stored, 2 gone), 0.98/s, 0:43'."""
        seconds = monotonic() - self._started
        stats = self._crawler.stats.get_stats()
        counts = {
            name.removeprefix(_PREFIX): count
            for name, count in stats.items()
            if name.startswith(_PREFIX)
        }
        spider = spider_of(self._crawler)
        urls = sum(counts.values())
        shown = ", ".join(f"{n} {name}" for name, n in sorted(counts.items(), key=lambda c: -c[1]))
        doing = spider.sources.doing if not urls else ""
        return (
            f"{spider.name} {spider.run.site.name}: {urls} URLs"
            f"{f' ({shown})' if shown else ''}, {urls / max(seconds, 0.1):.2f}/s,"
            f" {int(seconds) // 60}:{int(seconds) % 60:02}{f', {doing}' if doing else ''}"
        )

    async def _show(self) -> None:
        while True:
            await asyncio.sleep(TERMINAL if self._terminal else PLAIN)
            if self._terminal:
                width = shutil.get_terminal_size().columns
                sys.stderr.write(f"\r\x1b[K{self.line()[: width - 1]}")
            else:
                sys.stderr.write(f"{self.line()}\n")
            sys.stderr.flush()
