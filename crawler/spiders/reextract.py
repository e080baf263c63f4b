"""reextract: archived captures read again through the same river, with nothing fetched."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import version
from typing import Any, ClassVar, Final, Self

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.settings import BaseSettings
from sqlalchemy import Connection

from crawler.runs.selection import BATCH, selection
from crawler.spiders.base import ArticleSpider
from models.archive import captures
from models.archive.reader import unread
from models.articles import rows
from models.crawl import frontier, runs
from models.crawl.url_rows import UrlLease
from models.items import Page
from models.outcomes import Outcome
from models.scheduling.run_lifecycle import LEASE

ROOM: Final = 16  # pages in the river at a time: the engine takes all that `start` gives
PAUSE: Final = 1.0  # seconds until pages that another run fetches are asked for once more
PATIENCE: Final = 60.0  # seconds in which that run lets none of them go


class ReextractSpider(ArticleSpider):
    """A site's captures, in the order in which its pages were found.

    An article is read from the capture that its current revision was read from; a page that
    became none, from its newest. A run that was stopped is gone on with by the next of the
    same plan: site, arguments, rules and versions of the extractors.
    """

    name = "reextract"
    kind = "reextract"
    all_sites = True
    custom_settings: dict[str, Any] | None = {  # noqa: RUF012 - Scrapy's own name and kind
        "DOWNLOADER_MIDDLEWARES": {"crawler.middlewares.stored.StoredMiddleware": 10}
    }
    arguments: ClassVar[tuple[str, ...]] = (
        "site", "limit", "since", "until", "match", "dry_run", "accept",
    )  # fmt: skip

    def __init__(self, **given: str) -> None:
        super().__init__(**given)
        self.selection = selection(given)
        self.source_faults: list[str] = []  # captures that could not be read, one line each
        self._room = asyncio.Semaphore(ROOM)
        self._read = 0  # captures
        self._held: list[int] = []  # url_ids that another run holds

    @classmethod
    def checked(cls, given: dict[str, str], settings: BaseSettings) -> dict[str, str]:
        """Dates and patterns too, before anything starts."""
        selection(given)
        return super().checked(given, settings)

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **given: Any) -> Self:
        """Opens the run, and has the stages say when a page has left the river."""
        spider = super().from_crawler(crawler, *args, **given)
        crawler.signals.connect(spider.left, signals.item_scraped)
        crawler.signals.connect(spider.left, signals.item_error)
        crawler.signals.connect(spider.dropped, signals.item_dropped)
        return spider

    async def start(self) -> AsyncIterator[Request]:
        """Every chosen capture, as the river has room."""
        before = await self.resumed()
        left = self.limit
        async for batch in self._batches():
            taken, held = await self.take(batch, before, left)
            self._held += held
            left -= len(taken)
            for claim, page in taken:
                self.leases[claim.url_id] = claim
                await self._room.acquire()
                yield Request(page.url, self.stored, cb_kwargs={"page": page}, dont_filter=True)
            if left <= 0:
                self._held = []
                return

    async def _batches(self) -> AsyncIterator[list[int]]:
        """url_ids of the chosen pages; then those again that another run held, as it lets go."""
        async for batch in self.selection.batches(self.writer, self.run.site_id, articles=False):
            yield batch
        waited, fewest = 0.0, len(self._held)
        while self._held and waited < PATIENCE and self.crawler.crawling:
            await asyncio.sleep(PAUSE)
            again, self._held = self._held, []
            for start in range(0, len(again), BATCH):
                yield again[start : start + BATCH]
            waited = waited + PAUSE if len(self._held) >= fewest else 0.0
            fewest = min(fewest, len(self._held))

    async def stored(self, _answer: Response, page: Page) -> AsyncIterator[Page]:
        """The page that the request brought along."""
        yield page

    def left(self) -> None:
        """A page has left the river: there is room for one more."""
        self._read += 1
        self._room.release()

    def dropped(self, item: Any, exception: Exception) -> None:
        """`left`, for a page that a stage refused; one that could not be read is told."""
        self.left()
        if getattr(exception, "outcome", None) is Outcome.DATABASE_ERROR:
            self._read -= 1
            self.source_faults.append(f"{item.url}: {exception}")
            self.logger.warning("%s: its archived copy is left out: %s", item.url, exception)

    @property
    def left_out(self) -> int:
        """How many pages another run held to the end."""
        return len(self._held)

    @property
    def sources_read(self) -> int:
        """How many captures were read."""
        return self._read

    async def resumed(self) -> list[int]:
        """The stopped runs whose work this one resumes."""
        run, plan = self.run, self._plan()
        return await self.writer.write(
            lambda conn: runs.resume(conn, run.run_id, run.site_id, run.kind, plan)
        )

    async def take(
        self, url_ids: list[int], before: list[int], most: int
    ) -> tuple[list[tuple[UrlLease, Page]], list[int]]:
        """The next pages to read, leased; and url_ids that another run holds."""
        return await self.writer.write(
            partial(self._take, url_ids=url_ids, before=before, most=most)
        )

    def _plan(self) -> str:
        parts = [repr(self.run.site.extraction), repr(sorted(self.given.items()))]
        parts += [version(package) for package in ("winnow", "trafilatura")]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()

    def _take(
        self, conn: Connection, url_ids: list[int], before: list[int], most: int
    ) -> tuple[list[tuple[UrlLease, Page]], list[int]]:
        """Claims up to `most` of these pages that are still to be read and have a copy; and names
        those of them that another run holds.

        Which copy is asked once the page is ours: until then, others may store a newer one.
        """
        done = runs.finished_urls(conn, before, url_ids)
        chosen = captures.latest(conn, [url for url in url_ids if url not in done])
        now = datetime.now(UTC)
        wanted = list(chosen)[:most]
        claims = frontier.claim_these(conn, wanted, self.run.owner, now + LEASE, now)
        ours = [claim.url_id for claim in claims]
        chosen |= rows.captures_of(conn, ours)
        refs = captures.refs(conn, [chosen[url_id] for url_id in ours])
        name, run_id = self.run.site.name, self.run.run_id
        pages = [
            (claim, unread(refs[chosen[claim.url_id]], name, claim.url, claim.hint, run_id))
            for claim in claims
        ]
        return pages, sorted(set(wanted).difference(ours))
