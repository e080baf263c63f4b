"""reextract: archived captures read again through the same pipeline, with nothing fetched."""

import asyncio
import hashlib
from collections import Counter
from collections.abc import AsyncIterator
from functools import partial
from importlib.metadata import version
from typing import Any, ClassVar, Final, Self

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.settings import BaseSettings
from sqlalchemy import Connection

from crawler.middlewares.stored import NoNetworkMiddleware, StoredMiddleware
from crawler.runs.arguments import ReextractArguments, SpiderArguments
from crawler.runs.selection import BATCH, selection
from crawler.runs.url_list import UrlList, read_url_list
from crawler.runs.workload import Workload, workload
from crawler.spiders.base import ArticleSpider
from models.archive import captures
from models.archive.reader import unread
from models.articles import rows
from models.batches import batched
from models.clock import utc_now
from models.crawl import frontier, runs
from models.crawl.run_spider import SourceReport
from models.crawl.url_rows import UrlLease
from models.items import Page
from models.outcomes import Outcome
from models.scheduling.run_lifecycle import LEASE

ROOM: Final = 16  # pages in the pipeline at a time: the engine takes all that `start` gives
ROOM_SETTING: Final = "REEXTRACT_ROOM"  # another number, for whoever has them read elsewhere
PAUSE: Final = 1.0  # seconds until pages that another run fetches are asked for once more
PATIENCE: Final = 60.0  # seconds in which that run lets none of them go


