"""What Scrapy's own commands that fetch (shell, fetch, view, parse) share here.

They open no run, write no row and archive nothing. The guard, robots.txt and the slow-down hold
as in any crawl; the scope of a site holds for a spider that has one.
"""

import argparse
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from scrapy import Request, Spider
from scrapy.commands import ScrapyCommand
from scrapy.crawler import AsyncCrawlerProcess, Crawler

from crawler.home import as_typed, resolve
from crawler.operations.command import EXIT_FAILED, EXIT_USAGE, require_known
from crawler.operations.setting_checks import require_proxy
from crawler.reports.colors import fault_in_color
from models.errors import OwnFault, UsageError, WinnowError

if TYPE_CHECKING:
    from scrapy.settings import Settings
    from scrapy.spiderloader import SpiderLoaderProtocol
    from twisted.python.failure import Failure


class WithoutRun(ScrapyCommand):
    """Comes before Scrapy's own class of the command."""

    requires_project = True
    requires_crawler_process = False  # `run` makes one that reports

    def process_options(self, args: list[str], opts: argparse.Namespace) -> None:
        """Switches off what needs a run."""
        from crawler.runs.no_run import NO_RUN

        super().process_options(args, opts)
        resolve(self.project)
        for name, value in ((NO_RUN, args[0] if args else ""), ("ITEM_PIPELINES", {})):
            self.project.set(name, value, priority="cmdline")

    def run(self, args: list[str], opts: argparse.Namespace) -> None:
        """Scrapy's entry: `look`, with every expected fault as one line on stderr."""
        try:
            require_proxy(self.project.get("WINNOW_PROXY"))
            self.require_spider(args, opts)
            self.process = self.crawler_process = _ReportingProcess(self.project, self.report)
            self.look(args, opts)
        except WinnowError as fault:
            self.report(str(fault), EXIT_USAGE)

    def look(self, args: list[str], opts: argparse.Namespace) -> None:
        """Scrapy's own command."""
        super().run(args, opts)  # type: ignore[safe-super]  # Scrapy's command is the next base

    def report(self, message: str, code: int = EXIT_FAILED) -> None:
        """Prints one line on stderr; the command ends with `code`."""
        name = type(self).__module__.rsplit(".", 1)[-1]
        print(fault_in_color(as_typed(f"scrapy {name}: {message}"), sys.stderr), file=sys.stderr)
        self.exitcode = code

    def require_spider(self, args: Sequence[str], opts: argparse.Namespace) -> None:
        """Raises UsageError for an unknown spider, no Chromium, or a URL that gives it no site."""
        from crawler.browser.chromium import require_browser
        from crawler.runs.no_run import site_of_url

        if opts.spider is None:
            return
        require_known(opts.spider, self.spiders.list())
        try:
            site = site_of_url(Path(self.project["WINNOW_SITES_DIR"]), args[0] if args else "")
        except ValueError as wrong:
            raise UsageError(f"{wrong}; a spider needs the URL of a page") from wrong
        if site.fetch.browser:
            require_browser(self.project)

    @property
    def project(self) -> "Settings":
        """Scrapy's settings; they are there once Scrapy runs the command."""
        return cast("Settings", self.settings)

    @property
    def spiders(self) -> "SpiderLoaderProtocol":
        """The project's spiders by name."""
        from scrapy.spiderloader import get_spider_loader

        return get_spider_loader(self.project)


class _ReportingProcess(AsyncCrawlerProcess):
    """Reports why a first request brought no answer."""

    def __init__(self, settings: "Settings", report: Callable[[str], None]) -> None:
        super().__init__(settings)
        self._report = report

    def create_crawler(self, crawler_or_spidercls: "type[Spider] | str | Crawler") -> Crawler:
        """As Scrapy's; the spider's first requests get an errback."""
        if isinstance(crawler_or_spidercls, type):
            first = crawler_or_spidercls.start

            async def start(spider: Spider) -> AsyncIterator[Any]:
                async for request in first(spider):
                    yield request.replace(errback=self._failed)

            name = crawler_or_spidercls.__name__
            crawler_or_spidercls = type(name, (crawler_or_spidercls,), {"start": start})
        return super().create_crawler(crawler_or_spidercls)

    def _failed(self, failure: "Failure") -> None:
        request: Request = vars(failure)["request"]  # which Scrapy adds
        self._report(reason_of(request.url, failure.value))


def reason_of(url: str, fault: BaseException | None) -> str:
    """One line for a page that was not fetched: its outcome, and why."""
    from crawler.runs.response_outcomes import outcome_of_error

    if isinstance(fault, OwnFault):
        return str(fault)
    found = outcome_of_error(fault)
    return f"{url}: {found.outcome}: {found.reason}"
