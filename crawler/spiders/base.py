"""What the spiders share: their arguments, their run, and the way from a claim to a Page."""

import difflib
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, ClassVar, Self
from urllib.parse import urlsplit

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.settings import BaseSettings
from sqlalchemy import Connection
from twisted.python.failure import Failure

from crawler.runs.response_outcomes import (
    ResponseOutcome,
    charset,
    header,
    outcome_of_error,
    outcome_of_response,
)
from crawler.runs.start import open_run
from crawler.sources.parsers.link_shape import is_home
from models.articles import articles
from models.crawl import frontier
from models.crawl.run import Run
from models.crawl.url_rows import UrlLease
from models.db.writer import Writer
from models.errors import UsageError
from models.items import Link, Page
from models.outcomes import Outcome
from models.scheduling.record_outcome import record_outcome
from models.scheduling.run_lifecycle import LEASE
from models.sites.config import load_site
from models.urls import url_key

LEAST_ASKED = 5  # articles; of fewer, a share says nothing
MOST_GONE = 0.5  # of the articles asked for: a site that takes more of them down is out of order


class ArticleSpider(Spider):
    """A spider of one site: every URL that it claims ends in exactly one outcome."""

    kind: ClassVar[str]
    all_sites: ClassVar[bool] = False  # site=all is a run of each
    arguments: ClassVar[tuple[str, ...]] = ("site", "limit", "accept")
    # 3xx go to Scrapy's redirects; all other answers are ours to judge
    handle_httpstatus_list: ClassVar[list[int]] = [304, *range(400, 600)]

    run: Run
    writer: Writer

    def __init__(self, **given: str) -> None:
        super().__init__()
        self.given = given
        self.leases: dict[int, UrlLease] = {}  # under way, by url_id
        self._gone: list[int] = []  # url_ids of stored articles that the site has no more
        self._asked = 0  # requests for stored articles

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **given: Any) -> Self:
        """Opens the run; raises UsageError for arguments, and what `open_run` raises."""
        given = cls.checked(given, crawler.settings)
        spider = super().from_crawler(crawler, *args, **given)
        spider.run = cls.open_run(crawler, spider.given["site"])
        spider.writer = Writer.shared(crawler, crawler.settings["WINNOW_DATABASE_URL"])
        fetch = spider.run.site.fetch
        for name, value in (
            ("DOWNLOAD_DELAY", fetch.delay),
            ("CONCURRENT_REQUESTS_PER_DOMAIN", fetch.concurrency),
            ("DOWNLOAD_MAXSIZE", fetch.max_bytes),
        ):
            crawler.settings.set(name, value, priority="spider")
        return spider

    @classmethod
    def open_run(cls, crawler: Crawler, site: str) -> Run:
        """The run of this crawl, in the database."""
        return open_run(crawler, site, cls.kind)

    @classmethod
    def checked(cls, given: dict[str, str], settings: BaseSettings) -> dict[str, str]:
        """The arguments, if all are well formed and there is such a site; raises UsageError."""
        for name in given:
            if name not in cls.arguments:
                near = difflib.get_close_matches(name, cls.arguments, n=1)
                hint = (
                    f"; did you mean {near[0]!r}?"
                    if near
                    else f"; known: {', '.join(cls.arguments)}"
                )
                raise UsageError(f"unknown argument -a {name}=…{hint}")
        if not given.get("site"):
            raise UsageError(f"which site? type: scrapy crawl {cls.name} -a site=NAME")
        for switch in ("accept", "dry_run"):
            if given.get(switch, "0") not in ("0", "1"):
                raise UsageError(f"-a {switch}={given[switch]}: write 1 or 0")
        limit = given.get("limit", "1")
        if not (limit.isascii() and limit.isdigit() and 0 < int(limit) < 10**9):
            raise UsageError(f"-a limit={limit}: not a number of URLs")
        load_site(Path(settings["WINNOW_SITES_DIR"]), given["site"])
        return given

    @property
    def accepts(self) -> bool:
        """Whether a copy that is worse than the stored one is taken all the same."""
        return self.given.get("accept", "0") == "1"

    @property
    def limit(self) -> int:
        """The most URLs that this run may ask for."""
        return int(self.given.get("limit", 10**9))

    def request(self, claim: UrlLease, *, sure: bool = False) -> Request:
        """The request for a claimed URL; its answer or failure settles the claim.

        `sure`: it was answered already, that a stored article is gone; asked after all others.
        """
        self.leases[claim.url_id] = claim
        return Request(
            claim.url,
            callback=self.on_response,
            errback=self.on_error,
            cb_kwargs={"claim": claim, "sure": sure},
            dont_filter=True,  # the claim sees to it that a URL is asked for once
            priority=-10 if sure else 0,
        )

    def conditional_request(self, claim: UrlLease) -> Request:
        """The request, conditional where a copy is held."""
        validators = {"If-None-Match": claim.etag, "If-Modified-Since": claim.last_modified}
        held = {name: value for name, value in validators.items() if value and claim.article}
        self._asked += claim.article
        return self.request(claim).replace(headers=held)

    async def on_response(
        self, response: Response, claim: UrlLease, sure: bool
    ) -> AsyncIterator[Page | Request]:
        """A Page for what is one; otherwise the claim is settled here."""
        verdict = outcome_of_response(response)
        if verdict is None:
            moved = await self._moved(claim, response.url)
            if isinstance(moved, UrlLease):
                yield self.page(response, moved)
                return
            verdict = moved
        if verdict.outcome is Outcome.GONE and claim.article and not sure:
            yield self.request(claim, sure=True)  # one wrong answer withdraws no article
            return
        await self.record(claim, verdict, response)

    async def on_error(self, failure: Failure) -> None:
        """No answer came, or none that may be read."""
        request: Request = failure.request  # type: ignore[attr-defined]  # Scrapy puts it there
        await self.record(request.cb_kwargs["claim"], outcome_of_error(failure.value))

    async def record(
        self, claim: UrlLease, verdict: ResponseOutcome, response: Response | None = None
    ) -> None:
        """Writes the one outcome of a claimed URL and gives the claim back."""
        await self.writer.write(
            partial(self._record, claim=claim, verdict=verdict, response=response)
        )
        self.leases.pop(claim.url_id, None)
        self.crawler.stats.inc_value(f"outcome/{verdict.outcome}")
        if verdict.outcome is Outcome.GONE and claim.article:
            self._gone.append(claim.url_id)

    def at_end(self, conn: Connection, now: datetime, *, failed: bool) -> None:  # noqa: ARG002 - for those that schedule
        """Withdraws what is gone, in the transaction that ends the run.

        Not where so much is gone that the site must be out of order: then it stays, and whoever
        knows better types `--accept`.
        """
        gone = len(self._gone)
        if self._asked >= LEAST_ASKED and gone > MOST_GONE * self._asked and not self.accepts:
            self.logger.warning(
                "%d of %d articles are gone, which looks like an outage: none is withdrawn;"
                " --accept withdraws them",
                gone,
                self._asked,
            )
            return
        for url_id in self._gone:
            articles.withdraw(conn, url_id, now)

    def page(self, response: Response, claim: UrlLease) -> Page:
        """The fetched copy, as bytes: nothing in it is parsed in this process."""
        headers = tuple(
            (name.decode("latin-1"), value.decode("latin-1"))
            for name, values in response.headers.items()
            for value in values
        )
        return Page(
            run_id=self.run.run_id,
            url_id=claim.url_id,
            site=self.run.site.name,
            url=claim.url,
            final_url=response.url,
            status=response.status,
            headers=headers,
            body=response.body,
            fetched_at=datetime.now(UTC),
            hint=claim.hint,
            charset=charset(response),
        )

    def _record(
        self,
        conn: Connection,
        claim: UrlLease,
        verdict: ResponseOutcome,
        response: Response | None,
    ) -> None:
        """The outcome, and that a stored article is there as it was."""
        now = datetime.now(UTC)
        ours = record_outcome(
            conn, self.run, claim.url_id, verdict.outcome, now,
            reason=verdict.reason, http_status=verdict.status, attempts=claim.attempts,
            fetched_at=None if response is None else now, asked=verdict.asked,
            etag=header(response, "ETag") or None if response else None,
            last_modified=header(response, "Last-Modified") or None if response else None,
        )  # fmt: skip
        if ours and verdict.outcome is Outcome.NOT_MODIFIED:
            articles.found_again(conn, claim.url_id, now)

    async def _moved(self, claim: UrlLease, url: str) -> UrlLease | ResponseOutcome:
        """The claim to go on under after redirects, or what came of the asked URL."""
        if url_key(url) == url_key(claim.url):
            return claim
        why = self.run.site.scope.admits(url, None, datetime.now(UTC))
        if why:
            return ResponseOutcome(Outcome.OUT_OF_SCOPE, f"redirects to {url}: {why}", 200)
        if self._is_front(url, claim.url):
            lost = Outcome.GONE if claim.article else Outcome.NOT_ARTICLE
            return ResponseOutcome(lost, f"redirects to the front page {url}", 200)
        target = await self.writer.write(partial(self._take_over, asked=claim, url=url))
        elsewhere = ResponseOutcome(Outcome.DUPLICATE_URL, f"redirects to {url}", 200)
        if target is None:
            return elsewhere
        self.leases[target.url_id] = target
        await self.record(claim, elsewhere)
        return target

    def _is_front(self, url: str, asked: str) -> bool:
        """Whether a redirect away from `asked` leads to the front page: `/?error=404` too."""
        whole = url_key(url) == url_key(self.run.site.start)
        bare = urlsplit(url)._replace(query="").geturl()
        return (
            whole or is_home(url) or (is_home(bare) and urlsplit(asked).path != urlsplit(url).path)
        )

    def _take_over(self, conn: Connection, asked: UrlLease, url: str) -> UrlLease | None:
        """A claim on the page that a URL redirects to; None where it is known or being fetched."""
        now = datetime.now(UTC)
        link = Link(url, "redirect", asked.url, asked.hint)
        frontier.add_links(conn, self.run.site_id, [link], now)
        row = frontier.find(conn, url)
        if row is None or row.site_id != self.run.site_id or row.state != "found":
            return None
        taken = frontier.claim_these(conn, [row.url_id], self.run.owner, now + LEASE, now)
        return taken[0] if taken else None
