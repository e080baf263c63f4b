"""What the stages of the pipeline share: the crawl, its writer, its run."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Self

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from twisted.python.failure import Failure

from models.crawl.run import Run
from models.crawl.run_spider import spider_of
from models.db.writer import Writer


class Stage:
    """One stage: an item in, an item out, or a `Refused` with its reason."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.writer = Writer.shared(crawler, crawler.settings)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Scrapy's way in; off for a spider that is not of ours, as in `scrapy bench`."""
        if crawler.spider is not None and not hasattr(crawler.spider, "run"):
            raise NotConfigured
        return cls(crawler)

    @property
    def run(self) -> Run:
        """The run under way; the spider opened it before the first item."""
        return spider_of(self.crawler).run

    @property
    def accepts(self) -> bool:
        """Whether a copy that is worse than the stored one is taken all the same."""
        return spider_of(self.crawler).accepts

    @contextmanager
    def at_the_end(self) -> Iterator[None]:
        """Tells the run what a stage fails with as it closes: Scrapy only logs that."""
        try:
            yield
        except Exception as fault:
            self.crawler.signals.send_catch_log(
                signals.spider_error,
                failure=Failure(fault),  # type: ignore[no-untyped-call]  # Twisted has no types
                response=None,
                spider=self.crawler.spider,
            )
            raise

    def count(self, name: str, by: int = 1) -> None:
        """Adds to a statistic named `stage/outcome`."""
        self.crawler.stats.inc_value(name, by)
