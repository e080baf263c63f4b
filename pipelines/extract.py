"""Stage 2: a page becomes blocks and metadata, in a process of its own."""

from pathlib import Path
from typing import Final

from scrapy.crawler import Crawler

from models.errors import ArchiveError, ExtractionFailed
from models.items import Article, CaptureRef, Extraction, Hint, Page
from pipelines.drops import ExtractCrash, ExtractTimeout, NoContent, ReadsAsItDid, Unreadable
from pipelines.page_reader import extract
from pipelines.pool import Pool, PoolCrash, PoolTimeout
from pipelines.reread import reread
from pipelines.stage import Stage

SECONDS_A_PAGE: Final = 20.0  # a usual page takes 0.05; the slowest honest one measured took 8


class ExtractPipeline(Stage):
    """Page -> Article, not yet stripped."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._folder = Path(crawler.settings["WINNOW_ARCHIVE_DIR"])
        workers = crawler.settings.getint("WINNOW_WORKERS")
        self._pool = Pool(workers, SECONDS_A_PAGE, warm=reread.__module__)

    async def process_item(self, item: Page) -> Article:
        """Raises ExtractTimeout, ExtractCrash, NoContent; of archived copies also Unreadable,
        and ReadsAsItDid where the reading is the stored one.
        """
        try:
            extraction = await self._read(item)
        except PoolTimeout as slow:
            raise ExtractTimeout(str(slow)) from slow
        except PoolCrash as crash:
            raise ExtractCrash(str(crash)) from crash
        except ExtractionFailed as nothing:
            raise NoContent(str(nothing)) from nothing
        except ArchiveError as gone:
            raise Unreadable(f"the archive: {gone}") from gone
        self.count("extract/done")
        if extraction is None:
            raise ReadsAsItDid
        return Article(page=item, extraction=extraction, metadata=extraction.metadata)

    async def reread(self, copy: CaptureRef, hint: Hint) -> Extraction:
        """How an archived copy reads today. Raises ArchiveError, or ExtractionFailed."""
        rules = self.run.site.extraction
        try:
            found = await self._pool.run(reread, self._folder, copy, hint, rules)
        except (PoolTimeout, PoolCrash) as fault:
            raise ExtractionFailed(str(fault)) from fault
        if found is None:
            raise RuntimeError("a reading is the same as none that was given")
        return found

    async def _read(self, page: Page) -> Extraction | None:
        rules = self.run.site.extraction
        if page.archived is not None:
            return await self._pool.run(
                reread, self._folder, page.archived, page.hint, rules, page.known_digest
            )
        return await self._pool.run(
            extract, page.body, page.charset, page.final_url, page.hint, rules, page.fetched_at
        )

    def close_spider(self) -> None:
        """Ends the workers."""
        self._pool.close()
