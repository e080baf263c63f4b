"""A pipeline of one stage, for tests of what comes before it: every page counts as stored."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self

from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem

from models.db.writer import Writer
from models.items import Page
from models.outcomes import Outcome
from models.scheduling.record_outcome import record_outcome

# settings of a crawl that has this stage alone
KEEP_ONLY = {
    "ITEM_PIPELINES": json.dumps({"tests.support.keep_stage.Keep": 100}),
    "RETRY_TIMES": "0",
}


@dataclass(frozen=True, slots=True)
class Kept:
    """A page that was stored."""

    page: Page
    outcome: str = "stored"


class Refused(DropItem):
    """As a stage refuses."""

    outcome = Outcome.NO_CONTENT
    reason = "nothing in it"


class Walled(Refused):
    """As a stage refuses a wall."""

    outcome = Outcome.BLOCKED


class Keep:
    """Records each page as stored; refuses an empty one, breaks on one that says so."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._writer = Writer.shared(crawler, crawler.settings)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_item(self, item: Page) -> Kept:
        if not item.body:
            raise Refused("nothing in it")
        if b"a wall" in item.body:
            raise Walled("a wall")
        if b"break the stage" in item.body:
            raise RuntimeError("the stage broke\nwith a second line")
        headers = {name.lower(): value for name, value in item.headers}
        run = self._crawler.spider.run
        await self._writer.write(
            lambda conn: record_outcome(
                conn, run, item.url_id, Outcome.STORED, datetime.now(UTC),
                http_status=item.status, fetched_at=item.fetched_at, etag=headers.get("etag"),
            )
        )  # fmt: skip
        return Kept(item)
