"""What the spiders share: their arguments, their run, and the way from a lease to a Page."""

from collections.abc import AsyncIterator, Mapping
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, ClassVar, Self

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.settings import BaseSettings
from sqlalchemy import Connection
from twisted.python.failure import Failure

from crawler.middlewares.archived_first import NotAsked
from crawler.middlewares.stored import PAGE
from crawler.runs.arguments import SpiderArguments, parse_arguments
from crawler.runs.further_pages import further_page
from crawler.runs.no_run import NO_RUN, unrecorded_run
from crawler.runs.redirect_target import is_doubtful, is_elsewhere, take_over
from crawler.runs.response_outcomes import (
    ResponseOutcome,
    outcome_of_error,
    outcome_of_response,
    page_of,
    write_outcome,
)
from crawler.runs.start import open_run
from crawler.runs.trail import Trail
from crawler.sources.parsers.link_shape import is_front_page
from models.articles import articles
from models.clock import utc_now
from models.crawl.run import Run
from models.crawl.run_spider import SourceReport
from models.crawl.url_rows import UrlLease
from models.db.writer import Writer
from models.errors import UsageError
from models.items import Hint, Page
from models.outcomes import Outcome
from models.sites.config import load_site, require_enabled

LEAST_ASKED = 5  # articles; of fewer, a share says nothing
MOST_GONE = 0.5  # of the articles asked for: a site that takes more of them down is out of order


