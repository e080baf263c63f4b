"""Fetching waits for the archive: a kill can lose what was asked for and is not kept yet."""

import asyncio
from typing import Final, Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest

from models.crawl.run_spider import has_run, spider_of

MOST: Final = 4  # pages; a site whose [fetch] concurrency is higher has as many under way
_PAUSE: Final = 0.02  # seconds between two looks


class NotAsked(IgnoreRequest):
    """The run ends before the page was asked for; it keeps waiting in the queue."""


class ArchivedFirstMiddleware:
    """Holds a page's request until few others are between the site and the archive.

    A fast site would be asked for hundreds of pages while the extraction processes start, or
    while the archive takes no record.
    """

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._turn = asyncio.Lock()  # one request looks; those behind it wait for that one

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Built by Scrapy."""
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Raises NotAsked where a fault of ours ends the run meanwhile."""
        lease = request.cb_kwargs.get("lease")
        if lease is None or not has_run(self._crawler):
            return
        spider = spider_of(self._crawler)
        most = max(MOST, spider.run.site.fetch.concurrency)
        if lease.url_id in spider.unarchived:
            return  # a redirect was let in before
        async with self._turn:
            while len(spider.unarchived & spider.leases.keys()) >= most:
                if spider.is_ending:
                    break
                await asyncio.sleep(_PAUSE)
            if spider.is_ending:
                raise NotAsked(f"{request.url}: the run ends")
            spider.unarchived.add(lease.url_id)
