"""One visit among many in a process: what they share, its run, and the line on how it ended."""

import asyncio
import logging
import re
from collections.abc import Mapping
from concurrent.futures import Future
from datetime import datetime
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Any, Final

from scrapy import signals
from scrapy.crawler import AsyncCrawlerRunner, Crawler
from scrapy.settings import Settings
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from crawler.browser.browsers import Browsers
from crawler.browser.chromium import require_browser
from crawler.extensions.history import History
from crawler.extensions.log import RUN
from crawler.extensions.outcome_writer import first_line
from crawler.extensions.run_summary import AT_ONCE
from crawler.middlewares.page_budget import PageBudget
from crawler.middlewares.proxy import proxy_of
from crawler.operations.command import EXIT_FAILED, EXIT_OK, EXIT_RED, explained
from crawler.operations.health_check import check_site, red_line
from crawler.runs.arguments import VisitArguments
from crawler.runs.start import begin_visit, prepare, site_of_run
from crawler.sources.parsers import read as parsers
from crawler.spiders.visit import VisitSpider
from models.archive.places import ArchivePlaces
from models.clock import utc_now
from models.crawl.run import Run
from models.db.database import Database
from models.db.owners import new_owner
from models.db.writer import Writer, WriterClosed
from models.errors import DatabaseAway
from models.scheduling import run_lifecycle
from models.sites.config import Site, require_enabled
from pipelines import reading
from pipelines.page_pool import SECONDS_A_PAGE
from pipelines.pool import Pool
from pipelines.spool_uploads import SpoolUploads

PREPARED: Final = 30.0  # seconds for which the database counts as looked at
_LAST_WRITE: Final = 10.0  # seconds, for the end of a run that was stopped at once
_log = logging.getLogger(__name__)


