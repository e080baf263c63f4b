"""Room for pages that all sites of a process share: counted, waited for, given back."""

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured
from scrapy.http import Response

from crawler.middlewares.page_budget import EXPECTED, PageBudget, PageBudgetMiddleware
from crawler.middlewares.robots import ROBOTS


def crawl(budget: PageBudget, held: int = 0) -> Crawler:
    """A crawl whose pipeline holds so many bytes."""
    made: Any = Crawler(Spider)
    made.crawling = True
    made.engine = SimpleNamespace(scraper=SimpleNamespace(slot=SimpleNamespace(active_size=held)))
    budget.lend(made)
    return made


def request(number: int, **meta: object) -> Request:
    return Request(f"https://news.test/{number}", meta=meta)


async def enters(middleware: PageBudgetMiddleware, asked: Request) -> bool:
    """Whether a request goes on at once."""
    waiting = asyncio.ensure_future(middleware.process_request(asked))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    if waiting.done():
        return True
    waiting.cancel()
    return False


def test_all_crawls_together_have_so_much_room_and_an_answer_gives_it_back() -> None:
    async def work() -> None:
        budget = PageBudget(2 * EXPECTED)
        one, two = (PageBudgetMiddleware.from_crawler(crawl(budget)) for _ in range(2))
        asked = [request(number) for number in range(4)]
        assert await enters(one, asked[0]) and await enters(two, asked[1])
        assert not await enters(one, asked[2]) and not await enters(two, asked[2])
        assert await enters(one, request(9, **{ROBOTS: True})), "others wait for it"
        answer = Response(asked[0].url)
        assert one.process_response(asked[0], answer) is answer
        assert await enters(two, asked[2])
        two.process_exception(asked[1], TimeoutError())
        assert await enters(one, asked[3])
        assert budget.used == 2 * EXPECTED

    asyncio.run(work())


def test_pages_in_any_pipeline_take_room_until_they_have_left_it() -> None:
    async def work() -> None:
        budget = PageBudget(3 * EXPECTED)
        full: Any = crawl(budget, held=3 * EXPECTED)
        other = PageBudgetMiddleware.from_crawler(crawl(budget))
        first = request(1)
        waiting = asyncio.ensure_future(other.process_request(first))
        await asyncio.sleep(0.1)
        assert not waiting.done()
        full.engine.scraper.slot.active_size = 0
        await asyncio.wait_for(waiting, 60)
        assert budget.used == EXPECTED

    asyncio.run(work())


def test_one_page_larger_than_all_room_is_fetched_where_nothing_else_is() -> None:
    async def work() -> None:
        budget = PageBudget(1)
        middleware = PageBudgetMiddleware.from_crawler(crawl(budget))
        first = request(1)
        assert await enters(middleware, first)
        assert not await enters(middleware, request(2))

    asyncio.run(work())


def test_a_crawl_alone_in_its_process_has_scrapy_s_bound() -> None:
    with pytest.raises(NotConfigured):
        PageBudgetMiddleware.from_crawler(Crawler(Spider))
