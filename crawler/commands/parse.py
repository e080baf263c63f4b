"""scrapy parse: the items and requests that a spider makes of a URL, without a run."""

import argparse
import warnings
from collections.abc import Sequence
from dataclasses import fields, is_dataclass
from typing import Any

from scrapy.commands import parse
from scrapy.exceptions import ScrapyDeprecationWarning
from scrapy.utils import display

from crawler.operations.without_run import WithoutRun
from models.errors import UsageError


class Command(WithoutRun, parse.Command):
    """Scrapy's `parse`; the spider is discover if none is named."""

    def require_spider(self, args: Sequence[str], opts: argparse.Namespace) -> None:
        """Also raises UsageError for arguments that the spider does not take, and --pipelines."""
        from crawler.runs.arguments import parse_arguments

        if len(args) != 1:
            raise UsageError(
                "which URL? type: scrapy parse --spider=discover https://example.com/1"
            )
        opts.spider = opts.spider or "discover"
        super().require_spider(args, opts)
        if opts.pipelines:
            raise UsageError("the stages store articles, which needs a run: scrapy crawl")
        takes = getattr(self.spiders.load(opts.spider), "takes", None)
        if takes is not None:
            parse_arguments(takes, opts.spargs)

    def look(self, args: list[str], opts: argparse.Namespace) -> None:
        """Scrapy's own, which warns of itself: its wrapped callbacks return Deferreds."""
        warnings.filterwarnings("ignore", ".*returned a Deferred", ScrapyDeprecationWarning)
        super().look(args, opts)

    def start_parsing(self, _url: str, opts: argparse.Namespace) -> None:
        """As Scrapy's; why no answer came is reported already."""
        self.pcrawler = self.process.create_crawler(self.spidercls or opts.spider)
        self.process.crawl(self.pcrawler, **opts.spargs)
        self.process.start()
        if self.process.bootstrap_failed:
            self.exitcode = 1

    def print_results(self, opts: argparse.Namespace) -> None:
        """As Scrapy's, of a page that was fetched."""
        if self.first_response is not None:
            super().print_results(opts)

    def print_items(self, lvl: int | None = None, colour: bool = True) -> None:
        """As Scrapy's, less the bytes of pages."""
        levels = [lvl] if lvl is not None else list(self.items)
        items = [item for level in levels for item in self.items.get(level, [])]
        print("# Scraped Items ", "-" * 60)
        display.pprint([_shown(item) for item in items], colorize=colour)


def _shown(item: Any) -> Any:
    """The fields that the item's own repr shows."""
    if not is_dataclass(item):
        return item
    return {field.name: getattr(item, field.name) for field in fields(item) if field.repr}
