"""scrapy crawl: one run of one spider on one site."""

import argparse
import asyncio
import difflib
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import ClassVar, cast

from scrapy.crawler import AsyncCrawlerProcess, Crawler
from scrapy.settings import Settings
from scrapy.spiderloader import get_spider_loader
from scrapy.utils.conf import arglist_to_dict

from crawler.extensions.history import History
from crawler.operations.command import (
    EXIT_BUSY,
    EXIT_FAILED,
    EXIT_OK,
    EXIT_RED,
    EXIT_USAGE,
    WinnowCommand,
)
from crawler.operations.health_check import check_site
from crawler.operations.visits import worst
from crawler.spiders.base import ArticleSpider
from models.crawl.run import Run
from models.errors import SiteBusy, UsageError, WinnowError
from models.sites.config import load_all


class Command(WinnowCommand):
    """Runs a spider, prints its summary, and ends with the run's exit code."""

    example: ClassVar[str] = "scrapy crawl discover -a site=example"

    def syntax(self) -> str:
        """What follows the verb."""
        return "[options] SPIDER -a site=NAME"

    def short_desc(self) -> str:
        """One line for the list of verbs."""
        return "Fetch a site: discover (what is new), recrawl (known pages), reextract (archive)"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """`-a`, as Scrapy has it."""
        super().add_options(parser)
        parser.add_argument(
            "-a", dest="arguments", action="append", default=[], metavar="NAME=VALUE",
            help="an argument of the spider: site, limit, accept; recrawl also since, until, match,"
            " urls; reextract also since, until, match, dry_run",
        )  # fmt: skip
        parser.add_argument(
            "--accept", action="store_true",
            help="take copies that look worse than the stored ones, as -a accept=1 does",
        )  # fmt: skip

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        """Exit code 0 where the run is done, 1 where it failed, 3 where its site is red."""
        if len(args) != 1:
            raise UsageError(f"which spider? type: {self.example}")
        try:
            given = arglist_to_dict(opts.arguments)
        except ValueError as wrong:
            raise UsageError(f"-a takes NAME=VALUE, as in: {self.example}") from wrong
        if opts.accept:
            given["accept"] = "1"
        spider = self._spider(args[0])
        runs, mistakes = self._runs(spider, given)
        for mistake in mistakes:
            self._say(mistake, EXIT_USAGE)
        if given.get("dry_run") == "1":
            from crawler.operations.dry_run import (
                dry_run,  # heavy, and Scrapy loads every verb for each
            )

            codes = dry_run(cast(Settings, self.settings), runs, print, self._say)
        else:
            codes = self._crawl(spider, runs)
        return worst([*codes, *[EXIT_USAGE] * bool(mistakes)])

    def _runs(
        self, spider: type[ArticleSpider], given: dict[str, str]
    ) -> tuple[list[dict[str, str]], list[str]]:
        """The arguments of each run, checked before anything starts; and files that are wrong."""
        settings = cast(Settings, self.settings)
        if not (spider.all_sites and given.get("site") == "all"):
            return [spider.checked(given, settings)], []
        folder = Path(settings["WINNOW_SITES_DIR"])
        sites, mistakes = load_all(folder)
        if not sites:
            raise UsageError(f"no site in {folder}; type: scrapy sites add URL")
        runs = [spider.checked({**given, "site": site.name}, settings) for site in sites]
        return runs, [str(mistake) for mistake in mistakes]

    def _crawl(self, spider: type[ArticleSpider], runs: list[dict[str, str]]) -> list[int]:
        """One run after another, each with its line; codes in their order.

        Whoever stops one stops all: the next begins nowhere. A fault that is ours to explain
        costs its own run where there are several.
        """
        process, waiting, codes = AsyncCrawlerProcess(self.settings), list(runs), []
        faults: list[BaseException] = []

        def begin() -> None:
            crawler = process.create_crawler(spider)
            run = process.crawl(crawler, **waiting.pop(0))
            # called before the process notices that no crawl is left
            run.add_done_callback(partial(ended, crawler))

        def ended(crawler: Crawler, run: "asyncio.Task[None]") -> None:
            fault = None if run.cancelled() else run.exception()
            if fault is not None and (len(runs) == 1 or not isinstance(fault, WinnowError)):
                faults.append(fault)
                return
            codes.append(self._faulty(fault) if fault else self._ended(crawler))
            history = crawler.get_extension(History) if fault is None else None
            stopped = (
                history is not None and history.summary is not None and history.summary.stopped
            )
            if waiting and not stopped:
                begin()

        begin()
        process.start()
        for fault in faults:
            raise fault
        return codes

    def _ended(self, crawler: Crawler) -> int:
        """Says how a run ended."""
        history = crawler.get_extension(History)
        if history is None or history.summary is None:
            return EXIT_FAILED
        print(history.summary.line(), flush=True)
        code = EXIT_OK
        if history.summary.failure:
            code = self._say(f"{history.summary.failure}; all runs: scrapy runs", EXIT_FAILED)
        run = cast(ArticleSpider, crawler.spider).run
        return code if run.kind == "reextract" else self._watched(run, code)

    def _faulty(self, fault: BaseException) -> int:
        return self._say(str(fault), EXIT_BUSY if isinstance(fault, SiteBusy) else EXIT_FAILED)

    def _watched(self, run: Run, code: int) -> int:
        """RED where the monitors say so: unlike a failure, that does not pass by itself."""
        with self.ready_database() as database:
            health = database.patiently(
                lambda conn: check_site(conn, run.site_id, datetime.now(UTC))
            )
        if health.state != "red":
            return code
        name = run.site.name
        return self._say(f"{name} is red: {health.reason}; type: scrapy health {name}", EXIT_RED)

    def _spider(self, name: str) -> type[ArticleSpider]:
        """The spider of that name; raises UsageError with the nearest name."""
        loader = get_spider_loader(cast(Settings, self.settings))
        names = loader.list()
        if name not in names:
            near = difflib.get_close_matches(name, names, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"there are: {', '.join(names)}"
            raise UsageError(f"no spider {name!r}; {hint}")
        return cast(type[ArticleSpider], loader.load(name))
