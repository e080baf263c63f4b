"""robots.txt as RFC 9309 has it, seen from the server: what is asked for, and how fast."""

import asyncio
from collections.abc import Sequence

import pytest
from scrapy import Request
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadTimeoutError,
)
from scrapy.http import Response

from crawler.middlewares import robots
from crawler.middlewares.refusals import (
    HostBusy,
    HostUnreachable,
    HostUnresolved,
    Refusal,
    RefusedByRobots,
)
from crawler.middlewares.robots import FRESH, PRIORITY, ROBOTS, parse
from crawler.middlewares.scope import ANY_HOST
from tests.crawler.middlewares.robots_host import Host
from tests.support.fetching import fetch
from tests.support.site_server import Reply, SiteServer, article, redirect

URL = "http://news.example/robots.txt"
PAGE = article("A page", ["Text."])


@pytest.mark.parametrize("status", [500, 502, 503, 429, 304])
def test_a_server_that_cannot_say_what_it_allows_is_not_crawled(status: int) -> None:
    with pytest.raises(RefusedByRobots, match=str(status)):
        parse(URL, status, b"User-agent: *\nAllow: /")


@pytest.mark.parametrize("status", [401, 403, 404, 410, 302])
def test_no_robots_txt_means_no_rules(status: int) -> None:
    rules = parse(URL, status, b"User-agent: *\nDisallow: /")
    assert rules.can_fetch("http://news.example/a", "winnow")


def test_our_own_group_is_obeyed_before_the_one_for_all() -> None:
    rules = parse(
        URL, 200, b"User-agent: *\nDisallow: /\n\nUser-agent: Winnow\nDisallow: /private/"
    )
    assert rules.can_fetch("http://news.example/a", "winnow")
    assert not rules.can_fetch("http://news.example/private/a", "winnow")


def test_a_page_of_html_in_its_place_is_no_rule() -> None:
    assert parse(URL, 200, b"<html><p>Not found</p></html>").can_fetch("http://news.example/a", "w")


def test_rules_past_500_kib_are_not_read() -> None:
    body = b"# padding\n" * 60_000 + b"User-agent: *\nDisallow: /"
    assert parse(URL, 200, body).can_fetch("http://news.example/a", "winnow")


def test_the_last_byte_of_500_kib_is_read() -> None:
    rule = b"User-agent: *\nDisallow: /"
    body = b"#" * ((500 << 10) - len(rule) - 1) + b"\n" + rule
    assert not parse(URL, 200, body).can_fetch("http://news.example/a", "winnow")
    assert parse(URL, 200, b"#" + body).can_fetch("http://news.example/", "winnow")


@pytest.mark.parametrize(("status", "free"), [(199, True), (200, False), (299, False), (300, True)])
def test_only_an_answer_of_2xx_holds_rules(status: int, free: bool) -> None:
    rules = parse(URL, status, b"\xef\xbb\xbfUser-agent: *\nDisallow: /")
    assert rules.can_fetch("http://news.example/a", "winnow") is free


# ---------------------------------------------------------------- asked for once


def saying(rules: bytes, status: int = 200) -> Host:
    return Host(lambda request: Response(request.url, status=status, body=rules))


def failing(fault: Exception) -> Host:
    def answer(request: Request) -> Response:
        raise fault

    return Host(answer)


def kinds(came: Sequence[object]) -> list[type]:
    return [type(one) for one in came]


def test_robots_txt_is_asked_for_once_by_all_that_wait_and_its_sitemaps_are_told() -> None:
    host = saying(b"User-agent: *\nDisallow: /no/\nSitemap: https://news.test/map.xml")
    came = host.ask("https://u:p@news.test/no/a", "https://news.test/b", "https://news.test/no/c")
    assert kinds(came) == [RefusedByRobots, type(None), RefusedByRobots]
    assert str(came[0]) == "https://news.test/robots.txt forbids it"
    (asked,) = host.asked
    assert (asked.url, asked.priority) == ("https://news.test/robots.txt", PRIORITY)
    assert asked.meta[ROBOTS] and asked.meta[ANY_HOST]
    assert [list(rules.sitemaps) for rules in host.told] == [["https://news.test/map.xml"]]


def test_each_origin_has_its_own_and_robots_txt_itself_waits_for_none() -> None:
    host = saying(b"")
    host.ask("https://news.test/a", "http://news.test/a", "https://news.test:8443/a")
    assert len({asked.url for asked in host.asked}) == len(host.asked) == 3
    host.ask("https://other.test/robots.txt", meta={ROBOTS: True})
    assert len(host.asked) == 3


@pytest.mark.parametrize(("delay", "promised"), [(b"2", 2.0), (b"0.1", 0.5), (b"", 0.5)])
def test_a_crawl_delay_is_promised(delay: bytes, promised: float) -> None:
    host = saying(b"User-agent: *\nCrawl-delay: " + delay)
    host.ask("https://news.test/a")
    assert host.middleware._pace.promised(Request("https://news.test/")) == promised


