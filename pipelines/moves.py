"""Stage 5: a page that moved is its article at another address, not a second article."""

import logging
from dataclasses import replace
from functools import partial

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK
from sqlalchemy import Connection

from models.articles import articles, known_pages
from models.articles.articles import Twin
from models.clock import utc_now
from models.crawl import frontier
from models.db.faults import own_fault
from models.items import Article, KnownPage
from models.outcomes import Outcome
from models.scheduling.record_outcome import record_outcome
from models.scheduling.run_lifecycle import LEASE
from models.urls import same_page
from pipelines.decider import Decider
from pipelines.duplicates.similarity import same_story
from pipelines.stage import Stage

GONE = (404, 410)
_log = logging.getLogger(__name__)


class MovesPipeline(Stage):
    """Article -> Article, with what is stored of the page where it was before."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._asked: set[int] = set()  # url_ids of former addresses: each is asked once a run

    def open_spider(self) -> None:
        """Nothing moved yet."""
        self._decider = Decider(self.writer, self.run)

    async def process_item(self, item: Article) -> Article:
        """Raises NoContent where nothing is left of the text, read as a new page."""
        known = item.known
        if known is None:
            former = await self._former(item)
            if former is None:
                return item
            self.count("moves/found")
            return await self._decider.strip(replace(item, known=former))
        if known.url_id == item.page.url_id:
            return item
        if _is_same_story(known, item):
            self.count("moves/found")
            return item
        self.count("moves/other_story")  # the site sends readers of an old page to this one
        return await self._decider.strip(replace(item, known=None))

    async def _former(self, item: Article) -> KnownPage | None:
        """The article that this page was at another address, which leads here or is gone."""
        if item.page.archived is not None:
            return None
        read = partial(articles.twins, site_id=self.run.site_id, article=item)
        twins: list[Twin] = await self.writer.read(read)
        if len(twins) != 1 or twins[0].url_id == item.page.url_id:
            return None  # several pages say the same: it is no one's new address
        known = await self.writer.read(partial(known_pages.get, article_id=twins[0].article_id))
        if known is None or known.url_id in self._asked:
            return None
        if known.withdrawn_at is not None:
            return known
        self._asked.add(known.url_id)
        return known if await self._has_left(known, item.page.final_url) else None

    async def _has_left(self, known: KnownPage, to: str) -> bool:
        """Whether the article's address leads to the URL `to`, or to nothing."""
        if not await self.writer.write(partial(self._claim, url_id=known.url_id)):
            return False  # another run is at it
        try:
            response = await self._ask(known.url)
        except Exception as fault:
            if own_fault(fault) is not None:
                raise  # of this machine: it says nothing of the page
            _log.info("%s: cannot be asked whether its page moved: %s", known.url, fault)
            self.count("moves/unanswered")
            response = None
        outcome, reason = _of(response, to)
        await self.writer.write(
            partial(self._record, url_id=known.url_id, outcome=outcome, reason=reason)
        )
        return outcome is not None

    async def _ask(self, url: str) -> Response:
        request = Request(url, callback=NO_CALLBACK, dont_filter=True)
        return await self.crawler.engine.download_async(request)

    def _claim(self, conn: Connection, url_id: int) -> bool:
        now = utc_now()
        return bool(frontier.claim_these(conn, [url_id], self.run.owner, now + LEASE, now))

    def _record(self, conn: Connection, url_id: int, outcome: Outcome | None, reason: str) -> None:
        """The outcome of the former address; without one it is left as it was."""
        if outcome is None:
            frontier.release_urls(conn, [url_id], self.run.owner)
            return
        record_outcome(conn, self.run, url_id, outcome, utc_now(), reason=reason)


def _is_same_story(known: KnownPage, item: Article) -> bool:
    before = (known.title or "", known.text, known.facts["published_at"])
    now = (item.metadata.title or "", item.text or "", item.metadata.published_at)
    return same_story(*before, *now).same


def _of(response: Response | None, to: str) -> tuple[Outcome | None, str]:
    """The outcome of a former address, and why; None where it has a page of its own."""
    if response is None:
        return None, ""
    if response.status in GONE:
        return Outcome.GONE, f"HTTP {response.status}; the page is {to} now"
    if response.status == 200 and same_page(response.url, to):
        return Outcome.DUPLICATE_URL, f"redirects to {to}"
    return None, ""
