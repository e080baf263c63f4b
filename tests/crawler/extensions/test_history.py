"""What leaves the pipeline without being stored gets its outcome; the run is closed with counts."""

import asyncio
from collections.abc import Awaitable, Callable
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy.utils.test import get_crawler
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from twisted.python.failure import Failure

from crawler.extensions.history import History
from crawler.extensions.outcome_writer import AT_ONCE
from models.crawl import frontier
from models.crawl.run import Run
from models.crawl.run_spider import SourceReport
from models.crawl.url_rows import UrlLease
from models.db.database import Database
from models.items import Hint, Page
from models.scheduling.run_lifecycle import LEASE, begin
from pipelines.drops import NoContent, ReadsAsItDid
from tests.factories import NOW, known_url, make_page, make_site


class Crawl:
    """A run over some pages of which nothing is fetched."""

    def __init__(self, url: str, pages: int = 1, kind: str = "discover") -> None:
        self.database = Database.open(url)
        with self.database.transaction() as conn:
            self.run: Run = begin(conn, make_site(), kind, "ours:1:ab", NOW)
            ids = [
                known_url(conn, self.run.site_id, f"https://example.test/{n}") for n in range(pages)
            ]
            frontier.claim_these(conn, ids, self.run.owner, NOW + LEASE, NOW)
        self.pages = [make_page(url_id=url_id, run_id=self.run.run_id) for url_id in ids]
        self.crawler: Any = get_crawler(settings_dict={"WINNOW_DATABASE_URL": url})
        self.crawler.spider = SimpleNamespace(
            run=self.run, leases={}, sources=SourceReport(), at_end=lambda conn, now, failed: None
        )

    def during(self, work: Callable[[History], Awaitable[None]], reason: str = "finished") -> str:
        """Does something while the run is under way, and ends it; the run's line."""

        async def run() -> History:
            history = History(self.crawler)
            history.opened()
            await work(history)
            await history.closed(reason)
            await history.stopped()
            return history

        summary = asyncio.run(run()).summary
        assert summary is not None
        return summary.line()

    def ask(self, query: str) -> list[Any]:
        with self.database.reading() as conn:
            return [tuple(row) for row in conn.execute(text(query))]


async def nothing(history: History) -> None:
    pass


@pytest.mark.parametrize(
    ("fault", "outcome", "reason"),
    [
        (RuntimeError("odd\nsecond line"), "extract_crash", "RuntimeError: odd"),
        (RuntimeError(), "extract_crash", "RuntimeError()"),
        (OSError(28, "disk full"), "database_error", "OSError: [Errno 28] disk full"),
        (
            OperationalError("s", {}, Exception("locked")),
            "database_error",
            "OperationalError: locked",
        ),
    ],
)
def test_a_page_that_a_stage_failed_on_is_told_by_what_failed(
    sqlite_url: str, fault: Exception, outcome: str, reason: str
) -> None:
    crawl = Crawl(sqlite_url)

    async def fail(history: History) -> None:
        await history.item_failed(crawl.pages[0], Failure(fault))

    crawl.during(fail)
    assert crawl.ask("select outcome, reason from v1_outcomes") == [(outcome, reason)]


def test_a_refusal_is_written_with_its_reason_and_counted(sqlite_url: str) -> None:
    crawl = Crawl(sqlite_url)

    async def drop(history: History) -> None:
        await history.dropped(crawl.pages[0], NoContent("nothing left"))

    line = crawl.during(drop)
    assert line.startswith("discover example: 1 URL: 1 no_content")
    assert crawl.ask("select outcome, reason from v1_outcomes") == [("no_content", "nothing left")]
    assert crawl.ask("select status, reason from runs") == [("done", None)]
    assert crawl.ask("select count(*) from leases") == [(0,)]
    assert crawl.crawler.stats.get_value("outcome/no_content") == 1


def test_pages_that_read_as_they_did_are_written_ten_at_once(sqlite_url: str) -> None:
    crawl = Crawl(sqlite_url, pages=AT_ONCE + 2, kind="reextract")
    written: list[int] = []

    async def drop(history: History) -> None:
        for page in crawl.pages:
            await history.dropped(page, ReadsAsItDid())
            written.append(crawl.ask("select count(*) from outcomes")[0][0])

    crawl.during(drop)
    assert written == [0] * (AT_ONCE - 1) + [AT_ONCE] * 3
    assert crawl.ask("select count(*) from outcomes") == [(AT_ONCE + 2,)]


def test_a_callback_that_fails_on_an_answer_costs_its_url(sqlite_url: str) -> None:
    crawl = Crawl(sqlite_url)
    url_id = crawl.pages[0].url_id
    lease = UrlLease(url_id, "u", Hint(), 0, None, None, False)
    response = SimpleNamespace(request=SimpleNamespace(cb_kwargs={"lease": lease}))

    async def fail(history: History) -> None:
        history.spider_failed(Failure(ValueError("odd")), response)

    crawl.during(fail)
    assert crawl.ask("select url_id, outcome from outcomes") == [(url_id, "database_error")]


def test_a_spider_that_fails_without_an_answer_is_why_the_run_failed(sqlite_url: str) -> None:
    crawl = Crawl(sqlite_url)

    async def fail(history: History) -> None:
        history.spider_failed(Failure(ValueError("odd")), None)

    crawl.during(fail, "start_error")
    assert crawl.ask("select status, reason from runs") == [
        ("failed", "the spider failed: ValueError: odd")
    ]


@pytest.mark.parametrize(("reason", "asked"), [("finished", True), ("site_taken", False)])
def test_the_spider_has_the_last_word_unless_the_site_is_another_run_s(
    sqlite_url: str, reason: str, asked: bool
) -> None:
    crawl = Crawl(sqlite_url)
    words: list[bool] = []
    crawl.crawler.spider.at_end = lambda conn, now, failed: words.append(failed)
    crawl.during(nothing, reason)
    assert words == ([False] if asked else [])


def test_an_item_that_is_stored_is_counted_by_its_outcome(sqlite_url: str) -> None:
    crawl = Crawl(sqlite_url)
    page: Page = crawl.pages[0]
    crawl.crawler.spider.leases[page.url_id] = object()

    async def store(history: History) -> None:
        history.scraped(SimpleNamespace(page=page, outcome="revised"))

    crawl.during(store)
    assert crawl.crawler.stats.get_value("outcome/revised") == 1
    assert crawl.crawler.spider.leases == {}


def test_the_seconds_and_the_rate_that_a_run_prints_are_those_of_v1_runs(
    database_url: str,
) -> None:
    crawl = Crawl(database_url, pages=3)

    async def refuse(history: History) -> None:
        for page in crawl.pages:
            await history.dropped(page, NoContent("empty"))

    line = crawl.during(refuse)
    [(seconds, pace)] = crawl.ask("select 3 / pages_per_second, pages_per_second from v1_runs")
    assert f" in {seconds:.0f} s ({pace:.2f} pages/s)" in line
    assert seconds > 60  # it began long before this process did


def test_an_engine_that_stops_while_the_run_is_closed_waits_for_that(sqlite_url: str) -> None:
    """A signal in the last phase of a run: Scrapy's own wait ends before its handlers do."""
    crawl = Crawl(sqlite_url)

    async def stopped_first() -> None:
        history = History(crawl.crawler)
        history.opened()
        stopping = asyncio.ensure_future(history.stopped())
        await asyncio.wait([stopping], timeout=0.1)
        assert not stopping.done()
        await history.closed("finished")
        await stopping

    asyncio.run(stopped_first())
    assert crawl.ask("select status from v1_runs") == [("done",)]
