"""A crawl asks the site's own hosts and those of its named sources, at every hop."""

from types import SimpleNamespace
from typing import Any

import pytest
from scrapy import Request, Spider, signals

from crawler.middlewares.refusals import OutOfScope
from crawler.middlewares.scope import ANY_HOST, ScopeMiddleware
from models.sites.config import Sources
from tests.crawler.middlewares.fakes import make_crawler
from tests.factories import make_site


@pytest.fixture
def scope() -> ScopeMiddleware:
    crawler = make_crawler()
    middleware = ScopeMiddleware.from_crawler(crawler)
    sources = Sources(
        sitemaps=("https://maps.test/a.xml",),
        feeds=("https://feeds.test:8443/rss",),
        sections=("https://sections.test/x",),
    )
    spider: Any = SimpleNamespace(run=SimpleNamespace(site=make_site(sources=sources)))
    crawler.signals.heard[signals.spider_opened](spider)
    return middleware


@pytest.mark.parametrize(
    "url",
    [
        "https://example.test/a",
        "http://www.example.test/a",
        "https://EXAMPLE.test:443/a",
        "https://maps.test/b",
        "https://feeds.test:8443/b",
        "https://sections.test/b",
    ],
)
def test_the_sites_own_hosts_pass(scope: ScopeMiddleware, url: str) -> None:
    scope.process_request(Request(url))


@pytest.mark.parametrize(
    "url",
    [
        "https://elsewhere.test/",
        "https://example.test:8443/",
        "https://feeds.test/",
        "http://a..b/",
    ],
)
def test_any_other_host_does_not_whatever_switches_filters_off(
    scope: ScopeMiddleware, url: str
) -> None:
    with pytest.raises(OutOfScope):
        scope.process_request(Request(url, dont_filter=True))


def test_what_is_no_address_is_told_as_that(scope: ScopeMiddleware) -> None:
    with pytest.raises(OutOfScope, match=r"'http://a\.\.b/' is no web address"):
        scope.process_request(Request("http://a..b/"))


def test_robots_txt_may_be_redirected_anywhere(scope: ScopeMiddleware) -> None:
    scope.process_request(Request("https://elsewhere.test/", meta={ANY_HOST: True}))


def test_before_the_site_is_known_nothing_passes() -> None:
    with pytest.raises(OutOfScope, match=r"host example\.test is not in \[scope\] hosts"):
        ScopeMiddleware().process_request(Request("https://example.test/"))


def test_without_a_run_any_host_passes() -> None:
    middleware = ScopeMiddleware()
    middleware.spider_opened(Spider("plain"))
    middleware.process_request(Request("https://elsewhere.test/"))
