"""A page in the browser cannot reach what the crawl may not: each way is tried, none arrives."""

import asyncio
import socket
from functools import partial

import pytest

from crawler.browser import rendering
from crawler.browser.browsers import Browsers
from crawler.browser.faults import NotRendered
from crawler.browser.requests import Answer, Wanted
from crawler.browser.traffic import Traffic
from tests.faults.support.browser_attacks import BY_MARKUP, BY_SCRIPT, Forbidden, pages
from tests.support.browsing import MOST, chromium, document, in_browser, only
from tests.support.desk import Desk
from tests.support.site_server import XML, Reply, SiteServer, redirect, sitemap

# what does not come to the proxy, or not with the page's secret
_UNSEEN = {
    "WebTransport", "WebRTC", "service worker", "shared worker", "icon and manifest",
    "speculation rules", "preconnect", "link with a ping",
}  # fmt: skip


def _put_up(site: SiteServer, forbidden: Forbidden) -> dict[str, str]:
    """The pages on the site, and what they ask it for; each page's kind by its path."""
    away = f"http://{forbidden.bad}/away"
    for path in ("/away", "/away.js", "/away.png"):
        site.pages[path] = redirect(away)
    worker = f"fetch('{away}'); self.addEventListener('install', () => fetch('{away}'))"
    site.pages["/worker.js"] = Reply(worker.encode(), content_type="text/javascript")
    made = pages(site.url, forbidden.bad, forbidden.udp)
    for number, html in enumerate(made.values()):
        site.page(f"/{number}", html)
    return {f"/{number}": kind for number, kind in enumerate(made)}


def test_the_forbidden_address_counts_whoever_comes() -> None:
    with Forbidden() as forbidden:
        with socket.create_connection(("127.0.0.1", forbidden.port)) as one:
            one.send(b"tcp")
            one.recv(1)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
            host, _, port = forbidden.udp.partition(":")
            other.sendto(b"udp", (host, int(port)))
        while len(forbidden.came) < 2:
            pass
        assert sorted(forbidden.came) == [b"tcp", b"udp"]


def test_no_page_of_a_crawl_reaches_a_forbidden_address(desk: Desk) -> None:
    chromium()
    with SiteServer() as site, Forbidden() as forbidden:
        kinds = _put_up(site, forbidden)
        site.page("/sitemap.xml", sitemap(site.url + path for path in kinds), content_type=XML)
        desk.sites.mkdir(exist_ok=True)
        (desk.sites / "mill.toml").write_text(
            f'start = "{site.url}/"\n[sources]\nsitemaps = ["{site.url}/sitemap.xml"]\n'
            "[scope]\nprivate = true\n[fetch]\ndelay = 0\nconcurrency = 8\nbrowser = true\n"
        )
        desk.type("crawl", "discover", "-a", "site=mill")
        assert forbidden.came == []
        outcomes = desk.outcomes()
    came = {kinds[path]: outcome for path, outcome in outcomes.items()}
    assert came.keys() == set(kinds.values())
    leads_away = {"meta refresh", "location", "download"}  # of another origin: it is opened
    for kind, (outcome, reason) in came.items():
        if kind in leads_away:  # the crawl is led there, and goes by its own rules
            assert (outcome, kind) == ("refused_address", kind), reason
        else:
            assert outcome in {"stored", "duplicate_url"}, (kind, outcome, reason)


def test_the_proxy_alone_lets_no_request_through(monkeypatch: pytest.MonkeyPatch) -> None:
    """As the last, where nothing but the first document is kept from the network before it."""

    def all_pass(wanted: Wanted, asked: str, *, has_begun: bool) -> Answer:
        return Answer.NETWORK if has_begun else Answer.DOCUMENT

    monkeypatch.setattr(rendering, "answer", all_pass)
    with SiteServer() as site, Forbidden() as forbidden:
        kinds = _put_up(site, forbidden)
        made = pages(site.url, forbidden.bad, forbidden.udp)

        async def show(browsers: Browsers, path: str) -> Traffic:
            traffic = Traffic(MOST)
            page = document(site.url + path, made[kinds[path]])
            try:
                await browsers.render(chromium(), page, traffic, partial(only, site.url), MOST)
            except NotRendered as fault:  # the page went to where it got no answer
                assert "could not show" in fault.reason, kinds[path]
            return traffic

        async def show_all(browsers: Browsers) -> set[str]:
            traffics = await asyncio.gather(*(show(browsers, path) for path in kinds))
            unseen = {path for path, one in zip(kinds, traffics, strict=True) if not one.refused}
            # a busy browser may not have come to ask for it in time: once more, by itself
            again = [path for path in unseen if kinds[path] not in _UNSEEN]
            return unseen - {path for path in again if (await show(browsers, path)).refused}

        unseen = in_browser(show_all)
        assert forbidden.came == []
    assert {kinds[path] for path in unseen} <= _UNSEEN
    assert len(BY_MARKUP) + len(BY_SCRIPT) == len(made)