class SharedMeans:
    """What all visits of a process share: writer, extraction processes, room for pages, browser."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.sites = Path(settings["WINNOW_SITES_DIR"])
        self.writer = Writer(Database.of(settings))
        warm = f"{reading.WARM} {parsers.__name__}"
        self.pool = Pool(settings.getint("WINNOW_WORKERS"), SECONDS_A_PAGE, warm)
        self.budget = PageBudget()
        self.uploads = SpoolUploads(ArchivePlaces.of(settings), self.writer.database)
        self.browsers = Browsers(upstream=proxy_of(settings["WINNOW_PROXY"]))
        self._prepared_at = -PREPARED
        self._preparing = asyncio.Lock()

    def lend(self, crawler: Crawler, site: str) -> None:
        """Makes these the means of a crawl, before it asks for its own."""
        self.writer.lend(crawler)
        self.pool.lend(crawler, site)
        self.budget.lend(crawler)
        self.uploads.lend(crawler)
        self.browsers.lend(crawler)

    async def ready(self) -> None:
        """Looks after the database as each run does at its start, now and then for all.

        Raises DatabaseNotReady, DatabaseAway.
        """
        async with self._preparing:
            if monotonic() - self._prepared_at >= PREPARED:
                archive = ArchivePlaces.of(self.settings)
                await asyncio.to_thread(prepare, self.writer.database, archive)
                self._prepared_at = monotonic()

    async def begin(self, site: Site, due_at: datetime | None) -> Run:
        """A new run that holds the site, begun in a transaction with those of others.

        Raises SiteBusy as `begin_visit`, and DatabaseAway where the database does not answer for
        `Database.patience`.
        """
        given_up: list[bool] = []

        def work(conn: Connection) -> Run:
            if given_up:  # the database came back, after all
                raise DatabaseAway("nobody waits for this run any more")
            return begin_visit(conn, site, new_owner(), due_at)

        def close(begun: "Future[Run]") -> None:
            if given_up and not begun.cancelled() and begun.exception() is None:
                self.abort(begun.result(), "the database was away")

        asked = self.writer.ask(work)
        asked.add_done_callback(close)
        try:
            return await asyncio.wait_for(
                asyncio.shield(asyncio.wrap_future(asked)), self.writer.database.patience
            )
        except TimeoutError as late:
            given_up.append(True)
            raise DatabaseAway(
                f"{self.writer.database.address} cannot be reached: no answer"
            ) from late

    def abort(self, run: Run, reason: str) -> "Future[None]":
        """Asks for the end of a run that nobody else ends."""
        return self.writer.ask(lambda conn: run_lifecycle.abort(conn, run, reason, utc_now()))

    def close(self) -> None:
        """Ends the processes and the writer, which is waited for a while."""
        self.pool.close()
        self.uploads.close()
        self.writer.close(wait_seconds=_LAST_WRITE)


class SiteVisit:
    """The visit of one site: `run` is called once."""

    def __init__(
        self,
        process: AsyncCrawlerRunner,
        means: SharedMeans,
        name: str,
        *,
        now: bool,
        due_at: datetime | None,
        seconds: float | None,
    ) -> None:
        """`seconds`: how long it may take; `now`: its sources are read whether due or not.

        `due_at`: the site's due time when the parent checked it, None if it was never visited.
        """
        self._process, self._means = process, means
        self.name = name
        self._arguments = VisitArguments(site=name, now=now)
        self._seconds, self._due_at = seconds, due_at
        self._crawler: Crawler | None = None
        self._run: Run | None = None
        self._stopped = False

    async def run(self) -> Mapping[str, Any]:
        """How it ended, as `VisitResult` has it."""
        try:
            await self._means.ready()
            site = site_of_run(self._means.settings, self.name)
            require_enabled(site, VisitSpider.kind)
            if site.fetch.browser:
                require_browser(self._means.settings)
            self._run = await self._means.begin(site, self._due_at)
            RUN.set(self._run.run_id)
            crawler = await self._crawl(self._run)
            return await self._result(crawler, self._run)
        except Exception as fault:  # noqa: BLE001 - it ends this visit and no other
            return self._failed(fault)

    def stop(self) -> None:
        """Ends it cleanly: what it is at is left for the next time."""
        self._stopped = True
        crawler = self._crawler
        if crawler is not None and crawler.crawling and self._is_running(crawler):
            self._stopping = asyncio.ensure_future(crawler.stop_async())

    def abort(self) -> Mapping[str, Any]:
        """How it ended, where all ends at once."""
        if self._run is not None:
            self._means.abort(self._run, AT_ONCE)
        return self._line(EXIT_FAILED, AT_ONCE)

    async def _crawl(self, run: Run) -> Crawler:
        """The crawl, once it is over; a run that it does not close is closed here."""
        crawler = self._crawler = self._process.create_crawler(VisitSpider)
        if self._seconds is not None:
            limit = max(1.0, self._seconds)
            crawler.settings.set("CLOSESPIDER_TIMEOUT", limit, priority="cmdline")
        crawler.signals.connect(self._started, signals.engine_started)
        self._means.lend(crawler, self.name)
        try:
            await self._process.crawl(crawler, arguments=self._arguments, run=run)
        finally:
            history = None if crawler.spider is None else _history(crawler)
            if history is None or history.summary is None:
                reason = "the visit could not begin"
                await asyncio.wrap_future(self._means.abort(run, reason))
        return crawler

    def _started(self) -> None:
        if self._stopped:  # before there was anything to stop
            self.stop()

    def _is_running(self, crawler: Crawler) -> bool:
        try:
            return crawler.engine.running
        except RuntimeError:  # there is no engine yet
            return False

    async def _result(self, crawler: Crawler, run: Run) -> Mapping[str, Any]:
        history = _history(crawler)
        if history is None or history.summary is None:
            return self._line(EXIT_FAILED, "it ended without a word")
        summary = history.summary
        code, line = EXIT_OK, summary.line()
        if summary.failure:
            code, line = EXIT_FAILED, f"{summary.failure}; all runs: scrapy runs"
        if not summary.ours:  # else that says nothing of the site
            check = partial(check_site, site_id=run.site_id, now=utc_now())
            health = await self._means.writer.write(check)
            if health.state == "red":
                code, line = EXIT_RED, red_line(self.name, health)
        ended = {"run_id": run.run_id, **summary.document()}
        return {**self._line(code, line), "run": ended}

    def _failed(self, fault: Exception) -> Mapping[str, Any]:
        if isinstance(fault, WriterClosed | SQLAlchemyError):
            return self._line(EXIT_FAILED, first_line(fault))
        message, code = explained(fault)
        if not message:
            _log.error("the visit failed", exc_info=fault)
        return self._line(code, message or first_line(fault))

    def _line(self, code: int, line: str) -> Mapping[str, Any]:
        return {"site": self.name, "code": code, "line": named(self.name, line)}


def named(site: str, line: str) -> str:
    """The line, which names the site at its beginning."""
    there = re.match(rf"(\w+ )?{re.escape(site)}[: ]", line)  # "visit NAME: ...", "NAME is red"
    return line if there else f"{site}: {line}"


def _history(crawler: Crawler) -> History | None:
    try:
        return crawler.get_extension(History)
    except RuntimeError:  # it did not come to its extensions
        return None
