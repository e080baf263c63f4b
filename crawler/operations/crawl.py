"""Runs of a spider, one after another in this process, and the exit code of each."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial

from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.settings import Settings

from crawler.extensions.history import History
from crawler.operations.command import EXIT_BUSY, EXIT_FAILED, EXIT_OK, EXIT_RED
from crawler.operations.health_check import check_site
from crawler.runs.arguments import SpiderArguments
from crawler.spiders.base import ArticleSpider
from models.crawl.run import Run
from models.crawl.run_spider import spider_of
from models.db.database import Database
from models.errors import SiteBusy, WinnowError


@dataclass(slots=True)
class Runs:
    """Runs of one spider: `print_summary` gets a line each, `say` faults with their exit code."""

    settings: Settings
    spider: type[ArticleSpider]
    print_summary: Callable[[str], None]
    say: Callable[[str, int], int]
    _codes: list[int] = field(default_factory=list)
    _faults: list[BaseException] = field(default_factory=list)

    def crawl(self, runs: Sequence[SpiderArguments]) -> list[int]:
        """An exit code for each run that began, in their order.

        Stopping one run stops all. A fault that a person can mend ends only its own run if there
        are several. Runs a reactor: once a process.
        """
        process, waiting = AsyncCrawlerProcess(self.settings), list(runs)

        def begin() -> None:
            crawler = process.create_crawler(self.spider)
            run = process.crawl(crawler, arguments=waiting.pop(0))
            # called before the process notices that no crawl is left
            run.add_done_callback(partial(ended, crawler))

        def ended(crawler: Crawler, run: "asyncio.Task[None]") -> None:
            fault = None if run.cancelled() else run.exception()
            if fault is not None and (len(runs) == 1 or not isinstance(fault, WinnowError)):
                self._faults.append(fault)
                return
            self._codes.append(self._code_of_fault(fault) if fault else self._code_of_run(crawler))
            if waiting and not (fault is None and _stopped(crawler)):
                begin()

        begin()
        process.start()
        for fault in self._faults:
            raise fault
        return self._codes

    def _code_of_fault(self, fault: BaseException) -> int:
        return self.say(str(fault), EXIT_BUSY if isinstance(fault, SiteBusy) else EXIT_FAILED)

    def _code_of_run(self, crawler: Crawler) -> int:
        """Prints how a run ended."""
        history = crawler.get_extension(History)
        if history is None or history.summary is None:
            return EXIT_FAILED
        self.print_summary(history.summary.line())
        code = EXIT_OK
        if history.summary.failure:
            code = self.say(f"{history.summary.failure}; all runs: scrapy runs", EXIT_FAILED)
        run = spider_of(crawler).run
        return code if run.kind == "reextract" else self._code_of_health(run, code)

    def _code_of_health(self, run: Run, code: int) -> int:
        """EXIT_RED if the monitors are red: unlike a failure, that does not pass by itself."""
        database = Database.open(self.settings["WINNOW_DATABASE_URL"])
        try:
            health = database.patiently(
                lambda conn: check_site(conn, run.site_id, datetime.now(UTC))
            )
        finally:
            database.close()
        if health.state != "red":
            return code
        name = run.site.name
        return self.say(f"{name} is red: {health.reason}; type: scrapy health {name}", EXIT_RED)


def _stopped(crawler: Crawler) -> bool:
    history = crawler.get_extension(History)
    return history is not None and history.summary is not None and history.summary.stopped
