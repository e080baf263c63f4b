"""Stage 2: what is stored of a page is loaded, and the page becomes blocks and metadata."""

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Final, NamedTuple

from scrapy.crawler import Crawler
from sqlalchemy import Connection

from models.archive import capture_parts
from models.archive.places import ArchivePlaces
from models.articles import extractions, known_pages
from models.articles.extraction_codec import digest
from models.clock import utc_now
from models.crawl import runs
from models.errors import ArchiveError, ExtractionFailed, LeadsElsewhere, PageTooLarge
from models.items import Article, CaptureRef, Extraction, KnownPage, Page, StoryPart
from models.monitoring import wrong_templates
from models.templates import OFF_TEMPLATE
from pipelines.drops import (
    DuplicateUrl,
    ElsewhereYet,
    ExtractCrash,
    ExtractTimeout,
    LeftWaiting,
    NoContent,
    ReadsAsItDid,
    TooLarge,
    Unreadable,
)
from pipelines.page_pool import RunIsOver, page_pool
from pipelines.pool import PoolCrash, PoolTimeout
from pipelines.reading import ParsedPage, TdmRules, read, reread
from pipelines.remote_records import RemoteRecords, StoreUnread
from pipelines.stage import Stage
from pipelines.template_cache import TemplateCache

_log = logging.getLogger(__name__)
# why a stored copy could not be read beside a new one
_NOT_READ: Final = (
    ArchiveError, ElsewhereYet, StoreUnread, ExtractionFailed, PoolTimeout, PoolCrash,
)  # fmt: skip


class _Disagreement(NamedTuple):
    """A page that showed a template to be wrong."""

    url: str
    at: datetime


class ExtractPipeline(Stage):
    """Page -> Article, not yet stripped, with what is known of the page."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        places = ArchivePlaces.of(crawler.settings)
        self._folder, self._records = places.local, RemoteRecords(places)
        self._pool = page_pool(crawler)
        self._wrong: dict[int, _Disagreement] = {}  # by the template's key, the last of each

    def open_spider(self) -> None:
        """Knows no template yet."""
        self._templates = TemplateCache(self.writer, self.run)

    async def process_item(self, item: Page) -> Article:
        """Raises ExtractTimeout, ExtractCrash, NoContent, TooLarge, DuplicateUrl; of archived
        copies also Unreadable, ElsewhereYet, StoreUnread, and ReadsAsItDid where the reading is
        the stored one.
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
        except RunIsOver as over:
            raise LeftWaiting(str(over)) from over
        except StoreUnread as away:
            if self.run.kind == "reextract":
                raise  # it would meet all its pages
            raise ElsewhereYet(str(away), "") from away
        except ArchiveError as gone:
            raise Unreadable(f"the archive: {gone}", known) from gone
        self.count("extract/done")
        if found is None:
            raise ReadsAsItDid
        self._note(item, found)
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

    def _note(self, page: Page, found: ParsedPage) -> None:
        """Counts how a page was read, and says at once if its template proved wrong."""
        site, url, lesson = self.run.site.name, page.final_url, found.observation.lesson
        self.count(f"extract/read/{found.searched or OFF_TEMPLATE}")
        if found.searched is not None:
            _log.debug("%s: %s is searched: %s", site, url, found.searched)
        if lesson is not None and lesson.agrees is False:
            self.count("extract/disagreed")
        wrong = self._templates.note(found.extraction.template_key, lesson)
        if wrong is None:
            return
        self._wrong[wrong] = _Disagreement(url, utc_now())
        _log.warning(
            "%s: template %d is wrong: %s reads otherwise by search; it is learned anew. To mend"
            " the articles that were read off it, type: scrapy crawl reextract -a site=%s",
            site, wrong, url, site,
        )  # fmt: skip

    async def _read(self, page: Page, known: KnownPage | None) -> ParsedPage | None:
        rules, templates = self.run.site.extraction, await self._templates.of_page(page, known)
        if page.archived is not None:
            same = digest(known.packed) if known and known.packed and known.observed else None
            parts = await self._parts(page.archived)
            copies = _copies(page.archived, parts)
            reserved, members = self._reserved(copies), await self._records.of(copies)
            return await self._pool.run(
                reread, self._folder, page.archived, page, rules, same, parts, templates, reserved,
                members,
            )  # fmt: skip
        reserved = self.run.tdm_files.rules_of([page.final_url])
        return await self._pool.run(read, page, rules, templates, reserved)

    async def _reread(self, page: Page, known: KnownPage, found: ParsedPage) -> Extraction | None:
        """How the stored copy reads by today's rules and extractor; None if they are the same.

        An edited rule or a better extractor is not the publisher's edit.
        """
        if known.basis == found.extraction.basis or known.copy is None or known.packed is None:
            return None
        if found.packed == known.packed:
            return None
        rules, parts = self.run.site.extraction, await self._parts(known.copy)
        copies = _copies(known.copy, parts)
        try:
            members = await self._records.of(copies)
            reread_today = partial(reread, reserved=self._reserved(copies), members=members)
            page = replace(page, body=b"")
            today: ParsedPage | None = await self._pool.run(
                reread_today, self._folder, known.copy, page, rules, None, parts
            )
        except _NOT_READ as fault:
            _log.warning(
                "%s: its stored copy cannot be read by today's rules (%s); a change of the rules"
                " may count as the publisher's",
                page.url,
                fault,
            )
            return None
        return None if today is None else today.extraction

    def _reserved(self, copies: Sequence[CaptureRef]) -> TdmRules:
        """What the hosts' files say of an archived page and the further ones of its story."""
        return self.run.tdm_files.rules_of(one.final_url for one in copies)

    async def _parts(self, copy: CaptureRef) -> tuple[StoryPart, ...]:
        return await self.writer.read(partial(capture_parts.of, capture_id=copy.capture_id))

    async def close_spider(self) -> None:
        """Ends the workers; notes which templates proved wrong, and what was read off them."""
        self.end_workers()
        with self.at_the_end():
            for key, seen in self._wrong.items():
                await self._note_wrong(key, seen)

    def end_workers(self) -> None:
        """Ends the workers: all that is left to do of a run that Scrapy did not end."""
        self._pool.close()
        self._records.close()

    async def _note_wrong(self, key: int, seen: _Disagreement) -> None:
        run = self.run
        articles = await self.writer.read(  # apart: a large site takes seconds to count
            partial(extractions.read_off, site_id=run.site_id, template_key=key)
        )
        detail = wrong_templates.detail(key, seen.url, articles)
        event = partial(
            runs.event, site_id=run.site_id, run_id=run.run_id, kind=wrong_templates.KIND,
            detail=detail, now=seen.at,
        )  # fmt: skip
        await self.writer.write(event)


def _copies(copy: CaptureRef, parts: Sequence[StoryPart]) -> list[CaptureRef]:
    """The copy of a page, and those of the further pages of its story."""
    return [copy, *(part.copy for part in parts if part.copy is not None)]


def _known(conn: Connection, page: Page) -> KnownPage | None:
    """What is stored of a page, else of the one that redirected to it."""
    known = known_pages.of_url(conn, page.url_id)
    if known is None and page.came_from is not None:
        known = known_pages.of_url(conn, page.came_from)
    return known
