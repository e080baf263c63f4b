"""Stage 3: an article over several pages gets the text of all of them."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from scrapy.crawler import Crawler
from sqlalchemy import Connection

from models.archive import capture_parts
from models.clock import utc_now
from models.crawl import frontier
from models.crawl.run_spider import spider_of
from models.crawl.url_rows import FOUND, UrlLease
from models.items import Article, Link, Page
from models.outcomes import Outcome
from models.scheduling.record_outcome import record_outcome
from models.scheduling.run_lifecycle import LEASE
from pipelines.drops import DuplicateUrl
from pipelines.extraction.page_addresses import without_number
from pipelines.joining import is_page_of
from pipelines.page_archive import PageArchive
from pipelines.page_pool import page_pool
from pipelines.reading import read_story
from pipelines.spool_uploads import SpoolUploads
from pipelines.stage import Stage
from pipelines.story_reader import VIEW, Part, StoryReader


class PartsPipeline(Stage):
    """Article -> Article with the blocks of the story's further pages."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._pool = page_pool(crawler)
        self._reader = StoryReader(crawler)
        uploads = SpoolUploads.shared(crawler, self.writer.database)
        self._archive = PageArchive(uploads.places.local, self.writer, uploads)

    async def process_item(self, item: Article) -> Article:
        """Raises DuplicateUrl for a page that is not the first of its story."""
        if (first := await self._first_page(item)) is not None:
            raise DuplicateUrl(f"part of {first}", item.known)
        pages = item.extraction.pages
        if self._only_reads or pages.number > 1 or not pages.further:
            return item
        if not item.extraction.is_article or item.extraction.interstitial is not None:
            return item
        parts, is_partial = await self._reader.parts_of(item)
        if not parts and not is_partial:
            return item
        await self._keep(item, parts, is_partial=is_partial)
        self.count("parts/joined", len(parts))
        return await self._joined(item, parts, is_partial=is_partial)

    async def close_spider(self) -> None:
        """Closes the WARC file, whose records are on the disk already; waits for its upload."""
        with self.at_the_end():
            await self._archive.close()

    @property
    def _only_reads(self) -> bool:
        """Whether the run asks the site for nothing."""
        return self.run.kind == "reextract"

    # ------------------------------------------------------------ a page that is not the first

    async def _first_page(self, item: Article) -> str | None:
        """The URL of the story's first page, if this is another one of it."""
        page, pages = item.page, item.extraction.pages
        if page.archived is not None:
            of = partial(capture_parts.first_of, part_id=page.archived.capture_id)
            first: str | None = await self.writer.read(of)
            if first is not None:
                return first
        if pages.first is None or not item.extraction.is_article:
            return None
        if not pages.sure and not await self._is_later_page(item, pages.first):
            return None
        named: str = await self.writer.read(partial(_known_first, page=page, first=pages.first))
        if not self._only_reads:
            await self._ask_for_first(page, named)
        return named

    async def _ask_for_first(self, page: Page, url: str) -> None:
        """Has the story's first page fetched by this run, if it waits to be."""
        link = Link(url, "page", page.final_url, page.hint)
        lease = await self.writer.write(partial(self._claim_waiting, link=link))
        if lease is not None:
            self.crawler.engine.crawl(spider_of(self.crawler).request(lease))

    def _claim_waiting(self, conn: Connection, link: Link) -> UrlLease | None:
        now, run = utc_now(), self.run
        frontier.add_links(conn, run.site_id, [link], now)
        row = frontier.find(conn, link.url)
        if row is None or row.site_id != run.site_id or row.state != FOUND:
            return None
        leases = frontier.claim_these(conn, [row.url_id], run.owner, now + LEASE, now)
        return leases[0] if leases else None

    async def _is_later_page(self, item: Article, first: str) -> bool:
        """Whether the page that seems to be the first of a story is that: it is looked at."""
        if self._only_reads:
            row = await self.writer.read(partial(frontier.get, url_id=item.page.url_id))
            return row is not None and row.outcome == Outcome.DUPLICATE_URL
        part = await self._reader.ask(first, 1)
        return part is not None and is_page_of(part.extraction, item.extraction)

    # ------------------------------------------------------------ what is kept

    async def _keep(self, item: Article, parts: Sequence[Part], *, is_partial: bool) -> None:
        """Archives the pages, records their outcomes, and notes that they go with the first."""
        first, whole = item.page.final_url, item.page.capture_id
        kept: list[tuple[int, int | None]] = []
        for part in parts:
            said = "whole text of" if part.number == VIEW else "part of"
            name = partial(self._name, url=part.page.url, found_in=first)
            url_id, is_ours = await self.writer.write(name)
            if url_id is None:
                continue  # another site's page by now
            capture_id = await self._archive.keep(replace(part.page, url_id=url_id), self.run)
            kept.append((part.number, capture_id))
            if is_ours:
                reason = f"{said} {first}"
                work = partial(self._record, url_id=url_id, page=part.page, reason=reason)
                await self.writer.write(work)
        if is_partial:
            kept.append((1 + max([1, *(number for number, _ in kept)]), None))
        if whole is not None:
            await self.writer.write(partial(capture_parts.keep, capture_id=whole, parts=kept))

    def _name(self, conn: Connection, url: str, found_in: str) -> tuple[int | None, bool]:
        """The number of a page's URL; whether it is leased to this run by that."""
        now, run = utc_now(), self.run
        frontier.add_links(conn, run.site_id, [Link(url, "page", found_in)], now)
        row = frontier.find(conn, url)
        if row is None or row.site_id != run.site_id:
            return None, False
        leased = frontier.claim_these(conn, [row.url_id], run.owner, now + LEASE, now)
        return row.url_id, bool(leased)

    def _record(self, conn: Connection, url_id: int, page: Page, reason: str) -> None:
        record_outcome(
            conn, self.run, url_id, Outcome.DUPLICATE_URL, utc_now(), reason=reason,
            http_status=page.status, fetched_at=page.fetched_at,
        )  # fmt: skip

    async def _joined(self, item: Article, parts: Sequence[Part], *, is_partial: bool) -> Article:
        is_view = any(part.number == VIEW for part in parts)
        join = partial(read_story, is_view=is_view, partial=is_partial)
        pages = [part.extraction for part in parts]
        found = await self._pool.run(join, item.page, item.extraction, pages)
        return replace(
            item, extraction=found.extraction, metadata=found.extraction.metadata,
            packed=found.packed, observation=found.observation, parts=len(parts),
        )  # fmt: skip


def _known_first(conn: Connection, page: Page, first: str) -> str:
    """The first page's URL: the one without a number, if that is known, as sources name it."""
    bare = without_number(page.final_url, first)
    return bare if bare is not None and frontier.find(conn, bare) is not None else first
