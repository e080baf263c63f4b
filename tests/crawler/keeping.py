"""A river of one stage, for tests of what comes before it: every page counts as stored."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self

from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem

from models.db.writer import Writer
from models.items import Page
from models.outcomes import Outcome
from models.scheduling.record_outcome import record_outcome


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
    """Settles each page; an empty one is refused, one that says 'break' breaks the stage."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._writer = Writer.shared(crawler, crawler.settings["WINNOW_DATABASE_URL"])

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
        run = self._crawler.spider.run  # type: ignore[union-attr]
        await self._writer.write(
            lambda conn: record_outcome(
                conn, run, item.url_id, Outcome.STORED, datetime.now(UTC),
                http_status=item.status, fetched_at=item.fetched_at, etag=headers.get("etag"),
            )
        )  # fmt: skip
        return Kept(item)
