"""scrapy crawl: one run of one spider on one site."""

import argparse
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Final

from crawler.operations.command import EXIT_USAGE, WinnowCommand, require_known
from crawler.operations.quiet import add_quiet
from models.errors import UsageError

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from crawler.extensions.run_summary import RunSummary
    from crawler.runs.arguments import SpiderArguments
    from crawler.spiders.base import ArticleSpider

_PROGRESS: Final = "crawler.extensions.progress.Progress"


class Command(WinnowCommand):
    """Runs a spider, prints its summary, and ends with the run's exit code."""

    usage: ClassVar[str] = "[options] SPIDER -a site=NAME"
    summary: ClassVar[str] = (
        "Fetch a site: discover (what is new), recrawl (known pages), reextract (archive)"
    )
    example: ClassVar[str] = "scrapy crawl discover -a site=example"

    def add_options(self, parser: argparse.ArgumentParser) -> None:
        """`-a`, `-o` and `-O`, as Scrapy has them; `-a` with the arguments of every spider."""
        super().add_options(parser)
        parser.add_argument(
            "-a", dest="arguments", action="append", default=[], metavar="NAME=VALUE",
            help=self._arguments_help(),
        )  # fmt: skip
        parser.add_argument(
            "--accept", action="store_true",
            help="take copies that look worse than the stored ones, as -a accept=1 does",
        )  # fmt: skip
        parser.add_argument(
            "--json", action="store_true",
            help="print the run's summary as a line of JSON, for a dry run its progress and result",
        )  # fmt: skip
        parser.add_argument(
            "--fleet", action="store_true",
            help="reextract: have the copies read by the workers of the fleet (scrapy worker)",
        )  # fmt: skip
        add_quiet(self, parser)
        for flag, name, what in (
            ("-o", "--output", "append the run's articles to the end of FILE (- for stdout)"),
            ("-O", "--overwrite-output", "write the run's articles to FILE, over an existing one"),
        ):
            parser.add_argument(
                flag, name, metavar="FILE", action="append",
                help=f"{what}; its format is FILE's ending, or FORMAT in FILE:FORMAT",
            )  # fmt: skip

    def execute(self, args: list[str], opts: argparse.Namespace) -> int:
        """Exit code 0 if the run is done, 1 if it failed, 3 if its site is red."""
        from scrapy.utils.conf import arglist_to_dict

        from crawler.operations.visits import worst

        if len(args) != 1:
            raise UsageError(f"which spider? type: {self.example}")
        try:
            words = arglist_to_dict(opts.arguments)
        except ValueError as wrong:
            raise UsageError(f"-a takes NAME=VALUE, as in: {self.example}") from wrong
        if opts.accept:
            words["accept"] = "1"
        spider = self._spider(args[0])
        begins = self._fleet(spider) if opts.fleet else None
        runs, mistakes = self._runs(spider, words)
        to_stdout = self._set_feeds(opts, several=len(runs) > 1)
        for mistake in mistakes:
            self.say(mistake, EXIT_USAGE)
        if getattr(runs[0], "dry_run", False):
            codes = self._dry_run(runs, opts, begins)
        elif opts.json and to_stdout:
            raise UsageError("--json prints to stdout too; write the articles to a file: -O FILE")
        else:
            from crawler.operations.crawl import Runs
            from crawler.reports.text_tables import as_json_line

            out = sys.stderr if to_stdout else sys.stdout

            def show(summary: "RunSummary", run_id: int) -> None:
                line = summary.line()
                if opts.json:
                    line = as_json_line({"run_id": run_id, **summary.document()})
                self.inform(line, out)

            self.say_where()
            if self.is_quiet:
                self.project["EXTENSIONS"].set(_PROGRESS, None, priority="cmdline")
            codes = Runs(self.project, spider, show, self.say, begins).crawl(runs)
        return worst([*codes, *[EXIT_USAGE] * bool(mistakes)])

    def _runs(
        self, spider: "type[ArticleSpider]", words: dict[str, str]
    ) -> "tuple[list[SpiderArguments], list[str]]":
        """The arguments of each run, checked before anything starts; and files that are wrong."""
        from models.sites.config import load_all

        if not (spider.all_sites and words.get("site") == "all"):
            run = spider.checked(words, self.project)
            self._require_browser(spider, run.site)
            return [run], []
        folder = Path(self.setting("WINNOW_SITES_DIR"))
        sites, mistakes = load_all(folder)
        if not sites:
            raise UsageError(f"no site in {folder}; type: scrapy sites add URL")
        runs = [spider.checked({**words, "site": site.name}, self.project) for site in sites]
        return runs, [str(mistake) for mistake in mistakes]

    def _require_browser(self, spider: "type[ArticleSpider]", name: str) -> None:
        """Raises BrowserMissing where pages are to be shown in a browser that is not there."""
        from crawler.browser.chromium import require_browser
        from models.sites.config import load_site

        site = load_site(Path(self.setting("WINNOW_SITES_DIR")), name)
        if site.fetch.browser and spider.kind != "reextract":  # which fetches nothing
            require_browser(self.project)

    def _fleet(self, spider: "type[ArticleSpider]") -> "Callable[[Crawler], None]":
        """What has each run's copies read by the fleet; raises UsageError, BrokerFault."""
        if spider.kind != "reextract":
            raise UsageError(
                "--fleet has archived copies read by workers: scrapy crawl reextract --fleet;"
                " sites are visited by them with: scrapy visit --fleet"
            )
        from crawler.fleet.broker import check_broker
        from crawler.fleet.fleet_pool import COMMAND, lend_fleet
        from crawler.fleet.require import require_server

        require_server(self.project)
        check_broker(self.project, COMMAND).close()
        return lend_fleet

    def _dry_run(
        self,
        runs: "list[SpiderArguments]",
        opts: argparse.Namespace,
        begins: "Callable[[Crawler], None] | None",
    ) -> list[int]:
        from crawler.operations.dry_run import dry_run
        from crawler.operations.dry_run_output import JsonOutput, TextOutput
        from crawler.runs.arguments import ReextractArguments

        if opts.output or opts.overwrite_output:
            raise UsageError("a dry run stores no article; leave out -o and -O")
        if opts.quiet:
            raise UsageError("a dry run does nothing but print; leave out --quiet")
        chosen = [run for run in runs if isinstance(run, ReextractArguments)]
        tell = partial(print, flush=True)
        output = JsonOutput(tell) if opts.json else TextOutput(tell)
        return dry_run(self.project, chosen, output, self.say, begins)

    def _set_feeds(self, opts: argparse.Namespace, *, several: bool) -> bool:
        """Sets FEEDS from `-o` and `-O`; whether one of them is the standard output."""
        from scrapy.exceptions import UsageError as ScrapyUsageError
        from scrapy.utils.conf import feed_process_params_from_cli

        if not (opts.output or opts.overwrite_output):
            return False
        if several and opts.overwrite_output:
            raise UsageError("-O with several runs would keep the last one's articles; write -o")
        try:
            feeds = feed_process_params_from_cli(
                self.project, opts.output, overwrite_output=opts.overwrite_output
            )
        except ScrapyUsageError as wrong:
            raise UsageError(" ".join(str(wrong).split())) from wrong
        for feed in feeds:
            _require_writable(str(feed))
        self.project.set("FEEDS", feeds, priority="cmdline")
        return "stdout:" in feeds

    def _spider(self, name: str) -> "type[ArticleSpider]":
        """The spider of that name; raises UsageError with the nearest name."""
        spiders = self._spiders()
        require_known(name, list(spiders))
        return spiders[name]

    def _spiders(self) -> "dict[str, type[ArticleSpider]]":
        from scrapy.spiderloader import get_spider_loader

        from crawler.spiders.base import ArticleSpider

        loader = get_spider_loader(self.project)
        spiders = {name: loader.load(name) for name in loader.list()}
        return {
            name: spider for name, spider in spiders.items() if issubclass(spider, ArticleSpider)
        }

    def _arguments_help(self) -> str:
        from crawler.runs.arguments import SpiderArguments, describe

        own = [
            f"{name} also {more}"
            for name, spider in self._spiders().items()
            if (more := describe(spider.takes, SpiderArguments))
        ]
        return f"an argument of the spider: {'; '.join([describe(SpiderArguments), *own])}"


def _require_writable(feed: str) -> None:
    """Raises UsageError for a local file that Scrapy would fail to write, after the crawl."""
    from w3lib.url import any_to_uri, file_uri_to_path

    uri = any_to_uri(feed)
    if not uri.startswith("file:") or "%(" in feed:  # elsewhere, or named when the run begins
        return
    path = Path(file_uri_to_path(uri))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.open("ab").close()
    except OSError as fault:
        raise UsageError(f"{feed}: {fault.strerror}") from fault
