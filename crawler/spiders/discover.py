"""discover: what the site's sources name and the database does not hold yet."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from functools import partial

from scrapy import Request, signals
from sqlalchemy import Connection

from crawler.spiders.base import BATCH, ArticleSpider
from crawler.spiders.sources import SourceReader
from models import frontier
from models.frontier import Claim
from models.lifetime import LEASE


class DiscoverSpider(ArticleSpider):
    """Reads the sources, then fetches all that waits: also what a feed named once, long ago."""

    name = "discover"
    kind = "discover"

    async def start(self) -> AsyncIterator[Request]:
        """Sources first; then claims in batches, as the engine has room."""
        reader = SourceReader(self)
        await reader.read_all()
        self.source_faults = reader.faults
        self.sources_read = len(reader.read)
        left = self.limit
        while left > 0:
            claims = await self.writer.write(partial(self._claim, size=min(BATCH, left)))
            if not claims:
                return
            left -= len(claims)
            for claim in claims:
                yield self.request(claim)
            await self.crawler.signals.wait_for(signals.scheduler_empty)

    def _claim(self, connection: Connection, size: int) -> list[Claim]:
        now = datetime.now(UTC)
        run = self.run
        return frontier.claim(connection, run.site_id, run.holder, size, now + LEASE, now)
