"""discover: what the site's sources name and the database does not hold yet."""

from collections.abc import AsyncIterator, Sequence
from functools import partial

from scrapy import Request, signals
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK
from sqlalchemy import Connection

from crawler.middlewares.refusals import Refusal
from crawler.runs.archived_copies import archived_copies
from crawler.runs.response_outcomes import outcome_of_error
from crawler.runs.selection import BATCH
from crawler.runs.start import require_archive
from crawler.sources.parsers.links import SourceBroken
from crawler.sources.reader import SourceReader
from crawler.sources.store import SqlSourceStore
from crawler.spiders.base import ArticleSpider
from models.clock import utc_now
from models.crawl import frontier
from models.crawl.run_spider import SourceReport
from models.crawl.url_rows import UrlLease
from models.items import Link, Page
from models.scheduling.run_lifecycle import LEASE


class DiscoverSpider(ArticleSpider):
    """Reads the sources, then fetches all that waits: also what a feed named once, long ago."""

    name = "discover"
    kind = "discover"

    reader: SourceReader | None = None
    _broken: str | None = None  # why `find_pages` of another class could not go on

    @property
    def sources(self) -> SourceReport:
        """Which sources were read, which failed, and which is read now."""
        reader, broken = self.reader, () if self._broken is None else (self._broken,)
        if reader is None:
            return SourceReport(faults=broken)
        return SourceReport(reader.doing, len(reader.read), (*reader.faults, *broken))

    async def start(self) -> AsyncIterator[Request]:
        """The pages that are found; then leases in batches, as the engine has room."""
        await require_archive(self.crawler.settings)
        try:
            await self.find_pages()
        except (SourceBroken, Refusal) as fault:  # what is known already is fetched all the same
            self._broken = str(fault)
        left = self.limit
        while left > 0:
            leases = await self.writer.write(partial(self._lease, size=min(BATCH, left)))
            if not leases:
                return
            left -= len(leases)
            for lease, page in leases:
                yield self.request(lease) if page is None else self.stored_request(lease, page)
            await self.crawler.signals.wait_for(signals.scheduler_empty)

    async def find_pages(self) -> None:
        """Reads the site's sources: each page that they name becomes a row."""
        self.reader = SourceReader(
            self.crawler, self.run.site, SqlSourceStore(self.run, self.writer)
        )
        await self.reader.read_all()

    async def fetch(self, url: str) -> Response:
        """The page at `url`, for a spider that finds its own; ends `find_pages` if there is none.

        Raises SourceBroken with the reason, which the run's summary says.
        """
        request = Request(url, callback=NO_CALLBACK, dont_filter=True)
        try:
            response = await self.crawler.engine.download_async(request)
        except Exception as fault:
            failed = outcome_of_error(fault)
            raise SourceBroken(f"{url}: {failed.outcome}: {failed.reason}") from fault
        if response.status != 200:
            raise SourceBroken(f"{url}: HTTP {response.status}")
        return response

    async def add_links(self, links: Sequence[Link]) -> None:
        """Makes rows of the links in the site's scope, for a spider that finds its own."""
        now, scope = utc_now(), self.run.site.scope
        inside = [link for link in links if scope.admits(link.url, None, now) is None]
        add = partial(frontier.add_links, site_id=self.run.site_id, links=inside, now=now)
        await self.writer.write(add)

    def _lease(self, conn: Connection, size: int) -> list[tuple[UrlLease, Page | None]]:
        """The next pages, each with its archived copy where that is there and was not read."""
        now, run = utc_now(), self.run
        leases = frontier.claim(conn, run.site_id, run.owner, size, now + LEASE, now)
        copies = archived_copies(conn, run, leases, now)
        return [(lease, copies.get(lease.url_id)) for lease in leases]
