"""Stage 2: what is stored of a page is loaded, and the page becomes blocks and metadata."""

import logging
from dataclasses import replace
from functools import partial
from pathlib import Path

from scrapy.crawler import Crawler
from sqlalchemy import Connection

from models.archive import capture_parts
from models.articles import known_pages
from models.articles.extraction_codec import digest
from models.errors import ArchiveError, ExtractionFailed, LeadsElsewhere, PageTooLarge
from models.items import Article, CaptureRef, Extraction, KnownPage, Page, StoryPart
from models.templates import OFF_TEMPLATE
from pipelines.drops import (
    DuplicateUrl,
    ExtractCrash,
    ExtractTimeout,
    NoContent,
    ReadsAsItDid,
    TooLarge,
    Unreadable,
)
from pipelines.page_pool import page_pool
from pipelines.pool import PoolCrash, PoolTimeout
from pipelines.reading import ParsedPage, read, reread
from pipelines.stage import Stage
from pipelines.template_cache import TemplateCache

_log = logging.getLogger(__name__)


class ExtractPipeline(Stage):
    """Page -> Article, not yet stripped, with what is known of the page."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._folder = Path(crawler.settings["WINNOW_ARCHIVE_DIR"])
        self._pool = page_pool(crawler)

    def open_spider(self) -> None:
        """Knows no template yet."""
        self._templates = TemplateCache(self.writer, self.run)

    async def process_item(self, item: Page) -> Article:
        """Raises ExtractTimeout, ExtractCrash, NoContent, TooLarge, DuplicateUrl; of archived
        copies also Unreadable, and ReadsAsItDid where the reading is the stored one.
        """
        known = await self.writer.read(partial(_known, page=item))
        try:
            found = await self._read(item, known)
        except PoolTimeout as slow:
            raise ExtractTimeout(str(slow), known) from slow
        except PoolCrash as crash:
            raise ExtractCrash(str(crash), known) from crash
        except PageTooLarge as large:
            raise TooLarge(str(large), known) from large
        except LeadsElsewhere as led:
            raise DuplicateUrl(f"leads to {led.target}", known, led.target) from led
        except ExtractionFailed as nothing:
            raise NoContent(str(nothing), known) from nothing
        except ArchiveError as gone:
            raise Unreadable(f"the archive: {gone}", known) from gone
        self.count("extract/done")
        if found is None:
            raise ReadsAsItDid
        self._templates.note(found.extraction.template_key, found.observation.lesson)
        self.count(f"extract/read/{found.searched or OFF_TEMPLATE}")
        if known is not None and item.archived is None:
            known = replace(known, reread=await self._reread(item, known, found))
        return Article(
            item,
            found.extraction,
            found.extraction.metadata,
            known,
            packed=found.packed,
            observation=found.observation,
        )

    async def _read(self, page: Page, known: KnownPage | None) -> ParsedPage | None:
        rules, templates = self.run.site.extraction, await self._templates.of_page(page, known)
        if page.archived is not None:
            same = digest(known.packed) if known and known.packed and known.observed else None
            parts = await self._parts(page.archived)
            return await self._pool.run(
                reread, self._folder, page.archived, page, rules, same, parts, templates
            )
        return await self._pool.run(read, page, rules, templates)

    async def _reread(self, page: Page, known: KnownPage, found: ParsedPage) -> Extraction | None:
        """How the stored copy reads by today's rules and extractor; None if they are the same.

        An edited rule or a better extractor is not the publisher's edit.
        """
        if known.basis == found.extraction.basis or known.copy is None or known.packed is None:
            return None
        if found.packed == known.packed:
            return None
        rules = self.run.site.extraction
        try:
            page = replace(page, body=b"")
            today: ParsedPage | None = await self._pool.run(
                reread, self._folder, known.copy, page, rules, None, await self._parts(known.copy)
            )
        except (ArchiveError, ExtractionFailed, PoolTimeout, PoolCrash) as fault:
            _log.warning(
                "%s: its stored copy cannot be read by today's rules (%s); a change of the rules"
                " may count as the publisher's",
                page.url,
                fault,
            )
            return None
        return None if today is None else today.extraction

    async def _parts(self, copy: CaptureRef) -> tuple[StoryPart, ...]:
        return await self.writer.read(partial(capture_parts.of, capture_id=copy.capture_id))

    def close_spider(self) -> None:
        """Ends the workers."""
        self._pool.close()


def _known(conn: Connection, page: Page) -> KnownPage | None:
    """What is stored of a page, else of the one that redirected to it."""
    known = known_pages.of_url(conn, page.url_id)
    if known is None and page.came_from is not None:
        known = known_pages.of_url(conn, page.came_from)
    return known
