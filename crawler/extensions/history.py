"""Records a run: its heartbeat, the outcome of every page that left the pipeline, its end."""

import asyncio
import logging
from contextlib import suppress
from dataclasses import replace
from typing import Any, Final, Self

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError
from twisted.python.failure import Failure

from crawler.extensions.run_summary import RunSummary
from models.clock import utc_now
from models.crawl import runs
from models.crawl.run import Run
from models.crawl.run_spider import RunSpider, has_run, spider_of
from models.db.writer import Writer, WriterClosed
from models.items import Page
from models.outcomes import Outcome
from models.scheduling import run_lifecycle
from models.scheduling.record_outcome import UnchangedPage, record_outcome, record_unchanged

AT_ONCE: Final = 10  # outcomes of unchanged pages in one write: the most that a kill repeats
HEARTBEAT: Final = 20.0  # seconds; a run is dead after six of them without a sign
_log = logging.getLogger(__name__)


class History:
    """Records the outcome of what leaves the pipeline without being stored, and ends the run."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._writer = Writer.shared(crawler, crawler.settings["WINNOW_DATABASE_URL"])
        self._fault: str | None = None  # what the spider itself failed with
        self._failing: list[asyncio.Future[None]] = []  # outcomes that are being written
        self._unchanged: list[UnchangedPage] = []  # archived pages, their outcome not yet written
        self._heart: asyncio.Task[None] | None = None
        self.summary: RunSummary | None = None  # once the run is closed

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Built by Scrapy; off for a spider without a run."""
        if not has_run(crawler):
            raise NotConfigured
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
        """Starts the heartbeat."""
        self._heart = asyncio.ensure_future(self._heartbeat())

    def scraped(self, item: Any) -> None:
        """A page that passed all stages: the storing one has recorded its outcome."""
        self._count(_page(item), getattr(item, "outcome", None) or Outcome.STORED)

    async def dropped(self, item: Any, exception: Exception) -> None:
        """A stage refused the page."""
        page, outcome = _page(item), getattr(exception, "outcome", Outcome.EXTRACT_CRASH)
        reason = getattr(exception, "reason", _first_line(exception))
        if outcome is not Outcome.UNCHANGED:
            await self._record(page, outcome, reason)
            return
        self._count(page, outcome)
        self._unchanged.append(UnchangedPage(page.url_id, page.status, utc_now(), reason))
        if len(self._unchanged) >= AT_ONCE:
            await self._record_unchanged()

    async def item_failed(self, item: Any, failure: Failure) -> None:
        """A stage failed on the page."""
        fault = failure.value
        outcome = Outcome.DATABASE_ERROR if _of_storage(fault) else Outcome.EXTRACT_CRASH
        await self._record(_page(item), outcome, _first_line(fault))

    def spider_failed(self, failure: Failure, response: Any) -> None:
        """A callback failed: its URL gets an outcome too. Without an answer, the run failed.

        Scrapy does not wait for this handler: `closed` does.
        """
        lease = response.request.cb_kwargs.get("lease") if response is not None else None
        if lease is None:
            self._fault = _first_line(failure.value)
            return
        write = self._write(lease.url_id, Outcome.DATABASE_ERROR, _first_line(failure.value), None)
        self._failing.append(asyncio.ensure_future(write))

    async def closed(self, reason: str) -> None:
        """Closes the run, with its counts."""
        if self._heart is not None:
            self._heart.cancel()
            with suppress(asyncio.CancelledError):
                await self._heart
        for result in await asyncio.gather(*self._failing, return_exceptions=True):
            if isinstance(result, BaseException):  # the run is closed all the same, and says so
                self._fault = self._fault or _first_line(result)
                reason = "start_error" if reason == "finished" else reason
        if self._unchanged:
            await self._record_unchanged()
        counts = await self._writer.read(lambda conn: runs.counts(conn, self._run.run_id))
        sources = self._spider.sources
        summary = RunSummary(
            kind=self._run.kind,
            site=self._run.site.name,
            counts=counts,
            seconds=0.0,  # known once the end is written
            source_faults=sources.faults,
            sources_read=sources.read,
            finish_reason=reason,
            fault=self._fault,
            left_out=sources.left_out,
        )
        seconds = await self._writer.write(lambda conn: self._end(conn, summary))
        self.summary = replace(summary, seconds=seconds)

    def _end(self, conn: Connection, summary: RunSummary) -> float:
        """The spider's last writes and the run's end, in one transaction; the run's seconds."""
        now = utc_now()
        if summary.finish_reason != "site_taken":  # else the site belongs to another run
            self._spider.at_end(conn, now, failed=bool(summary.failure) and not summary.stopped)
        run_lifecycle.end(conn, self._run, summary.status, summary.failure, now)
        return (now - (self._run.started_at or now)).total_seconds()  # as v1_runs has them

    async def stopped(self) -> None:
        """Closes the writer: nothing is written after this."""
        await asyncio.to_thread(self._writer.close)

    @property
    def _run(self) -> Run:
        return self._spider.run

    @property
    def _spider(self) -> RunSpider:
        return spider_of(self._crawler)

    async def _heartbeat(self) -> None:
        while True:
            await asyncio.sleep(HEARTBEAT)
            try:
                ours = await self._writer.write(
                    lambda conn: run_lifecycle.heartbeat(conn, self._run, utc_now())
                )
            except SQLAlchemyError as fault:
                _log.warning("the heartbeat could not be written: %s", _first_line(fault))
                continue
            if not ours:
                _log.error("another run took %s over; this one stops", self._run.site.name)
                self._heart = None
                await self._crawler.engine.close_spider_async(reason="site_taken")
                return

    async def _record(self, page: Page, outcome: Outcome, reason: str) -> None:
        await self._write(page.url_id, outcome, reason, page)
        self._count(page, outcome)

    async def _record_unchanged(self) -> None:
        """Writes the outcomes of archived pages that read as before; a kill repeats the reading."""
        pages, self._unchanged = self._unchanged, []
        await self._writer.write(lambda conn: record_unchanged(conn, self._run, pages))

    async def _write(self, url_id: int, outcome: Outcome, reason: str, page: Page | None) -> None:
        lease = self._spider.leases.get(url_id)
        await self._writer.write(
            lambda conn: record_outcome(
                conn, self._run, url_id, outcome, utc_now(),
                reason=reason, http_status=page.status if page else None,
                attempts=lease.attempts if lease else 0,
                fetched_at=page.fetched_at if page else None,
            )
        )  # fmt: skip

    def _count(self, page: Page, outcome: str) -> None:
        self._spider.leases.pop(page.url_id, None)
        self._crawler.stats.inc_value(f"outcome/{outcome}")


def _page(item: Any) -> Page:
    page: Page = getattr(item, "page", item)
    return page


def _of_storage(fault: BaseException | None) -> bool:
    """Whether the database or the archive failed, and not what reads pages."""
    if isinstance(fault, OSError):  # a full disk; a fault sent back by a worker has a cause
        return fault.__cause__ is None
    return isinstance(fault, SQLAlchemyError | WriterClosed)


def _first_line(fault: BaseException | None) -> str:
    words = str(getattr(fault, "orig", None) or fault).strip()
    return f"{type(fault).__name__}: {words.splitlines()[0][:500]}" if words else repr(fault)
