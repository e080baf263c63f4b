"""Stage 1: the raw page is safe before anything reads it."""

import asyncio
from dataclasses import replace
from functools import partial
from pathlib import Path

from scrapy.crawler import Crawler

from models.archive import captures
from models.archive.captures import CaptureArchive
from models.crawl.run_spider import spider_of
from models.items import Page, WarcLocation
from pipelines.drops import CutShort
from pipelines.stage import Stage


class ArchivePipeline(Stage):
    """Page -> Page, kept; a page that came from the archive passes."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._folder = Path(crawler.settings["WINNOW_ARCHIVE_DIR"])
        self._archive: CaptureArchive | None = None
        self._one_at_a_time = asyncio.Lock()  # a WARC file is written at its end

    async def process_item(self, item: Page) -> Page:
        """Appends the page to the run's WARC file, then its place to SQL.

        Raises ArchiveUnwritable: what cannot be archived is not read.
        Raises CutShort, once it is archived, for a page that did not come whole.
        """
        if item.capture_id is not None:
            return item
        try:
            async with self._one_at_a_time:
                place = await asyncio.to_thread(self._append, item)
            capture_id = await self.writer.write(partial(captures.keep, page=item, place=place))
        finally:
            spider_of(self.crawler).unarchived.discard(item.url_id)
        self.count("archive/kept")
        if item.truncation is not None:
            raise CutShort(f"{item.truncation.reason}; archived as truncated")
        return replace(item, capture_id=capture_id)

    def close_spider(self) -> None:
        """Closes the WARC file; all its records are on the disk already."""
        if self._archive is not None:
            with self.at_the_end(), captures.writing_in(self._folder):
                self._archive.close()

    def _append(self, page: Page) -> WarcLocation:
        with captures.writing_in(self._folder):
            if self._archive is None:
                self._archive = CaptureArchive(self._folder, self.run.run_id)
            place = self._archive.append(page)
            self._archive.sync()
        return place
