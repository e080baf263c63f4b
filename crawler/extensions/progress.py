"""The progress of a run: a moving line on a terminal, elsewhere a plain line a minute."""

import asyncio
from contextlib import suppress
from time import monotonic
from typing import Final, Self

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured

from crawler.extensions.finish_time import Pace, finish_of
from crawler.extensions.progress_line import ProgressLine
from models.clock import utc_now
from models.crawl.run_spider import has_run, spider_of

_PREFIX: Final = "outcome/"


class Progress:
    """Prints on stderr how many URLs had which outcome, how fast, and for how long."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._line = ProgressLine()
        self._started = monotonic()
        self._pace = Pace(self._started)
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
        self._line.clear()

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
        urls, sources = sum(counts.values()), spider.sources
        shown = ", ".join(f"{n} {name}" for name, n in sorted(counts.items(), key=lambda c: -c[1]))
        doing = sources.doing if not urls else ""
        of = f" of {sources.to_read}" if sources.to_read else ""
        rate = urls / max(seconds, 0.1)
        if sources.to_read:
            self._pace.note(urls, monotonic())
            rate = self._pace.rate
        return (
            f"{spider.name} {spider.run.site.name}: {urls}{of} URLs"
            f"{f' ({shown})' if shown else ''}, {rate:.2f}/s,"
            f" {int(seconds) // 60}:{int(seconds) % 60:02}{f', {doing}' if doing else ''}"
            f"{finish_of(sources, urls, rate, utc_now())}"
        )

    async def _show(self) -> None:
        while True:
            await asyncio.sleep(self._line.every)
            self._line.show(self.line())
