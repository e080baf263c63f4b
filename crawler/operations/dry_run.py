"""What a re-extraction would change; nothing is written.

It is the same pipeline with a comparing stage in the place of the storing one.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import Final, Protocol

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.settings import Settings
from scrapy.utils.misc import load_object
from sqlalchemy import Connection
from twisted.python.failure import Failure

from crawler.extensions.log import OwnFaultsOnce
from crawler.extensions.run_summary import OWN_FAULT
from crawler.operations.command import EXIT_FAILED, EXIT_OK
from crawler.operations.crawl import crawl_in_turn
from crawler.runs.arguments import ReextractArguments
from crawler.runs.start import preview_run
from crawler.spiders.reextract import ReextractSpider
from migrations.revision import require_current
from models.archive import captures
from models.archive.reader import unread
from models.articles import rows
from models.crawl import frontier
from models.crawl.run import Run
from models.crawl.run_spider import SourceReport
from models.crawl.url_rows import UrlLease
from models.db.database import Database
from models.db.faults import own_fault
from models.items import Page
from pipelines.archive import ArchivePipeline
from pipelines.compare import ComparePipeline, Comparison
from pipelines.dedup import DedupPipeline
from pipelines.finish import FinishPipeline
from pipelines.stage import Stage
from pipelines.store import StorePipeline

OUTPUT: Final = "DRY_RUN_OUTPUT"  # setting: the Output
_WRITING: Final = (ArchivePipeline, DedupPipeline, FinishPipeline)


class DryRunSpider(ReextractSpider):
    """reextract without a run: pages are read, not leased."""

    name = "dry_run"

    @classmethod
    def open_run(cls, crawler: Crawler, site: str) -> Run:
        """A run that is only read about."""
        return preview_run(crawler, site, cls.kind)

    async def resumed(self) -> list[int]:
        """Nothing: every page is compared."""
        return []

    async def take(
        self, url_ids: list[int], _before: list[int], most: int
    ) -> tuple[list[tuple[UrlLease, Page]], list[int]]:
        """The next pages to read."""
        return await self.writer.read(lambda conn: self._chosen(conn, url_ids, most)), []

    def left(self) -> None:
        """A page has been compared."""
        super().left()
        self.crawler.settings[OUTPUT].progress(comparison_of(self.crawler), self.sources)

    def _chosen(
        self, conn: Connection, url_ids: Sequence[int], most: int
    ) -> list[tuple[UrlLease, Page]]:
        """Up to `most` of these pages that have a copy."""
        found = captures.latest(conn, url_ids) | rows.captures_of(conn, url_ids)
        chosen = {url_id: found[url_id] for url_id in [*filter(found.get, url_ids)][:most]}
        refs = captures.refs(conn, list(chosen.values()))
        name = self.run.site.name
        return [
            (lease, unread(refs[chosen[lease.url_id]], name, lease.url, lease.hint, run_id=0))
            for lease in frontier.peek(conn, list(chosen))
        ]


class Output(Protocol):
    """Where a dry run says what it found."""

    def progress(self, found: Comparison, sources: SourceReport) -> None:
        """Is called after each page."""

    def result(self, found: Comparison) -> None:
        """Is called once for each site."""


def dry_run(
    settings: Settings,
    runs: Sequence[ReextractArguments],
    output: Output,
    say: Callable[[str, int], int],
    begins: Callable[[Crawler], None] | None = None,
) -> list[int]:
    """Compares each run's site and tells `output` what would change; an exit code each.

    `begins`: as of `crawl_in_turn`.
    """
    database = Database.open(settings["WINNOW_DATABASE_URL"])
    try:
        database.when_there(lambda: require_current(database))
    finally:
        database.close()
    settings = settings.copy()
    settings.set("ITEM_PIPELINES", _stages(settings), priority="cmdline")
    settings.set("EXTENSIONS", {}, priority="cmdline")
    settings.set(OUTPUT, output, priority="cmdline")
    codes: list[int] = []
    ours: list[str] = []  # the fault of ours that ended the run
    closing: list[asyncio.Future[None]] = []  # a task that nobody holds may be gone too soon

    def begun(crawler: Crawler) -> None:
        crawler.signals.connect(OwnFaultsOnce.attach, signals.spider_opened)
        crawler.signals.connect(failed, signals.item_error)
        if begins is not None:
            begins(crawler)

    def failed(failure: Failure, spider: DryRunSpider) -> None:
        """Ends the run at a fault of ours, which would meet every page: once."""
        said = own_fault(failure.value)
        if said is not None and not ours:
            ours.append(said)
            spider.is_ending = True
            close = spider.crawler.engine.close_spider_async(reason=OWN_FAULT)
            closing.append(asyncio.ensure_future(close))

    def ended(crawler: Crawler, fault: BaseException | None) -> bool:
        if isinstance(crawler.spider, DryRunSpider):
            crawler.spider.writer.close()
        if fault is not None:
            raise fault
        if ours:
            codes.append(say(f"{ours[0]}; nothing was written", EXIT_FAILED))
            return False
        if crawler.stats.get_value("finish_reason") == "shutdown":
            codes.append(say("stopped; nothing was written", EXIT_FAILED))
            return False
        found = comparison_of(crawler)
        output.result(found)
        for unreadable in found.unreadable:
            say(unreadable, EXIT_FAILED)
        codes.append(EXIT_FAILED if found.unreadable else EXIT_OK)
        return True

    crawl_in_turn(settings, DryRunSpider, runs, ended, begun)
    return codes


def comparison_of(crawler: Crawler) -> Comparison:
    """What the comparing stage of a crawl has found so far."""
    stage = crawler.get_item_pipeline(ComparePipeline)
    if stage is None:
        raise RuntimeError("the dry run has no comparing stage")
    return stage.found


def _stages(settings: Settings) -> dict[type[Stage], int]:
    """The pipeline of a crawl without the stages that write, and comparing where it stores."""
    stages = {load_object(path): order for path, order in settings["ITEM_PIPELINES"].items()}
    return {
        ComparePipeline if stage is StorePipeline else stage: order
        for stage, order in stages.items()
        if stage not in _WRITING
    }
