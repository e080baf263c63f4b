"""Writes the outcomes of pages that no stage has stored, and counts those of all."""

from typing import Final

from scrapy.crawler import Crawler
from sqlalchemy.exc import SQLAlchemyError

from models.clock import utc_now
from models.crawl.run_spider import spider_of
from models.db.writer import Writer, WriterClosed
from models.items import Page
from models.outcomes import Outcome
from models.scheduling.record_outcome import UnchangedPage, record_outcome, record_unchanged

AT_ONCE: Final = 10  # outcomes of unchanged pages in one write: the most that a kill repeats


class OutcomeWriter:
    """One outcome for each page that left the pipeline or whose callback failed."""

    def __init__(self, crawler: Crawler, writer: Writer) -> None:
        self._crawler = crawler
        self._writer = writer
        self._unchanged: list[UnchangedPage] = []  # archived pages, their outcome not yet written

    async def record(
        self, page: Page, outcome: Outcome, reason: str, *, at_once: bool = False
    ) -> None:
        """The page's outcome; `at_once`: it was not its fault, and it is due in the next run."""
        await self.write(page.url_id, outcome, reason, page, at_once=at_once)
        self.count(page, outcome)

    async def record_unchanged(self, page: Page, reason: str) -> None:
        """That an archived page reads as it did: some at once, the rest by `flush`."""
        self.count(page, Outcome.UNCHANGED)
        self._unchanged.append(UnchangedPage(page.url_id, page.status, utc_now(), reason))
        if len(self._unchanged) >= AT_ONCE:
            await self.flush()

    async def flush(self) -> None:
        """Writes the outcomes of archived pages that read as before; a kill repeats the reading."""
        if self._unchanged:
            pages, self._unchanged = self._unchanged, []
            run = spider_of(self._crawler).run
            await self._writer.write(lambda conn: record_unchanged(conn, run, pages))

    async def write(
        self,
        url_id: int,
        outcome: Outcome,
        reason: str,
        page: Page | None,
        *,
        at_once: bool = False,
    ) -> None:
        """The outcome of a URL; `page`: what was fetched, None if nothing was."""
        spider = spider_of(self._crawler)
        lease = spider.leases.get(url_id)
        await self._writer.write(
            lambda conn: record_outcome(
                conn, spider.run, url_id, outcome, utc_now(),
                reason=reason, http_status=page.status if page else None,
                attempts=lease.attempts if lease else 0,
                fetched_at=page.fetched_at if page else None, at_once=at_once,
            )
        )  # fmt: skip

    def count(self, page: Page, outcome: str) -> None:
        """Counts a page whose outcome is recorded."""
        spider_of(self._crawler).leases.pop(page.url_id, None)
        self._crawler.stats.inc_value(f"outcome/{outcome}")

    def counts(self) -> dict[Outcome, int]:
        """The run's URLs by outcome, as this process counted them."""
        stats = self._crawler.stats.get_stats()
        return {outcome: n for outcome in Outcome if (n := stats.get(f"outcome/{outcome}", 0))}


def of_storage(fault: BaseException | None) -> bool:
    """Whether the database or the archive failed, and not what reads pages."""
    if isinstance(fault, OSError):  # a fault sent back by a worker has a cause
        return fault.__cause__ is None
    return isinstance(fault, SQLAlchemyError | WriterClosed)


def first_line(fault: BaseException | None) -> str:
    """A fault for people: its kind and its first line."""
    words = str(getattr(fault, "orig", None) or fault).strip()
    return f"{type(fault).__name__}: {words.splitlines()[0][:500]}" if words else repr(fault)
