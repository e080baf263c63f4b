"""Runs of a spider, one after another in this process, and the exit code of each."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final

from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.settings import Settings
from sqlalchemy.exc import SQLAlchemyError

from crawler.extensions.history import History
from crawler.extensions.run_summary import AT_ONCE, RunSummary
from crawler.operations.command import EXIT_BUSY, EXIT_FAILED, EXIT_OK, EXIT_RED
from crawler.operations.health_check import check_killed, check_site, red_line
from crawler.runs.arguments import SpiderArguments
from crawler.runs.workload import LATER_SITES
from crawler.spiders.base import ArticleSpider
from models.clock import utc_now
from models.crawl.run import Run
from models.crawl.run_spider import spider_of
from models.db.database import Database
from models.db.writer import WriterClosed
from models.errors import DatabaseAway, SiteBusy, StoppedAtOnce, WinnowError
from models.process_memory import keep_what_is_loaded, return_large_blocks
from models.scheduling import run_lifecycle
from pipelines.extract import ExtractPipeline

_LAST_WRITE: Final = 10.0  # seconds, for the end of a run that was stopped at once


def crawl_in_turn(
    settings: Settings,
    spider: type[ArticleSpider],
    runs: Sequence[SpiderArguments],
    ended: Callable[[Crawler, BaseException | None], bool],
    begins: Callable[[Crawler], None] | None = None,
) -> None:
    """Crawls with each of these arguments, one after the other. Runs a reactor: once a process.

    `begins` is called with each crawl before it begins, `ended` with each crawl and what it failed
    with; the next begins if that returns True. What `ended` raises ends all, and is raised here. A
    crawl that a second signal cut off failed with StoppedAtOnce.
    """
    return_large_blocks()
    keep_what_is_loaded()
    process, waiting, faults = AsyncCrawlerProcess(settings), list(runs), list[BaseException]()
    under_way: dict[asyncio.Task[None], Crawler] = {}

    def begin() -> None:
        crawler = process.create_crawler(spider)
        if begins is not None:
            begins(crawler)
        arguments = waiting.pop(0)
        crawler.settings.set(LATER_SITES, [later.site for later in waiting], priority="cmdline")
        run = process.crawl(crawler, arguments=arguments)
        under_way[run] = crawler
        # called before the process notices that no crawl is left
        run.add_done_callback(partial(done, crawler))

    def done(crawler: Crawler, run: "asyncio.Task[None]") -> None:
        under_way.pop(run)
        if goes_on(crawler, None if run.cancelled() else run.exception()) and waiting:
            begin()

    def goes_on(crawler: Crawler, fault: BaseException | None) -> bool:
        try:
            return ended(crawler, fault)
        except BaseException as stop:  # noqa: BLE001 - raised again after the reactor stops
            faults.append(stop)
            return False

    begin()
    process.start()
    for crawler in under_way.values():  # the reactor was stopped before they ended
        goes_on(crawler, StoppedAtOnce(AT_ONCE))
    for fault in faults:
        raise fault


@dataclass(slots=True)
class Runs:
    """Runs of one spider, one after another.

    `print_summary` gets how each ended, and its number; `say` gets faults with their exit code.
    """

    settings: Settings
    spider: type[ArticleSpider]
    print_summary: Callable[[RunSummary, int], None]
    say: Callable[[str, int], int]
    begins: Callable[[Crawler], None] | None = None  # as of `crawl_in_turn`
    _codes: list[int] = field(default_factory=list)

    def crawl(self, runs: Sequence[SpiderArguments]) -> list[int]:
        """An exit code for each run that began, in their order.

        Stopping one run stops all. A fault that a person can mend ends only its own run if there
        are several.
        """

        def ended(crawler: Crawler, fault: BaseException | None) -> bool:
            if isinstance(fault, StoppedAtOnce):
                self._abort(crawler, str(fault))
            if fault is not None and (len(runs) == 1 or not isinstance(fault, WinnowError)):
                raise fault
            self._codes.append(self._code_of_fault(fault) if fault else self._code_of_run(crawler))
            # a database that is away is away for all
            return not (isinstance(fault, DatabaseAway) or (fault is None and _stopped(crawler)))

        crawl_in_turn(self.settings, self.spider, runs, ended, self.begins)
        return self._codes

    def _abort(self, crawler: Crawler, reason: str) -> None:
        """Closes a run that Scrapy did not end: its row, its claims, its processes."""
        spider = crawler.spider
        if not isinstance(spider, ArticleSpider):
            return  # it did not come to its run
        stage = crawler.get_item_pipeline(ExtractPipeline)
        if stage is not None:
            stage.end_workers()
        try:
            spider.writer.last_write(
                lambda conn: run_lifecycle.abort(conn, spider.run, reason, utc_now()), _LAST_WRITE
            )
        except (WriterClosed, SQLAlchemyError) as fault:
            number = spider.run.run_id
            self.say(f"run {number} is not closed, the next run does it: {fault}", EXIT_FAILED)

    def _code_of_fault(self, fault: BaseException) -> int:
        return self.say(str(fault), EXIT_BUSY if isinstance(fault, SiteBusy) else EXIT_FAILED)

    def _code_of_run(self, crawler: Crawler) -> int:
        """Prints how a run ended."""
        history = crawler.get_extension(History)
        if history is None or history.summary is None:
            return EXIT_FAILED
        run = spider_of(crawler).run
        self.print_summary(history.summary, run.run_id)
        code = EXIT_OK
        if history.summary.failure:
            code = self.say(f"{history.summary.failure}; all runs: scrapy runs", EXIT_FAILED)
        unasked = run.kind == "reextract" or history.summary.ours  # that says nothing of the site
        return code if unasked else self._code_of_health(run, code)

    def _code_of_health(self, run: Run, code: int) -> int:
        """EXIT_RED if the monitors are red: unlike a failure, that does not pass by itself."""
        database = Database.open(self.settings["WINNOW_DATABASE_URL"])
        try:
            health = database.write_when_there(
                lambda conn: check_site(conn, run.site_id, utc_now())
            )
            # as nobody else will
            sites_dir = Path(self.settings["WINNOW_SITES_DIR"])
            database.write_when_there(lambda conn: check_killed(conn, utc_now(), sites_dir))
        finally:
            database.close()
        if health.state != "red":
            return code
        return self.say(red_line(run.site.name, health), EXIT_RED)


def _stopped(crawler: Crawler) -> bool:
    history = crawler.get_extension(History)
    return history is not None and history.summary is not None and history.summary.stopped
