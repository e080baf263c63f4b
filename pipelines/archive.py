"""Stage 1: the raw page is safe before anything reads it."""

import asyncio
from dataclasses import replace

from scrapy.crawler import Crawler
from sqlalchemy import Connection

from models.captures import CaptureArchive
from models.items import Page
from pipelines.stage import Stage


class ArchivePipeline(Stage):
    """Page -> Page, kept; a page that came from the archive passes."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._archive: CaptureArchive | None = None
        self._one_at_a_time = asyncio.Lock()  # a WARC file is written from its end

    async def process_item(self, item: Page) -> Page:
        """Appends the page to the run's WARC file, then its place to SQL."""
        if item.capture_id is not None:
            return item
        archive = self._open()
        async with self._one_at_a_time:
            place = await asyncio.to_thread(archive.append, item)

        def keep(connection: Connection) -> int:
            return archive.keep(connection, item, place)

        self.count("archive/kept")
        return replace(item, capture_id=await self.writer.write(keep))

    def close_spider(self) -> None:
        """Closes the WARC file."""
        if self._archive is not None:
            self._archive.close()

    def _open(self) -> CaptureArchive:
        if self._archive is None:
            folder = self.crawler.settings["WINNOW_ARCHIVE_DIR"]
            self._archive = CaptureArchive(folder, self.run.run_id)
        return self._archive
