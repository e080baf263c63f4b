"""reextract: archived captures read again through the same river, with nothing fetched."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any, ClassVar, Final, Self

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.settings import BaseSettings
from sqlalchemy import Connection

from crawler.spiders.again import selection
from crawler.spiders.base import ArticleSpider
from crawler.spiders.verdicts import Verdict
from models import articles, captures, frontier
from models.errors import ArchiveError
from models.frontier import Claim
from models.items import Page
from models.lifetime import LEASE
from models.outcomes import Outcome
from models.runs import RunLog

ROOM: Final = 16  # pages in the river at a time; the engine does not wait for those of `start`


class ReextractSpider(ArticleSpider):
    """A site's captures, in the order in which its pages were found.

    An article is read from the capture that its current revision was read from; a page that
    became none, from its newest. A run that was stopped is gone on with by the next of the
    same plan: site, arguments, rules and versions of the extractors.
    """

    name = "reextract"
    kind = "reextract"
    arguments: ClassVar[tuple[str, ...]] = (
        "site", "limit", "since", "until", "match", "dry_run", "accept",
    )  # fmt: skip

    def __init__(self, **given: str) -> None:
        super().__init__(**given)
        self.selection = selection(given)
        self.source_faults: list[str] = []  # captures that could not be read, one line each
        self._room = asyncio.Semaphore(ROOM)

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

    async def start(self) -> AsyncIterator[Page]:
        """Every chosen capture as a Page, as the river has room."""
        before = await self.writer.write(self._go_on)
        left = self.limit
        async for batch in self.selection.batches(self.writer, self.run.site_id, articles=False):
            chosen = await self.writer.read(partial(self._left, url_ids=batch, before=before))
            take = partial(self._claim, url_ids=list(chosen)[:left])
            for claim in await self.writer.write(take):
                page = await self._read(claim, chosen[claim.url_id])
                if page is not None:
                    await self._room.acquire()
                    yield page
            left -= len(chosen)
            if left <= 0:
                break
        for _ in range(ROOM):  # the last pages have left the river
            await self._room.acquire()

    def left(self) -> None:
        """A page has left the river: there is room for one more."""
        self._room.release()

    async def _read(self, claim: Claim, capture_id: int) -> Page | None:
        self.claims[claim.url_id] = claim
        folder = Path(self.crawler.settings["WINNOW_ARCHIVE_DIR"])
        try:
            found = await self.writer.read(
                partial(captures.read, folder=folder, capture_id=capture_id)
            )
        except ArchiveError as gone:
            self.source_faults.append(f"capture {capture_id} of {claim.url}: {gone}")
            await self.settle(claim, Verdict(Outcome.NO_CONTENT, f"the archive: {gone}", None))
            return None
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
            capture_id=capture_id,
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
