"""Pages read elsewhere go on in their order, and no more of them at a time than without a fleet."""

import asyncio
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy import Spider
from scrapy.crawler import Crawler
from scrapy.utils.test import get_crawler

from crawler.fleet import fleet_pool
from crawler.fleet.fleet_pool import FLEET_ROOM, FleetPool, lend_fleet
from crawler.spiders.reextract import ROOM, ROOM_SETTING
from models.archive.reader import unread
from models.errors import ExtractionFailed
from models.items import CaptureRef, Hint, WarcLocation
from pipelines.page_pool import RunIsOver, page_pool
from pipelines.reading import reread
from pipelines.reading_codec import AskedCopy, encode_fault
from pipelines.templates.reading_off import SiteTemplates
from tests.factories import NOW


class Sender:
    """Workers in the test's hands."""

    made: "list[Sender]" = []  # noqa: RUF012 - filled by the pool

    def __init__(self, *_means: Any) -> None:
        self.asked: dict[int, Future[Any]] = {}
        self.made.append(self)

    def ask(self, copy: AskedCopy) -> "Future[Any]":
        self.asked[copy.page.url_id] = answer = Future[Any]()
        return answer

    def close(self) -> None:
        for answer in self.asked.values():
            if not answer.done():
                answer.set_exception(RunIsOver("the run is over"))


@pytest.fixture
def crawler(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.setattr(fleet_pool, "ChunkSender", Sender)
    monkeypatch.setattr(fleet_pool, "_WATCH", 0.01)
    made: Any = get_crawler(settings_dict={"WINNOW_WORKERS": 0})
    made.crawling = True
    yield made
    Sender.made.clear()


def arguments(number: int) -> tuple[Any, ...]:
    place = WarcLocation("town/2026/a.warc.gz", number, 10)
    copy = CaptureRef(number, number, 1, "https://a.test/", 200, NOW, place, b"h" * 32, 9)
    page = unread(copy, "town", "https://a.test/", Hint(), 2)
    return (Path("archive"), copy, page, None, None, (), SiteTemplates(), {}, {})


async def until(happened: Callable[[], bool]) -> None:
    for _ in range(500):
        if happened():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it did not happen")


class Asking:
    """A pool with some pages asked for."""

    def __init__(self, crawler: Any, pages: int) -> None:
        self.pool, self.done = FleetPool(crawler), list[int]()
        self.sender = Sender.made[-1]
        self.tasks = [asyncio.ensure_future(self._read(number)) for number in range(pages)]

    async def _read(self, number: int) -> None:
        assert await self.pool.run(reread, *arguments(number)) is None
        self.done.append(number)

    async def asked(self) -> None:
        await until(lambda: len(self.sender.asked) == len(self.tasks))


def test_pages_go_on_in_the_order_in_which_they_were_asked_for(crawler: Any) -> None:
    async def work() -> list[int]:
        reading = Asking(crawler, 4)
        await reading.asked()
        for number in (3, 1, 2):
            reading.sender.asked[number].set_result({})
        await asyncio.sleep(0.05)
        assert reading.done == []
        reading.sender.asked[0].set_result({})
        await asyncio.gather(*reading.tasks)
        reading.pool.close()
        return reading.done

    assert asyncio.run(work()) == [0, 1, 2, 3]


def test_no_more_are_in_the_stages_that_follow_than_without_a_fleet(crawler: Any) -> None:
    async def work() -> None:
        reading = Asking(crawler, ROOM + 3)
        await reading.asked()
        for answer in reading.sender.asked.values():
            answer.set_result({})
        await until(lambda: len(reading.done) == ROOM)
        await asyncio.sleep(0.05)
        assert len(reading.done) == ROOM
        reading.pool.left(SimpleNamespace(url_id=ROOM + 2))  # it is not there yet
        reading.pool.left(SimpleNamespace(page=SimpleNamespace(url_id=0)))
        reading.pool.left(SimpleNamespace(page=SimpleNamespace(url_id=0)))  # it is gone
        await until(lambda: len(reading.done) == ROOM + 1)
        await asyncio.sleep(0.05)
        assert len(reading.done) == ROOM + 1
        for number in range(1, 3):
            reading.pool.left(SimpleNamespace(url_id=number))
        await asyncio.gather(*reading.tasks)
        reading.pool.close()

    asyncio.run(work())


def test_a_fault_of_one_page_is_its_own(crawler: Any) -> None:
    async def work() -> None:
        pool = FleetPool(crawler)
        one = asyncio.ensure_future(pool.run(reread, *arguments(0)))
        other = asyncio.ensure_future(pool.run(reread, *arguments(1)))
        await until(lambda: len(Sender.made[-1].asked) == 2)
        Sender.made[-1].asked[1].set_result({})
        Sender.made[-1].asked[0].set_result(encode_fault(ExtractionFailed("no text")))
        with pytest.raises(ExtractionFailed, match="no text"):
            await one
        assert await other is None
        pool.close()

    asyncio.run(work())


@pytest.mark.parametrize("how", ["a signal", "a fault of ours"])
def test_a_run_that_ends_waits_for_no_worker(crawler: Any, how: str) -> None:
    async def work() -> None:
        crawler.spider = SimpleNamespace(is_ending=False)
        reading = Asking(crawler, 2)
        await reading.asked()
        if how == "a signal":
            crawler.crawling = False
        else:
            crawler.spider.is_ending = True
        for task in reading.tasks:
            with pytest.raises(RunIsOver):
                await task
        reading.pool.close()

    asyncio.run(work())


def test_what_is_no_archived_copy_is_run_here(crawler: Any) -> None:
    async def work() -> int:
        pool = FleetPool(crawler)
        try:
            return await pool.run(len, "four")
        finally:
            pool.close()

    assert asyncio.run(work()) == 4
    assert not Sender.made[-1].asked


@pytest.mark.usefixtures("crawler")
def test_a_crawl_that_is_lent_it_has_room_for_what_workers_have() -> None:
    lent = Crawler(Spider, {"WINNOW_WORKERS": 0})
    lend_fleet(lent)
    assert isinstance(page_pool(lent), FleetPool)
    assert lent.settings.getint(ROOM_SETTING) == FLEET_ROOM > ROOM
