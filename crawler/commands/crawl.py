"""scrapy crawl: one run of one spider on one site."""

import argparse
import difflib
from datetime import UTC, datetime
from typing import ClassVar, cast

from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import Settings
from scrapy.spiderloader import get_spider_loader
from scrapy.utils.conf import arglist_to_dict

from crawler.extensions.history import History
from crawler.spiders.base import ArticleSpider
from crawler.verb import FAILED, RED, WELL, Verb
from crawler.watch import watch
from models.errors import UsageError
from models.run import Run


class Command(Verb):
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
            help="an argument of the spider: site, limit; recrawl also since, until, match, urls",
        )  # fmt: skip

    def work(self, args: list[str], opts: argparse.Namespace) -> int:
        """Exit code 0 where the run is done, 1 where it failed, 3 where its site is red."""
        if len(args) != 1:
            raise UsageError(f"which spider? type: {self.example}")
        try:
            given = arglist_to_dict(opts.arguments)
        except ValueError as wrong:
            raise UsageError(f"-a takes NAME=VALUE, as in: {self.example}") from wrong
        spider = self._spider(args[0])
        # misuse is said before anything starts
        spider.checked(given, cast(Settings, self.settings))
        process = AsyncCrawlerProcess(self.settings)
        crawler = process.create_crawler(spider)
        run = process.crawl(crawler, **given)
        process.start()
        fault = run.exception() if run.done() and not run.cancelled() else None
        if fault is not None:
            raise fault
        history = crawler.get_extension(History)
        if history is None or history.ending is None:
            return FAILED
        print(history.ending.line())
        code = WELL
        if history.ending.failure:
            code = self._say(f"{history.ending.failure}; all runs: scrapy runs", FAILED)
        site_run = cast(ArticleSpider, crawler.spider).run
        return code if site_run.kind == "reextract" else self._watched(site_run, code)

    def _watched(self, run: Run, code: int) -> int:
        """RED where the monitors say so: unlike a failure, that does not pass by itself."""
        with self.ready_database() as database:
            health = database.patiently(lambda c: watch(c, run.site_id, datetime.now(UTC)))
        if health.state != "red":
            return code
        name = run.site.name
        return self._say(f"{name} is red: {health.reason}; type: scrapy health {name}", RED)

    def _spider(self, name: str) -> type[ArticleSpider]:
        """The spider of that name; raises UsageError with the nearest name."""
        loader = get_spider_loader(cast(Settings, self.settings))
        names = loader.list()
        if name not in names:
            near = difflib.get_close_matches(name, names, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"there are: {', '.join(names)}"
            raise UsageError(f"no spider {name!r}; {hint}")
        return cast(type[ArticleSpider], loader.load(name))