class ReextractSpider(ArticleSpider):
    """A site's captures, in the order in which its pages were found.

    An article is read from the capture that its current revision was read from; a page without
    an article, from its newest. The next run of the same plan (site, arguments, rules, versions
    of the extractors) resumes a run that was stopped.
    """

    name = "reextract"
    kind = "reextract"
    all_sites = True
    takes: ClassVar[type[SpiderArguments]] = ReextractArguments
    _room: asyncio.Semaphore  # for pages in the pipeline

    def __init__(self, arguments: ReextractArguments) -> None:
        super().__init__(arguments)
        self.selection = selection(arguments)
        self.listed = None if arguments.urls is None else read_url_list(arguments.urls)
        self._faults: list[str] = []  # captures that could not be read, one line each
        self._told: set[str] = set()  # reasons of them that were logged
        self._read = 0  # captures
        self._workload = Workload()
        self._held: list[int] = []  # url_ids that another run holds
        self._elsewhere: Counter[str] = Counter()  # pages left out, by the host that has the copy

    @classmethod
    def update_settings(cls, settings: BaseSettings) -> None:
        """Pages come from the archive, and whatever asks the network is refused."""
        super().update_settings(settings)
        middlewares = {StoredMiddleware: 10, NoNetworkMiddleware: 20}
        settings.set("DOWNLOADER_MIDDLEWARES", middlewares, priority="spider")

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **words: Any) -> Self:
        """Opens the run, and has the stages say when a page has left the pipeline."""
        spider = super().from_crawler(crawler, *args, **words)
        spider._room = asyncio.Semaphore(crawler.settings.getint(ROOM_SETTING, ROOM))
        crawler.signals.connect(spider.left, signals.item_scraped)
        crawler.signals.connect(spider.left, signals.item_error)
        crawler.signals.connect(spider.dropped, signals.item_dropped)
        return spider

    async def start(self) -> AsyncIterator[Request]:
        """Every chosen capture, as the pipeline has room."""
        before = await self.resumed()
        left = self.limit
        if self.listed is None:
            self._workload = await workload(
                self.writer, self.crawler.settings, self.run, self.selection,
                before=before, limit=left,
            )  # fmt: skip
        else:
            self._workload = Workload(min(left, len(self.listed.urls)))
        async for batch in self._batches():
            taken, held = await self.take(batch, before, left)
            self._held += held
            left -= len(taken)
            for lease, page in taken:
                await self._room.acquire()
                yield self.stored_request(lease, page)
            if left <= 0:
                self._held = []
                return

    async def _batches(self) -> AsyncIterator[list[int]]:
        """url_ids of the chosen pages; then again those that another run held, until it ends."""
        if self.listed is not None:
            for batch in batched(await self.writer.read(partial(self._named, self.listed)), BATCH):
                yield batch
        else:
            chosen = self.selection.batches(self.writer, self.run.site_id, articles=False)
            async for batch in chosen:
                yield batch
        waited, fewest = 0.0, len(self._held)
        while self._held and waited < PATIENCE and self.crawler.crawling:
            await asyncio.sleep(PAUSE)
            again, self._held = self._held, []
            for batch in batched(again, BATCH):
                yield batch
            waited = waited + PAUSE if len(self._held) >= fewest else 0.0
            fewest = min(fewest, len(self._held))

    def _named(self, listed: UrlList, conn: Connection) -> list[int]:
        """url_ids of the file's URLs, in its order; each that is no page of the site is logged."""
        for fault in listed.faults:
            self.logger.warning(fault)
        found: dict[int, None] = {}
        for number, url in listed.urls:
            row = frontier.find(conn, url)
            if row is not None and row.site_id == self.run.site_id:
                found[row.url_id] = None
            else:
                self.logger.warning("%s:%d: %s: no known page", listed.name, number, url)
        return list(found)

    def left(self) -> None:
        """A page has left the pipeline: there is room for one more."""
        self._read += 1
        self._room.release()

    def dropped(self, item: Any, exception: Exception) -> None:
        """`left`, for a page that a stage refused; an unreadable copy is logged, once a reason."""
        self.left()
        if (host := getattr(exception, "host", None)) is not None:
            self._read -= 1
            self._elsewhere[host] += 1
        elif getattr(exception, "keeps_waiting", False):  # it was not read: the run ends
            self._read -= 1
        elif getattr(exception, "outcome", None) is Outcome.DATABASE_ERROR:
            self._read -= 1
            self._faults.append(f"{item.url}: {exception}")
            if (reason := str(exception)) not in self._told:  # a file that is gone is one line
                self._told.add(reason)
                self.logger.warning("%s: its archived copy is left out: %s", item.url, reason)

    @property
    def sources(self) -> SourceReport:
        """Captures read and unreadable, and pages that another run or host held to the end."""
        faults, held = tuple(self._faults), len(self._held)
        return SourceReport(
            read=self._read,
            faults=faults,
            left_out=held,
            elsewhere=dict(self._elsewhere),
            **self._workload._asdict(),
        )

    async def resumed(self) -> list[int]:
        """The stopped runs that this one resumes."""
        run, plan = self.run, self._plan()
        return await self.writer.write(
            lambda conn: runs.resume(conn, run.run_id, run.site_id, run.kind, plan)
        )

    async def take(
        self, url_ids: list[int], before: list[int], most: int
    ) -> tuple[list[tuple[UrlLease, Page]], list[int]]:
        """The next pages to read, leased; and url_ids that another run holds."""
        work = partial(self._take, url_ids=url_ids, before=before, most=most)
        return await self.writer.write(work)

    def _plan(self) -> str:
        parts = [repr(self.run.site.extraction), repr(self.arguments)]
        parts += [version(package) for package in ("winnow", "trafilatura")]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()

    def _take(
        self, conn: Connection, url_ids: list[int], before: list[int], most: int
    ) -> tuple[list[tuple[UrlLease, Page]], list[int]]:
        """Up to `most` of these pages with their leases, and the url_ids that another run holds.

        Only pages that are still to be read and have a copy. The copy is chosen once the page is
        leased: until then, others may store a newer one.
        """
        done = runs.finished_urls(conn, before, url_ids)
        chosen = captures.latest(conn, [url for url in url_ids if url not in done])
        now = utc_now()
        wanted = list(chosen)[:most]
        leases = frontier.claim_these(conn, wanted, self.run.owner, now + LEASE, now)
        ours = [lease.url_id for lease in leases]
        chosen |= rows.captures_of(conn, ours)
        refs = captures.refs(conn, [chosen[url_id] for url_id in ours])
        name, run_id = self.run.site.name, self.run.run_id
        pages = [
            (lease, unread(refs[chosen[lease.url_id]], name, lease.url, lease.hint, run_id))
            for lease in leases
        ]
        return pages, sorted(set(wanted).difference(ours))
