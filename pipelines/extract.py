"""Stage 2: a page becomes blocks and metadata, in a process of its own."""

from typing import Final

from scrapy.crawler import Crawler

from models.errors import ExtractionFailed
from models.items import Article, Page
from pipelines.drops import ExtractCrash, ExtractTimeout, NoContent
from pipelines.extractors.chain import extract
from pipelines.pool import Pool, PoolCrash, PoolTimeout
from pipelines.stage import Stage

SECONDS_A_PAGE: Final = 20.0  # a usual page takes 0.05; the slowest honest one measured took 8


class ExtractPipeline(Stage):
    """Page -> Article, not yet stripped."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        workers = crawler.settings.getint("WINNOW_WORKERS")
        self._pool = Pool(workers, SECONDS_A_PAGE, warm=extract.__module__)

    async def process_item(self, item: Page) -> Article:
        """Raises ExtractTimeout, ExtractCrash, NoContent."""
        rules = self.run.site.extraction
        try:
            extraction = await self._pool.run(
                extract, item.body, item.charset, item.final_url, item.hint, rules, item.fetched_at
            )
        except PoolTimeout as slow:
            raise ExtractTimeout(str(slow)) from slow
        except PoolCrash as crash:
            raise ExtractCrash(str(crash)) from crash
        except ExtractionFailed as nothing:
            raise NoContent(str(nothing)) from nothing
        self.count("extract/done")
        return Article(page=item, extraction=extraction, metadata=extraction.metadata)

    def close_spider(self) -> None:
        """Ends the workers."""
        self._pool.close()
