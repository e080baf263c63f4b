"""Records a run: its heartbeat, the outcome of every page that left the pipeline, its end."""

import asyncio
import logging
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from time import monotonic
from typing import Any, Final, Self

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError
from twisted.python.failure import Failure

from crawler.extensions.log import OwnFaultsOnce
from crawler.extensions.outcome_writer import OutcomeWriter, first_line, of_storage
from crawler.extensions.run_summary import OWN_FAULT, RunSummary
from models.clock import utc_now
from models.crawl import runs
from models.crawl.run import Run
from models.crawl.run_spider import RunSpider, has_run, spider_of
from models.db.faults import own_fault
from models.db.writer import Writer
from models.errors import WinnowError
from models.items import Page
from models.monitoring import repeated_errors
from models.outcomes import Outcome
from models.scheduling import run_lifecycle

HEARTBEAT: Final = 20.0  # seconds; a run is dead after six of them without a sign
_log = logging.getLogger(__name__)


class History:
    """Records the outcome of what leaves the pipeline without being stored, and ends the run."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._writer = Writer.shared(crawler, crawler.settings)
        self._fault: str | None = None  # what the spider itself failed with
        self._failing: list[asyncio.Future[None]] = []  # outcomes that are being written
        self._outcomes = OutcomeWriter(crawler, self._writer)
        self._heart: asyncio.Task[None] | None = None
        self._stopping: asyncio.Future[None] | None = None  # the run's end for a fault of ours
        self._is_open = False
        self._is_closed = asyncio.Event()
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
        """Starts the heartbeat; from here on a fault of ours is told once."""
        OwnFaultsOnce.attach()
        self._opened = monotonic()
        self._is_open = True
        self._heart = asyncio.ensure_future(self._heartbeat())

    def scraped(self, item: Any) -> None:
        """A page that passed all stages: the storing one has recorded its outcome."""
        self._outcomes.count(_page(item), getattr(item, "outcome", None) or Outcome.STORED)

    async def dropped(self, item: Any, exception: Exception) -> None:
        """A stage refused the page; one that keeps waiting is asked for again by a later run."""
        if getattr(exception, "keeps_waiting", False):
            return
        page, outcome = _page(item), getattr(exception, "outcome", Outcome.EXTRACT_CRASH)
        reason = getattr(exception, "reason", first_line(exception))
        target: str | None = getattr(exception, "target", None)
        if target and self._run.kind != "reextract" and page.url_id in self._spider.leases:
            await self._spider.led_on(page, target)
        elif outcome is Outcome.UNCHANGED and self._run.kind == "reextract":
            await self._outcomes.record_unchanged(page, reason)
        else:
            await self._outcomes.record(page, outcome, reason)

    async def item_failed(self, item: Any, failure: Failure) -> None:
        """A stage failed on the page, or our own fault kept it from its work: then the run ends."""
        fault, page = failure.value, _page(item)
        ours = own_fault(fault)
        if ours is None:
            outcome = Outcome.DATABASE_ERROR if of_storage(fault) else Outcome.EXTRACT_CRASH
            await self._outcomes.record(page, outcome, first_line(fault))
            return
        self._stop(ours)
        try:
            await self._outcomes.record(page, Outcome.DATABASE_ERROR, ours, at_once=True)
        except (SQLAlchemyError, WinnowError) as unwritten:
            # the database is what is at fault: the page's lease ends with the run
            _log.debug("%s: its outcome cannot be written: %s", page.url, first_line(unwritten))

    def spider_failed(self, failure: Failure, response: Any) -> None:
        """A callback failed: its URL gets an outcome too. Without an answer, the run failed.

        Scrapy does not wait for this handler: `closed` does.
        """
        ours = own_fault(failure.value)
        if ours is not None:
            self._stop(ours)
            return
        lease = response.request.cb_kwargs.get("lease") if response is not None else None
        if lease is None:
            self._fault = first_line(failure.value)
            return
        write = self._outcomes.write(
            lease.url_id, Outcome.DATABASE_ERROR, first_line(failure.value), None
        )
        self._failing.append(asyncio.ensure_future(write))

    async def closed(self, reason: str) -> None:
        """Closes the run, with its counts."""
        try:
            await self._close(reason)
        finally:
            self._is_closed.set()

    async def _close(self, reason: str) -> None:
        if self._heart is not None:
            self._heart.cancel()
            with suppress(asyncio.CancelledError):
                await self._heart
        for result in await asyncio.gather(*self._failing, return_exceptions=True):
            if isinstance(result, BaseException):  # the run is closed all the same, and says so
                self._fault = self._fault or first_line(result)
                reason = "start_error" if reason == "finished" else reason
        try:
            await self._outcomes.flush()
            summary = self._summary(reason, *await self._writer.read(self._counts))
            seconds = await self._writer.write(lambda conn: self._end(conn, summary))
        except (SQLAlchemyError, WinnowError) as unwritten:
            # the next run finds this one dead, and frees what it held
            self._fault = self._fault or own_fault(unwritten) or first_line(unwritten)
            summary = self._summary(OWN_FAULT, self._outcomes.counts(), 0)
            seconds = monotonic() - self._opened
        self.summary = replace(summary, seconds=seconds)

    def _summary(self, reason: str, counts: Mapping[Outcome, int], repeated: int) -> RunSummary:
        sources = self._spider.sources
        return RunSummary(
            kind=self._run.kind,
            site=self._run.site.name,
            counts=counts,
            seconds=0.0,  # known once the end is written
            source_faults=sources.faults,
            sources_read=sources.read,
            finish_reason=OWN_FAULT if self._stopping else reason,
            fault=self._fault,
            left_out=sources.left_out,
            elsewhere=sources.elsewhere,
            repeated=repeated,
        )

    def _counts(self, conn: Connection) -> tuple[Mapping[Outcome, int], int]:
        """The run's URLs by outcome, as the database has them, and its repeated errors."""
        run = self._run
        repeated = repeated_errors.forgiven(conn, run.run_id, run.site_id)
        return runs.counts(conn, run.run_id), repeated

    def _stop(self, fault: str) -> None:
        """Ends the run for a fault of ours, which would meet every page: once."""
        if self._stopping is None:
            self._fault = fault
            self._spider.is_ending = True
            close = self._crawler.engine.close_spider_async(reason=OWN_FAULT)
            self._stopping = asyncio.ensure_future(close)

    def _end(self, conn: Connection, summary: RunSummary) -> float:
        """The spider's last writes and the run's end, in one transaction; the run's seconds."""
        now = utc_now()
        if summary.finish_reason != "site_taken":  # else the site belongs to another run
            self._spider.at_end(conn, now, failed=bool(summary.failure) and not summary.stopped)
        run_lifecycle.end(conn, self._run, summary.status, summary.failure, now)
        return (now - (self._run.started_at or now)).total_seconds()  # as v1_runs has them

    async def stopped(self) -> None:
        """Closes the writer: nothing is written after this.

        A signal in the last phase of a run stops the engine while the run is still being closed.
        """
        if self._is_open:
            await self._is_closed.wait()
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
                still_ours = await self._writer.write(
                    lambda conn: run_lifecycle.heartbeat(conn, self._run, utc_now())
                )
            except SQLAlchemyError as fault:
                if own := own_fault(fault):
                    self._stop(own)
                    return
                _log.warning("the heartbeat could not be written: %s", first_line(fault))
                continue
            if not still_ours:
                _log.error("another run took %s over; this one stops", self._run.site.name)
                self._heart = None
                await self._crawler.engine.close_spider_async(reason="site_taken")
                return


def _page(item: Any) -> Page:
    page: Page = getattr(item, "page", item)
    return page
