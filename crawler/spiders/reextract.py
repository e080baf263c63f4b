"""reextract: archived captures read again through the same river, with nothing fetched."""

import asyncio
import hashlib
from collections import deque
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any, ClassVar, Final, Self

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.settings import BaseSettings
from sqlalchemy import Connection, Row

from crawler.spiders.again import selection
from crawler.spiders.base import ArticleSpider
from crawler.spiders.verdicts import Verdict
from models import articles, captures, frontier
from models.captures import Capture
from models.errors import ArchiveError
from models.frontier import Claim
from models.items import Page
from models.lifetime import LEASE
from models.outcomes import Outcome
from models.runs import RunLog

ROOM: Final = 16  # pages in the river at a time: the engine takes all that `start` gives
AHEAD: Final = 4  # captures read before the river has room for them


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

    @classmethod
    def checked(cls, given: dict[str, str], settings: BaseSettings) -> dict[str, str]:
        """Dates and patterns too, before anything starts."""
        selection(given)
        return super().checked(given, settings)

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **given: Any) -> Self:
        """Opens the run, and has the stages say when a page has left the river."""
        spider = super().from_crawler(crawler, *args, **given)
        for signal in (signals.item_scraped, signals.item_dropped, signals.item_error):
            crawler.signals.connect(spider.left, signal)
        return spider

    async def start(self) -> AsyncIterator[Request]:
        """Every chosen capture, as the river has room."""
        before = await self.writer.write(self._go_on)
        left = self.limit
        async for batch in self.selection.batches(self.writer, self.run.site_id, articles=False):
            chosen = await self.writer.read(partial(self._left, url_ids=batch, before=before))
            take = partial(self._claim, url_ids=list(chosen)[:left])
            claims = await self.writer.write(take)
            async for page in self._pages(claims, chosen):
                if page is not None:
                    await self._room.acquire()
                    yield Request(page.url, self.stored, cb_kwargs={"page": page}, dont_filter=True)
            left -= len(chosen)
            if left <= 0:
                return

    async def stored(self, _answer: Response, page: Page) -> AsyncIterator[Page]:
        """The page that the request brought along."""
        yield page

    def left(self) -> None:
        """A page has left the river: there is room for one more."""
        self._room.release()

    @property
    def sources_read(self) -> int:
        """How many captures were read."""
        return self._read

    async def _pages(
        self, claims: list[Claim], chosen: dict[int, int]
    ) -> AsyncIterator[Page | None]:
        """The captures of these pages, a few read ahead on other threads; None: it cannot be."""
        self.claims |= {claim.url_id: claim for claim in claims}
        wanted = [chosen[claim.url_id] for claim in claims]
        rows = await self.writer.read(partial(captures.rows, capture_ids=wanted))
        ahead: deque[tuple[Claim, asyncio.Task[Capture]]] = deque()
        for claim, capture_id in zip(claims, wanted, strict=True):
            reading = asyncio.to_thread(self._load, capture_id, rows.get(capture_id))
            ahead.append((claim, asyncio.ensure_future(reading)))
            if len(ahead) > AHEAD:
                yield await self._page_of(*ahead.popleft())
        while ahead:
            yield await self._page_of(*ahead.popleft())

    def _load(self, capture_id: int, row: Row[Any] | None) -> Capture:
        if row is None:
            raise ArchiveError(f"capture {capture_id} was removed meanwhile")
        return captures.load(row, Path(self.crawler.settings["WINNOW_ARCHIVE_DIR"]))

    async def _page_of(self, claim: Claim, loading: "asyncio.Task[Capture]") -> Page | None:
        """The archived copy as it was fetched; what cannot be read is told and settled."""
        try:
            found = await loading
        except ArchiveError as gone:
            self.source_faults.append(f"{claim.url}: {gone}")
            self.logger.warning("%s: its archived copy is left out: %s", claim.url, gone)
            await self.settle(claim, Verdict(Outcome.DATABASE_ERROR, f"the archive: {gone}", None))
            return None
        self._read += 1
        return Page(
            run_id=self.run.run_id,
            url_id=claim.url_id,
            site=self.run.site.name,
            url=claim.url,
            final_url=found.final_url,
            status=found.status,
            headers=found.headers,
            body=found.body,
            fetched_at=found.fetched_at,
            hint=claim.hint,
            charset=found.charset,
            capture_id=found.capture_id,
        )

    def _go_on(self, connection: Connection) -> list[int]:
        """The stopped runs whose work this one goes on with."""
        run = self.run
        return RunLog.go_on(connection, run.run_id, run.site_id, run.kind, self._plan())

    def _plan(self) -> str:
        parts = [repr(self.run.site.extraction), repr(sorted(self.given.items()))]
        parts += [version(package) for package in ("winnow", "trafilatura")]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()

    def _left(
        self, connection: Connection, url_ids: list[int], before: list[int]
    ) -> dict[int, int]:
        """What is still to be read: captures by url_id."""
        done = RunLog.touched(connection, before, url_ids)
        wanted = [url_id for url_id in url_ids if url_id not in done]
        newest = captures.latest(connection, wanted)
        return newest | articles.captures_of(connection, wanted)

    def _claim(self, connection: Connection, url_ids: list[int]) -> list[Claim]:
        now = datetime.now(UTC)
        return frontier.claim_these(connection, url_ids, self.run.holder, now + LEASE, now)