class ArticleSpider(Spider):
    """A spider of one site: every URL that it leases ends in exactly one outcome."""

    kind: ClassVar[str]
    all_sites: ClassVar[bool] = False  # site=all is a run of each
    takes: ClassVar[type[SpiderArguments]] = SpiderArguments
    # 3xx go to Scrapy's redirects; all other answers come to `on_response`
    handle_httpstatus_list: ClassVar[list[int]] = [304, *range(400, 600)]

    run: Run
    writer: Writer

    def __init__(self, arguments: SpiderArguments) -> None:
        super().__init__()
        self.arguments = arguments
        self.leases: dict[int, UrlLease] = {}  # under way, by url_id
        self.unarchived: set[int] = set()
        self.is_ending = False
        self._gone: list[int] = []  # url_ids of stored articles that the site no longer has
        self._asked = 0  # requests for stored articles
        self._trail = Trail()

    @classmethod
    def from_crawler(cls, crawler: Crawler, *_args: Any, **words: Any) -> Self:
        """Opens the run; raises UsageError for arguments, and what `open_run` raises.

        Under Scrapy's own commands (NO_RUN is set, to the URL that is looked at) no run is opened.
        """
        url = crawler.settings.get(NO_RUN)
        if url is None:
            arguments = words.get("arguments") or cls.checked(words, crawler.settings)
            spider = super().from_crawler(crawler, arguments)
            spider.run = words.get("run") or cls.open_run(crawler, arguments.site)
            spider.writer = Writer.shared(crawler, crawler.settings)
        else:
            spider = super().from_crawler(crawler, parse_arguments(cls.takes, words))
            folder = Path(crawler.settings["WINNOW_SITES_DIR"])
            spider.run = unrecorded_run(cls.kind, folder, spider.arguments.site, url)
        fetch = spider.run.site.fetch
        values = {
            "DOWNLOAD_DELAY": fetch.delay,
            "CONCURRENT_REQUESTS_PER_DOMAIN": fetch.concurrency,
            "DOWNLOAD_MAXSIZE": fetch.max_bytes,
        }
        if not crawler.settings.frozen:  # as it is in Scrapy's shell
            crawler.settings.setdict(values, priority="spider")
        return spider

    @classmethod
    def open_run(cls, crawler: Crawler, site: str) -> Run:
        """The run of this crawl, in the database."""
        return open_run(crawler, site, cls.kind)

    @classmethod
    def checked(cls, words: Mapping[str, str], settings: BaseSettings) -> SpiderArguments:
        """The arguments, if all are well formed and the site may be asked; raises UsageError."""
        arguments = parse_arguments(cls.takes, words)
        if not arguments.site:
            raise UsageError(f"which site? type: scrapy crawl {cls.name} -a site=NAME")
        require_enabled(load_site(Path(settings["WINNOW_SITES_DIR"]), arguments.site), cls.kind)
        return arguments

    @property
    def sources(self) -> SourceReport:
        """How the reading of sources went so far."""
        return SourceReport()

    @property
    def accepts(self) -> bool:
        """Whether a copy that is worse than the stored one replaces it."""
        return self.arguments.accept

    @property
    def limit(self) -> int:
        """The most URLs that this run may ask for."""
        return self.arguments.limit

    def request(self, lease: UrlLease, *, sure: bool = False) -> Request:
        """The request for a leased URL; its answer or failure completes the lease.

        `sure`: it was answered already, with what is doubtful; asked after all others.
        """
        self.leases[lease.url_id] = lease
        return Request(
            lease.url,
            callback=self.on_response,
            errback=self.on_error,
            cb_kwargs={"lease": lease, "sure": sure},
            dont_filter=True,  # the lease sees to it that a URL is asked for once
            priority=-10 if sure else 0,
        )

    def conditional_request(self, lease: UrlLease) -> Request:
        """The request, conditional where a copy is held."""
        validators = {"If-None-Match": lease.etag, "If-Modified-Since": lease.last_modified}
        fixed = lease.article and not self.run.site.fetch.browser  # scripts' text has no ETag
        held = {name: value for name, value in validators.items() if value and fixed}
        self._asked += lease.article
        return self.request(lease).replace(headers=held)

    def stored_request(self, lease: UrlLease, page: Page) -> Request:
        """A request that brings the archived page along: nothing is fetched."""
        self.leases[lease.url_id] = lease
        return Request(page.url, self.stored, cb_kwargs={PAGE: page}, dont_filter=True)

    async def stored(self, _answer: Response, page: Page) -> AsyncIterator[Page]:
        """The page that the request brought along."""
        yield page

    async def on_response(
        self, response: Response, lease: UrlLease, sure: bool
    ) -> AsyncIterator[Page | Request]:
        """A Page for what is one; otherwise its outcome is recorded here."""
        outcome = outcome_of_response(response)
        if outcome is None:
            moved = await self._moved(lease, response.url)
            if isinstance(moved, UrlLease):
                yield page_of(response, moved, self.run, lease)
                return
            outcome = moved
        if is_doubtful(outcome.outcome, response.url, lease) and not sure:
            yield self.request(lease, sure=True)
            return
        await self.record(lease, outcome, response)

    async def parse(self, response: Response) -> AsyncIterator[Page]:
        """The Page of an answer, for `scrapy parse` and `scrapy shell`: nothing is recorded."""
        outcome = outcome_of_response(response)
        if outcome is None:
            asked = response.meta.get("redirect_urls", [response.url])[0]
            yield page_of(response, UrlLease(0, asked, Hint(), 0, None, None, False), self.run)
        else:
            self.logger.warning("%s: %s: %s", response.url, outcome.outcome, outcome.reason)

    async def on_error(self, failure: Failure) -> None:
        """No answer came, or none that may be read."""
        if isinstance(failure.value, NotAsked):
            return  # its claim ends with the run
        request: Request = vars(failure)["request"]  # which Scrapy adds
        await self.record(request.cb_kwargs["lease"], outcome_of_error(failure.value))

    async def record(
        self, lease: UrlLease, outcome: ResponseOutcome, response: Response | None = None
    ) -> None:
        """Writes the one outcome of a leased URL and releases the lease."""
        await self.writer.write(
            partial(write_outcome, run=self.run, lease=lease, outcome=outcome, response=response)
        )
        self.leases.pop(lease.url_id, None)
        self.unarchived.discard(lease.url_id)
        self.crawler.stats.inc_value(f"outcome/{outcome.outcome}")
        if outcome.outcome is Outcome.GONE and lease.article:
            self._gone.append(lease.url_id)

    async def led_on(self, page: Page, target: str) -> None:
        """As after a redirect, for a page that leads on by itself; its target is asked for."""
        lease = self.leases[page.url_id]
        loop = ResponseOutcome(
            Outcome.REDIRECT_LOOP, f"leads on to {target}, in a loop", page.status
        )
        on = self._trail.goes_on(lease.url, target, self.settings.getint("REDIRECT_MAX_TIMES"))
        moved = await self._moved(lease, target) if on else loop
        if isinstance(moved, ResponseOutcome):
            await self.record(lease, moved)
            return
        self.crawler.engine.crawl(self.request(moved))

    async def further_page(self, url: str) -> Page | str:
        """Another page of a story, asked for now; or why there is none, in words."""
        return await further_page(self.crawler, self.run, url)

    def at_end(self, conn: Connection, now: datetime, *, failed: bool) -> None:  # noqa: ARG002 - VisitSpider's needs `now`
        """Withdraws what is gone, in the transaction that ends the run.

        If so much is gone that the site must be out of order, only `--accept` withdraws it.
        """
        gone = len(self._gone)
        if self._asked >= LEAST_ASKED and gone > MOST_GONE * self._asked and not self.accepts:
            self.logger.warning(
                "%d of %d articles are gone, which looks like an outage: none is withdrawn;"
                " --accept withdraws them", gone, self._asked,
            )  # fmt: skip
            return
        for url_id in self._gone:
            articles.withdraw(conn, url_id, now)

    async def _moved(self, lease: UrlLease, url: str) -> UrlLease | ResponseOutcome:
        """The lease to go on under after redirects, or the outcome of the requested URL."""
        if not is_elsewhere(url, lease):
            return lease
        if why := self.run.site.scope.admits(url, None, utc_now()):
            return ResponseOutcome(Outcome.OUT_OF_SCOPE, f"redirects to {url}: {why}", 200)
        if is_front_page(url, lease.url, self.run.site.start):
            lost = Outcome.GONE if lease.article else Outcome.NOT_ARTICLE
            return ResponseOutcome(lost, f"redirects to the front page {url}", 200)
        self._trail.note(lease.url, url)
        target = await self.writer.write(partial(take_over, run=self.run, asked=lease, url=url))
        if isinstance(target, str):
            return ResponseOutcome(Outcome.BLOCKED, target, 200)
        elsewhere = ResponseOutcome(Outcome.DUPLICATE_URL, f"redirects to {url}", 200)
        if target is not None:
            self.leases[target.url_id] = target
            await self.record(lease, elsewhere)
        return target or elsewhere
