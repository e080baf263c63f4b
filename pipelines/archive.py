"""Stage 1: the raw page is safe before anything reads it."""

from contextlib import suppress
from dataclasses import replace

from scrapy.crawler import Crawler

from models.crawl.run_spider import spider_of
from models.items import Page
from models.urls import url_key
from pipelines.canonical_link import canonical_links
from pipelines.drops import CutShort, Erased, RightsReserved
from pipelines.early_rights import obeyed_right
from pipelines.page_archive import PageArchive
from pipelines.spool_uploads import SpoolUploads
from pipelines.stage import Stage


class ArchivePipeline(Stage):
    """Page -> Page, kept; a page that came from the archive passes."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        uploads = self._uploads = SpoolUploads.shared(crawler, self.writer.database)
        self._archive = PageArchive(uploads.places.local, self.writer, uploads)

    def open_spider(self) -> None:
        """Has uploaded what earlier runs of this host left in its spool."""
        self._uploads.sweep()

    async def process_item(self, item: Page) -> Page:
        """Appends the page to the run's WARC file, then its place to SQL.

        Raises ArchiveUnwritable: what cannot be archived is not read.
        Raises Erased for another address of a page that was erased, RightsReserved.
        Raises CutShort, once it is archived, for a page that did not come whole.
        """
        if item.capture_id is not None:
            return item
        try:
            self._require_wanted(item)
            capture_id = await self._archive.keep(item, self.run)
        finally:
            spider_of(self.crawler).unarchived.discard(item.url_id)
        self.count("archive/kept")
        if item.truncation is not None:
            raise CutShort(f"{item.truncation.reason}; archived as truncated")
        return replace(item, capture_id=capture_id)

    def _require_wanted(self, page: Page) -> None:
        obey, rule = self.run.site.rights.obey or (), self.run.tdm_files.rule_of(page.final_url)
        why = obeyed_right(page, obey, rule)
        if why is not None:
            raise RightsReserved(f"{why}, which is obeyed")
        for url in canonical_links(page) if self.run.erased else ():
            with suppress(ValueError):  # it is no web address
                if url_key(url) in self.run.erased:
                    raise Erased("names a page as its own address that was erased on request")

    async def close_spider(self) -> None:
        """Closes the WARC file, whose records are on the disk already; waits for its upload."""
        with self.at_the_end():
            await self._archive.close()
