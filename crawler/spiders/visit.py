"""visit: cron's look at one site: what is new, and the stored articles that are due."""

from collections.abc import AsyncIterator, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any, ClassVar, Final, Self

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.settings import BaseSettings
from sqlalchemy import Connection

from crawler.runs.arguments import SpiderArguments, VisitArguments
from crawler.runs.selection import BATCH
from crawler.spiders.discover import DiscoverSpider
from models.clock import utc_now
from models.crawl import frontier
from models.crawl.schedule import Bounds
from models.crawl.url_rows import UrlLease
from models.durations import duration
from models.errors import UsageError
from models.scheduling import visit_policy
from models.scheduling.run_lifecycle import LEASE

NEW: Final = 1000  # new pages a visit: then the sources are read again, for newer ones
REVISITS: Final = 200  # articles a visit that are asked for again, or as many as were new
FEWEST: Final = 50  # revisits that there is always room for
_ASKED: Final = "slowdown/retry_after"  # seconds, of the statistics


class VisitSpider(DiscoverSpider):
    """discover, then revisits; at its end the site's next visit is scheduled."""

    name = "visit"
    kind = "visit"
    takes: ClassVar[type[SpiderArguments]] = VisitArguments
    arguments: VisitArguments

    _sources_read = False  # to the end

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **words: Any) -> Self:
        """Opens the run; few requests wait in the downloader, which fetches them at any end."""
        spider = super().from_crawler(crawler, *args, **words)
        few = 2 * spider.run.site.fetch.concurrency
        crawler.settings.set("CONCURRENT_REQUESTS", few, priority="spider")
        return spider

    @classmethod
    def checked(cls, words: Mapping[str, str], settings: BaseSettings) -> SpiderArguments:
        """As all spiders; the bounds of the schedule are well formed too."""
        bounds(settings)
        return super().checked(words, settings)

    @property
    def limit(self) -> int:
        """The most new pages of one visit."""
        return min(NEW, super().limit)

    async def start(self) -> AsyncIterator[Request]:
        """What is new; then articles that are due, a bounded share of the visit."""
        fresh = 0
        async for request in super().start():
            fresh += 1
            yield request
        left = min(REVISITS, max(FEWEST, fresh), super().limit - fresh)
        while left > 0:
            leases = await self.writer.write(partial(self._due, size=min(BATCH, left)))
            if not leases:
                return
            left -= len(leases)
            for lease in leases:
                yield self.conditional_request(lease)
            await self.crawler.signals.wait_for(signals.scheduler_empty)

    async def find_pages(self) -> None:
        """Reads the sources if they are due: a visit may come for revisits alone."""
        limits = bounds(self.crawler.settings)
        due = partial(visit_policy.sources_are_due, run=self.run, bounds=limits, now=utc_now())
        if self.arguments.now or await self.writer.read(due):
            await super().find_pages()
            self._sources_read = True

    def at_end(self, conn: Connection, now: datetime, *, failed: bool) -> None:
        """Schedules the next visit, in the transaction that ends this one."""
        super().at_end(conn, now, failed=failed)
        frontier.release(conn, self.run.owner)  # what is left waits for the next visit
        asked = self.crawler.stats.get_value(_ASKED, 0.0)
        visit_policy.schedule(
            conn,
            self.run,
            now,
            failed=failed,
            bounds=bounds(self.crawler.settings),
            asked_to_wait=timedelta(seconds=asked),
            sources_read=self._sources_read,
        )

    def _due(self, conn: Connection, size: int) -> list[UrlLease]:
        now, run = utc_now(), self.run
        return frontier.claim_revisits(conn, run.site_id, run.owner, size, now + LEASE, now)


def bounds(settings: BaseSettings) -> Bounds:
    """How often a site may be visited, from the settings; raises UsageError."""
    shortest, longest = (
        _length(settings, name) for name in ("WINNOW_VISIT_SHORTEST", "WINNOW_VISIT_LONGEST")
    )
    if shortest > longest:
        raise UsageError("WINNOW_VISIT_SHORTEST is longer than WINNOW_VISIT_LONGEST")
    return Bounds(shortest, longest)


def _length(settings: BaseSettings, name: str) -> timedelta:
    try:
        return duration(settings[name])
    except ValueError as wrong:
        raise UsageError(f"{name}: {wrong}") from wrong
