"""Cookies go back to the host that set them, in one run, and only where that is needed."""

from types import SimpleNamespace
from typing import Any

import pytest
from scrapy import Request, signals
from scrapy.exceptions import NotConfigured
from scrapy.http import Response

from crawler.middlewares.cookies import MOST, CookiesMiddleware
from models.sites.config import Fetch
from tests.crawler.middlewares.fakes import make_crawler
from tests.factories import make_site

PAGE = "https://example.test/2026/story"


def made(*, always: bool = False) -> CookiesMiddleware:
    crawler = make_crawler(COOKIES_ENABLED=True)
    middleware = CookiesMiddleware.from_crawler(crawler)
    spider: Any = SimpleNamespace(run=SimpleNamespace(site=make_site(fetch=Fetch(cookies=always))))
    crawler.signals.heard[signals.spider_opened](spider)
    return middleware


def sent(middleware: CookiesMiddleware, url: str, **headers: str) -> str:
    request = Request(url, headers=headers)
    middleware.process_request(request)
    return (request.headers.get("Cookie") or b"").decode()


def answer(
    middleware: CookiesMiddleware,
    url: str,
    location: str | None = None,
    cookies: tuple[str, ...] = ("seen=1; Path=/",),
    before: tuple[str, ...] = (),
) -> None:
    headers: dict[str, Any] = {"Set-Cookie": list(cookies)}
    if location is not None:
        headers["Location"] = location
    request = Request(url, meta={"redirect_urls": list(before)})
    response = Response(url, status=302 if location else 200, headers=headers)
    assert middleware.process_response(request, response) is response


@pytest.mark.parametrize("location", [PAGE, "/2026/story", "story", f"{PAGE}#top"])
def test_a_redirect_to_itself_that_sets_a_cookie_turns_them_on(location: str) -> None:
    middleware = made()
    answer(middleware, PAGE, location)
    assert sent(middleware, PAGE) == "seen=1"
    assert sent(middleware, "https://example.test/other") == "seen=1"


def test_a_loop_over_another_page_turns_them_on_too() -> None:
    middleware, check = made(), "https://example.test/check?next=/2026/story"
    answer(middleware, PAGE, check)
    assert sent(middleware, check) == ""
    answer(middleware, check, PAGE, cookies=(), before=(PAGE,))
    assert sent(middleware, PAGE) == "seen=1"


def test_nothing_is_sent_otherwise() -> None:
    middleware = made()
    answer(middleware, PAGE)
    answer(middleware, PAGE, "https://example.test/elsewhere")
    answer(middleware, PAGE, PAGE, cookies=())
    answer(middleware, "https://other.test/", "http://[x")
    assert made().process_request(Request(PAGE)) is None
    assert sent(made(), PAGE) == ""
    assert sent(middleware, "https://other.test/") == ""


def test_a_site_s_file_turns_them_on_from_the_first_answer() -> None:
    middleware = made(always=True)
    answer(middleware, PAGE)
    assert sent(middleware, PAGE) == "seen=1"


@pytest.mark.parametrize(
    "other",
    [
        "https://www.example.test/a",
        "https://example.test:8443/a",
        "http://example.test/a",
        "https://elsewhere.test/a",
    ],
)
def test_no_other_host_or_port_is_sent_them(other: str) -> None:
    middleware = made(always=True)
    answer(middleware, PAGE, cookies=("a=1; Domain=.example.test; Path=/", "b=2; Path=/"))
    assert "b=2" in sent(middleware, PAGE)
    assert sent(middleware, other) == ""


def test_another_run_knows_none() -> None:
    answer(made(always=True), PAGE)
    assert sent(made(always=True), PAGE) == ""


def test_an_operator_s_own_header_stays_where_no_cookie_is_kept() -> None:
    assert sent(made(), PAGE, Cookie="consent=yes") == "consent=yes"


def test_too_many_and_too_long_ones_are_not_kept() -> None:
    middleware = made(always=True)
    answer(middleware, PAGE, cookies=(f"long={'x' * 5000}",))
    assert sent(middleware, PAGE) == ""
    answer(middleware, PAGE, cookies=tuple(f"c{n}={n}" for n in range(MOST + 1)))
    assert sent(middleware, PAGE) == ""


def test_the_setting_turns_all_off() -> None:
    with pytest.raises(NotConfigured):
        CookiesMiddleware.from_crawler(make_crawler(COOKIES_ENABLED=False))
