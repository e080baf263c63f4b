"""discover: what the site's sources name and the database does not hold yet."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from functools import partial

from scrapy import Request, signals
from sqlalchemy import Connection

from crawler.runs.selection import BATCH
from crawler.sources.reader import SourceReader
from crawler.sources.store import SqlSourceStore
from crawler.spiders.base import ArticleSpider
from models.crawl import frontier
from models.crawl.url_rows import UrlLease
from models.scheduling.run_lifecycle import LEASE


class DiscoverSpider(ArticleSpider):
    """Reads the sources, then fetches all that waits: also what a feed named once, long ago."""

    name = "discover"
    kind = "discover"

    reader: SourceReader | None = None

    @property
    def source_faults(self) -> list[str]:
        """Sources that could not be read, one line each."""
        return self.reader.faults if self.reader else []

    @property
    def sources_read(self) -> int:
        """How many sources were read, also in part."""
        return len(self.reader.read) if self.reader else 0

    @property
    def doing(self) -> str:
        """What the spider is at, for people who wait."""
        return self.reader.doing if self.reader else ""

    async def start(self) -> AsyncIterator[Request]:
        """Sources first; then claims in batches, as the engine has room."""
        self.reader = SourceReader(
            self.crawler, self.run.site, SqlSourceStore(self.run, self.writer)
        )
        await self.reader.read_all()
        left = self.limit
        while left > 0:
            claims = await self.writer.write(partial(self._claim, size=min(BATCH, left)))
            if not claims:
                return
            left -= len(claims)
            for claim in claims:
                yield self.request(claim)
            await self.crawler.signals.wait_for(signals.scheduler_empty)

    def _claim(self, conn: Connection, size: int) -> list[UrlLease]:
        now = datetime.now(UTC)
        run = self.run
        return frontier.claim(conn, run.site_id, run.owner, size, now + LEASE, now)
