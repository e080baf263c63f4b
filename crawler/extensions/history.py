"""The run's own story: signs of life, the outcome of every page that left the river, its end."""

import asyncio
import logging
from contextlib import suppress
from datetime import UTC, datetime
from time import monotonic
from typing import Any, Final, Self

from scrapy import Spider, signals
from scrapy.crawler import Crawler
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError
from twisted.python.failure import Failure

from crawler.extensions.run_summary import RunSummary
from models.crawl import runs
from models.crawl.run import Run
from models.db.writer import Writer, WriterClosed
from models.items import Page
from models.outcomes import Outcome
from models.scheduling import run_lifecycle
from models.scheduling.record_outcome import UnchangedPage, record_outcome, record_unchanged

AT_ONCE: Final = 10  # outcomes of pages that read as they did: a kill has no more read again
HEARTBEAT: Final = 20.0  # seconds; a run is taken for dead after six of them
_log = logging.getLogger(__name__)


class History:
    """Keeps the ledger of what leaves the river without being stored, and closes the run."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._writer = Writer.shared(crawler, crawler.settings["WINNOW_DATABASE_URL"])
        self._started = monotonic()
        self._fault: str | None = None  # what the spider itself failed with
        self._failing: list[asyncio.Future[None]] = []  # outcomes that are being written
        self._alike: list[UnchangedPage] = []  # archived pages whose outcome is still to be written
        self._pulse: asyncio.Task[None] | None = None
        self.summary: RunSummary | None = None  # once the run is closed

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Scrapy's way in."""
        history = cls(crawler)
        for handler, signal in (
            (history.opened, signals.spider_opened),
            (history.scraped, signals.item_scraped),
            (history.dropped, signals.item_dropped),
            (history.item_failed, signals.item_error),
            (history.spider_failed, signals.spider_error),
            (history.closed, signals.spider_closed),
            (history.stopped, signals.engine_stopped),
        ):
            crawler.signals.connect(handler, signal)
        return history

    def opened(self) -> None:
        """Starts the signs of life."""
        self._pulse = asyncio.ensure_future(self._beat())

    def scraped(self, item: Any) -> None:
        """A page that went all the way: its outcome stands in the ledger already."""
        self._count(_page(item), getattr(item, "outcome", None) or Outcome.STORED)

    async def dropped(self, item: Any, exception: Exception) -> None:
        """A stage refused the page and said why."""
        page, outcome = _page(item), getattr(exception, "outcome", Outcome.EXTRACT_CRASH)
        reason = getattr(exception, "reason", _first_line(exception))
        if outcome is not Outcome.UNCHANGED:
            await self._settle(page, outcome, reason)
            return
        self._count(page, outcome)
        self._alike.append(UnchangedPage(page.url_id, page.status, datetime.now(UTC), reason))
        if len(self._alike) >= AT_ONCE:
            await self._settle_alike()

    async def item_failed(self, item: Any, failure: Failure) -> None:
        """A stage failed on the page."""
        fault = failure.value
        outcome = Outcome.DATABASE_ERROR if _of_storage(fault) else Outcome.EXTRACT_CRASH
        await self._settle(_page(item), outcome, _first_line(fault))

    def spider_failed(self, failure: Failure, response: Any) -> None:
        """A callback failed: its URL gets an outcome too. Without an answer, the run did.

        Scrapy does not wait for whoever hears this: `closed` does.
        """
        claim = response.request.cb_kwargs.get("claim") if response is not None else None
        if claim is None:
            self._fault = _first_line(failure.value)
            return
        write = self._write(claim.url_id, Outcome.DATABASE_ERROR, _first_line(failure.value), None)
        self._failing.append(asyncio.ensure_future(write))

    async def closed(self, spider: Spider, reason: str) -> None:
        """Closes the run, with its counts."""
        if self._pulse is not None:
            self._pulse.cancel()
            with suppress(asyncio.CancelledError):
                await self._pulse
        for came in await asyncio.gather(*self._failing, return_exceptions=True):
            if isinstance(came, BaseException):  # the run is closed all the same, and says so
                self._fault = self._fault or _first_line(came)
                reason = "start_error" if reason == "finished" else reason
        if self._alike:
            await self._settle_alike()
        counts = await self._writer.read(lambda conn: runs.counts(conn, self._run.run_id))
        ending = RunSummary(
            kind=self._run.kind,
            site=self._run.site.name,
            counts=counts,
            seconds=monotonic() - self._started,
            source_faults=tuple(getattr(spider, "source_faults", ())),
            sources_read=getattr(spider, "sources_read", 0),
            finish_reason=reason,
            fault=self._fault,
            left_out=getattr(spider, "left_out", 0),
        )
        await self._writer.write(lambda conn: self._end(conn, spider, ending))
        self.summary = ending

    def _end(self, conn: Connection, spider: Spider, ending: RunSummary) -> None:
        """The spider's last word and the run's end: whoever comes next finds both or neither."""
        now = datetime.now(UTC)
        last_word = getattr(spider, "at_end", None)
        if last_word is not None and ending.finish_reason != "site_taken":  # another run's by now
            last_word(conn, now, failed=bool(ending.failure) and not ending.stopped)
        run_lifecycle.end(conn, self._run, ending.status, ending.failure, now)

    async def stopped(self) -> None:
        """Everything has been said: the writer goes."""
        await asyncio.to_thread(self._writer.close)

    @property
    def _run(self) -> Run:
        run: Run = self._crawler.spider.run  # type: ignore[union-attr]  # ours all have one
        return run

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(HEARTBEAT)
            try:
                ours = await self._writer.write(
                    lambda conn: run_lifecycle.heartbeat(conn, self._run, datetime.now(UTC))
                )
            except SQLAlchemyError as fault:
                _log.warning("no sign of life could be given: %s", _first_line(fault))
                continue
            if not ours:
                _log.error("another run took %s over; this one stops", self._run.site.name)
                self._pulse = None
                await self._crawler.engine.close_spider_async(reason="site_taken")
                return

    async def _settle(self, page: Page, outcome: Outcome, reason: str) -> None:
        await self._write(page.url_id, outcome, reason, page)
        self._count(page, outcome)

    async def _settle_alike(self) -> None:
        """Writes the outcomes of archived pages that read as they did: a kill costs their time."""
        pages, self._alike = self._alike, []
        await self._writer.write(lambda conn: record_unchanged(conn, self._run, pages))

    async def _write(self, url_id: int, outcome: Outcome, reason: str, page: Page | None) -> None:
        claim = self._claims.get(url_id)
        await self._writer.write(
            lambda conn: record_outcome(
                conn, self._run, url_id, outcome, datetime.now(UTC),
                reason=reason, http_status=page.status if page else None,
                attempts=claim.attempts if claim else 0,
                fetched_at=page.fetched_at if page else None,
            )
        )  # fmt: skip

    def _count(self, page: Page, outcome: str) -> None:
        self._claims.pop(page.url_id, None)
        self._crawler.stats.inc_value(f"outcome/{outcome}")

    @property
    def _claims(self) -> dict[int, Any]:
        return getattr(self._crawler.spider, "claims", {})


def _page(item: Any) -> Page:
    page: Page = getattr(item, "page", item)
    return page


def _of_storage(fault: BaseException | None) -> bool:
    """Whether the database or the archive failed, and not what reads pages."""
    if isinstance(fault, OSError):  # a full disk is ours; a fault sent back by a worker is not
        return fault.__cause__ is None
    return isinstance(fault, SQLAlchemyError | WriterClosed)


def _first_line(fault: BaseException | None) -> str:
    words = str(getattr(fault, "orig", None) or fault).strip()
    return f"{type(fault).__name__}: {words.splitlines()[0][:500]}" if words else repr(fault)
