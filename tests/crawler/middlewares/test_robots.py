"""robots.txt as RFC 9309 has it, seen from the server: what is asked for, and how fast."""

import pytest

from crawler.middlewares.refusals import RefusedByRobots
from crawler.middlewares.robots import parse
from tests.support.fetching import fetch
from tests.support.site_server import Reply, SiteServer, article, redirect

URL = "http://news.example/robots.txt"
PAGE = article("A page", ["Text."])


@pytest.mark.parametrize("status", [500, 502, 503, 429])
def test_a_server_that_cannot_say_what_it_allows_is_not_crawled(status: int) -> None:
    with pytest.raises(RefusedByRobots, match=str(status)):
        parse(URL, status, b"User-agent: *\nAllow: /")


@pytest.mark.parametrize("status", [401, 403, 404, 410, 304])
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