@pytest.mark.parametrize(
    ("fault", "refusal", "words"),
    [
        (CannotResolveHostError(), HostUnresolved, "news.test does not resolve"),
        (
            DownloadConnectionRefusedError("no"),
            HostUnreachable,
            "accepts no connection: no",
        ),
        (DownloadTimeoutError(), RefusedByRobots, "(no answer in time)"),
        (RuntimeError("odd"), RefusedByRobots, "cannot be read (odd)"),
        (RuntimeError(), RefusedByRobots, "cannot be read (RuntimeError)"),
        (HostBusy("left alone"), HostBusy, "left alone"),
    ],
)
def test_what_keeps_robots_txt_from_being_read_refuses_all_that_wait(
    fault: Exception, refusal: type[Refusal], words: str
) -> None:
    host = failing(fault)
    came = host.ask("https://news.test/a", "https://news.test/b")
    assert kinds(came) == [refusal, refusal]
    assert came[0] is not came[1]
    assert words in came[0].reason
    assert len(host.asked) == 1


def test_rules_may_be_used_for_a_day() -> None:
    assert FRESH == 86_400


@pytest.mark.parametrize(("later", "times"), [(FRESH, 1), (FRESH + 1, 2)])
def test_rules_are_read_again_after_a_day(
    monkeypatch: pytest.MonkeyPatch, later: float, times: int
) -> None:
    now = 100.0
    monkeypatch.setattr(robots, "monotonic", lambda: now)
    host = saying(b"", 404)

    async def two_requests() -> None:
        nonlocal now
        await host.middleware.process_request(Request("https://news.test/a"))
        now += later
        await host.middleware.process_request(Request("https://news.test/b"))

    asyncio.run(two_requests())
    assert len(host.asked) == times


# ---------------------------------------------------------------- as a server sees it


def test_what_robots_forbids_is_never_asked_for() -> None:
    with SiteServer() as site:
        site.pages["/robots.txt"] = Reply(b"User-agent: *\nDisallow: /no/")
        site.page("/no/a", PAGE)
        site.page("/yes", PAGE)
        came = fetch(site.url + "/", [site.url + "/no/a", site.url + "/yes"], private=True)
        assert came[site.url + "/no/a"].outcome == "robots"
        assert "/robots.txt forbids it" in came[site.url + "/no/a"].reason
        assert came[site.url + "/yes"].outcome == "fetched"
        assert site.asked("/no/a") == []
        assert len(site.asked("/robots.txt")) == 1


def test_a_robots_txt_that_breaks_forbids_all() -> None:
    with SiteServer() as site:
        site.pages["/robots.txt"] = Reply(b"oops", 500)
        site.page("/a", PAGE)
        came = fetch(site.url + "/", [site.url + "/a"], private=True)
        assert came[site.url + "/a"].outcome == "robots"
        assert "500" in came[site.url + "/a"].reason
        assert site.asked("/a") == []


def test_a_robots_txt_that_is_torn_off_forbids_all() -> None:
    with SiteServer() as site:
        site.pages["/robots.txt"] = Reply(reset=True)
        site.page("/a", PAGE)
        came = fetch(site.url + "/", [site.url + "/a"], private=True)
        assert came[site.url + "/a"].outcome == "robots"
        assert site.asked("/a") == []


def test_a_redirected_robots_txt_is_followed() -> None:
    with SiteServer() as site:
        site.pages["/robots.txt"] = redirect("/rules.txt")
        site.pages["/rules.txt"] = Reply(b"User-agent: *\nDisallow: /a")
        site.page("/a", PAGE)
        came = fetch(site.url + "/", [site.url + "/a"], private=True)
        assert came[site.url + "/a"].outcome == "robots"


def test_the_crawl_delay_holds_where_it_is_longer_than_the_sites_own() -> None:
    with SiteServer() as site:
        site.pages["/robots.txt"] = Reply(b"User-agent: *\nCrawl-delay: 0.6")
        urls = [site.page(f"/{n}", PAGE) for n in range(4)]
        came = fetch(site.url + "/", urls, private=True, delay=0.1)
        assert {came[url].outcome for url in urls} == {"fetched"}
        assert min(site.gaps()[1:]) > 0.55


def test_the_sites_own_delay_holds_where_it_is_longer() -> None:
    with SiteServer() as site:
        site.pages["/robots.txt"] = Reply(b"User-agent: *\nCrawl-delay: 0.1")
        urls = [site.page(f"/{n}", PAGE) for n in range(3)]
        fetch(site.url + "/", urls, private=True, delay=0.6)
        assert min(site.gaps()) > 0.55


def test_a_host_that_does_not_resolve_is_a_dns_error_not_a_rule() -> None:
    url = "http://nowhere.invalid/a"
    assert fetch("http://nowhere.invalid/", [url])[url].outcome == "dns_error"


def test_a_host_that_takes_no_connection_is_a_connection_error() -> None:
    with SiteServer() as site:
        gone = site.url
    assert fetch(gone + "/", [gone + "/a"], private=True)[gone + "/a"].outcome == "connection_error"
