"""Pages that were taken out on request: they are not asked for, however they are found."""

from typing import Self

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler

from crawler.middlewares.refusals import ErasedPage
from models.crawl.run import Run
from models.urls import url_key


class ErasedMiddleware:
    """Refuses requests for erased addresses, those that redirects lead to as well."""

    def __init__(self) -> None:
        self._keys: frozenset[bytes] = frozenset()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Built by Scrapy; learns the addresses when the spider opens."""
        erased = cls()
        crawler.signals.connect(erased.spider_opened, signal=signals.spider_opened)
        return erased

    def spider_opened(self, spider: Spider) -> None:
        """Takes the keys from the run; Scrapy's own commands have none, and keep nothing."""
        run: Run | None = getattr(spider, "run", None)
        if run is not None:
            self._keys = run.erased

    def process_request(self, request: Request) -> None:
        """Raises ErasedPage."""
        if self._keys and _key(request.url) in self._keys:
            led = bool(request.meta.get("redirect_urls"))
            said = "leads to a page that was erased on request" if led else "erased on request"
            raise ErasedPage(said)


def _key(url: str) -> bytes | None:
    try:
        return url_key(url)
    except ValueError:
        return None  # not ours to say: the guard refuses what is no web address
