"""Room for pages that is shared by all sites of a process: when it is used up, fetching waits.

Scrapy bounds the bytes in the pipeline of one crawl; two hundred crawls would hold two hundred
times as many.
"""

import asyncio
from typing import ClassVar, Final, Self
from weakref import WeakKeyDictionary, WeakSet

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.http import Response

from crawler.middlewares.robots import ROBOTS

MOST: Final = 32 << 20  # bytes of pages that are fetched or in a pipeline, of all sites
EXPECTED: Final = 256 << 10  # bytes that a request which is under way may bring
_PAUSE: Final = 0.05  # seconds between two looks, of all who wait together


class PageBudget:
    """Bytes for the pages of the crawls that it is lent to."""

    _lent: ClassVar["WeakKeyDictionary[Crawler, PageBudget]"] = WeakKeyDictionary()

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._crawlers: WeakSet[Crawler] = WeakSet()
        self._under_way: WeakSet[Request] = WeakSet()  # a crawl may end without an answer
        self._look: asyncio.Task[None] | None = None

    def lend(self, crawler: Crawler) -> None:
        """Makes this the budget of a crawl, beside others that share it."""
        self._lent[crawler] = self
        self._crawlers.add(crawler)

    @classmethod
    def lent(cls, crawler: Crawler) -> "PageBudget | None":
        """The budget that a crawl shares; None for one that is alone in its process."""
        return cls._lent.get(crawler)

    @property
    def used(self) -> int:
        """Bytes: of pages in the pipelines, and those that are expected."""
        held = 0
        for crawler in self._crawlers:
            if crawler.crawling and (slot := crawler.engine.scraper.slot) is not None:
                held += slot.active_size
        return held + len(self._under_way) * EXPECTED

    async def enter(self, request: Request) -> None:
        """Waits for room; where nothing else is under way, there is always room."""
        while (used := self.used) and used + EXPECTED > self._most:
            if self._look is None or self._look.done():
                self._look = asyncio.ensure_future(asyncio.sleep(_PAUSE))
            await asyncio.shield(self._look)
        self._under_way.add(request)

    def leave(self, request: Request) -> None:
        """The request is answered, or failed."""
        self._under_way.discard(request)


class PageBudgetMiddleware:
    """Holds requests until there is room for what they bring; nearest to the network."""

    def __init__(self, budget: PageBudget) -> None:
        self._budget = budget

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Built by Scrapy; off for a crawl that is alone in its process."""
        budget = PageBudget.lent(crawler)
        if budget is None:
            raise NotConfigured
        return cls(budget)

    async def process_request(self, request: Request) -> None:
        """Waits; robots.txt, for which other requests wait, does not."""
        if not request.meta.get(ROBOTS):
            await self._budget.enter(request)

    def process_response(self, request: Request, response: Response) -> Response:
        """From here on Scrapy counts the body."""
        self._budget.leave(request)
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:  # noqa: ARG002 - Scrapy's signature
        """Nothing comes."""
        self._budget.leave(request)
