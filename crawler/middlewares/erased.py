"""Pages that were taken out on request: they are not asked for, however they are found."""

import asyncio
from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured

from crawler.middlewares.refusals import ErasedPage
from models.crawl.run_spider import has_run
from models.db.writer import Writer
from models.erasures import tombstones
from models.urls import url_key


class ErasedMiddleware:
    """Refuses requests for erased addresses, those that redirects lead to as well."""

    def __init__(self, crawler: Crawler) -> None:
        self._writer = Writer.shared(crawler, crawler.settings["WINNOW_DATABASE_URL"])
        self._keys: asyncio.Future[frozenset[bytes]] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Built by Scrapy; off for a spider without a run, of which nothing is kept."""
        if not has_run(crawler):
            raise NotConfigured
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Raises ErasedPage."""
        if self._keys is None:  # once a run: nobody erases a page of a site that a run holds
            self._keys = asyncio.ensure_future(self._writer.read(tombstones.keys))
        keys = await asyncio.shield(self._keys)
        if keys and _key(request.url) in keys:
            led = bool(request.meta.get("redirect_urls"))
            said = "leads to a page that was erased on request" if led else "erased on request"
            raise ErasedPage(said)


def _key(url: str) -> bytes | None:
    try:
        return url_key(url)
    except ValueError:
        return None  # not ours to say: the guard refuses what is no web address
