"""A page is asked for when few others are between the site and the archive."""

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy import Request

from crawler.middlewares.archived_first import MOST, ArchivedFirstMiddleware, NotAsked
from models.crawl.run import Run
from models.crawl.url_rows import UrlLease
from models.items import Hint
from tests.factories import make_site


def spider_with(*under_way: int) -> Any:
    leases = {n: lease(n) for n in under_way}
    run = Run(1, "discover", make_site(), 1, "ours:1:ab")
    return SimpleNamespace(run=run, leases=leases, unarchived=set(under_way), is_ending=False)


def lease(url_id: int) -> UrlLease:
    return UrlLease(url_id, f"https://example.test/{url_id}", Hint(), 0, None, None, False)


def ask(spider: Any, url_id: int) -> Any:
    one = lease(url_id)
    spider.leases[url_id] = one
    request = Request(one.url, cb_kwargs={"lease": one})
    return ArchivedFirstMiddleware(SimpleNamespace(spider=spider)).process_request(request)


def test_a_page_waits_until_one_before_it_is_archived_or_done() -> None:
    async def crawl() -> None:
        spider = spider_with(*range(1, MOST + 1))
        waiting = asyncio.ensure_future(ask(spider, 100))
        other = asyncio.ensure_future(ask(spider, 101))
        await asyncio.sleep(0.1)
        assert not waiting.done() and not other.done()
        spider.unarchived.discard(1)  # archived
        await asyncio.wait_for(asyncio.wait([waiting, other], return_when="FIRST_COMPLETED"), 5)
        assert sum(one.done() for one in (waiting, other)) == 1
        spider.leases.pop(2)  # without an answer to archive
        await asyncio.wait_for(asyncio.gather(waiting, other), 5)
        assert {100, 101} <= spider.unarchived

    asyncio.run(crawl())


def test_a_page_that_was_let_in_goes_on_to_where_it_is_redirected() -> None:
    spider = spider_with(*range(1, MOST + 2))
    asyncio.run(asyncio.wait_for(ask(spider, 1), 1))


def test_what_is_no_page_of_a_run_does_not_wait() -> None:
    spider = spider_with(*range(1, MOST + 2))
    middleware = ArchivedFirstMiddleware(SimpleNamespace(spider=spider))
    asyncio.run(asyncio.wait_for(middleware.process_request(Request("https://a.test/map.xml")), 1))


def test_where_a_fault_of_ours_ends_the_run_it_is_not_asked_for() -> None:
    spider = spider_with(*range(1, MOST + 1))
    spider.is_ending = True
    with pytest.raises(NotAsked):
        asyncio.run(asyncio.wait_for(ask(spider, 100), 1))
    assert 100 not in spider.unarchived
