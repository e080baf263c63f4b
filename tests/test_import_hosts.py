"""Sites whose addresses lead to other hosts, imported: what has public names here is on a proxy."""

import csv
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from models.sites.config import Site, load_all
from tests.support.desk import Desk, Result
from tests.support.forward_proxy import ForwardProxy
from tests.support.press_town import front, rss
from tests.support.site_server import Reply, SiteServer, article, redirect
from tests.support.town import story

FED = '<link rel="alternate" type="application/rss+xml" href="/rss">'


class Web:
    """Sites by their public names."""

    def __init__(self, stack: ExitStack, desk: Desk) -> None:
        self._stack, self.desk = stack, desk
        self._proxy = stack.enter_context(ForwardProxy())
        desk.environment["WINNOW_PROXY"] = self._proxy.url

    def site(self, name: str) -> SiteServer:
        """A server of that name, with nothing on it."""
        server = self._stack.enter_context(SiteServer())
        self._proxy.routes[name] = int(server.url.rpartition(":")[2])
        return server

    def paper(self, name: str) -> list[str]:
        """A paper with a front page, a feed and five articles, whose addresses are returned."""
        site, urls = self.site(name), [f"http://{name}/news/2026/05/story-{n}" for n in range(5)]
        for number in range(5):
            page = article(f"Story {number} of the harbour", story(number))
            site.page(f"/news/2026/05/story-{number}", page)
        site.pages["/rss"] = Reply(rss(f"http://{name}", urls).encode(), content_type="text/xml")
        site.page("/", front(urls, FED))
        return urls

    def give(self, *addresses: str, code: int = 0) -> Result:
        """Imports a list of addresses."""
        (self.desk.folder / "list").write_text("\n".join(addresses))
        quick = {"DOWNLOAD_DELAY": 0, "RETRY_ENABLED": 0}
        words = ("sites", "import", str(self.desk.folder / "list"), "--jobs", "1")
        return self.desk.type(*words, code=code, **quick)

    @property
    def imported(self) -> Site:
        """The one site that there is a file of."""
        (site,) = load_all(self.desk.sites)[0]
        return site

    @property
    def requests(self) -> int:
        """How many were made so far."""
        return len(self._proxy.log)


@pytest.fixture
def web(tmp_path: Path, sqlite_url: str) -> Iterator[Web]:
    with ExitStack() as stack:
        yield Web(stack, Desk(tmp_path, sqlite_url))


def test_a_redirect_to_another_host_leads_to_the_site_there(web: Web) -> None:
    web.paper("paper.example")
    for old in ("old.example", "older.example"):
        web.site(old).pages["/"] = redirect("http://paper.example/")
    addresses = [f"http://{name}.example/" for name in ("old", "older", "paper")]
    assert web.give(*addresses).err == "scrapy sites: imported 1, known 2, failed 0\n"
    site = web.imported
    assert (site.start, site.sources.feeds) == (addresses[2], (f"{addresses[2]}rss",))
    assert site.aliases == tuple(addresses[:2])
    asked = web.requests
    assert web.give(*addresses).err == "scrapy sites: imported 0, known 3, failed 0\n"
    assert web.requests == asked


def test_a_redirect_to_where_nothing_is_fails_that_line_only(web: Web) -> None:
    web.paper("paper.example")
    web.site("lost.example").pages["/"] = redirect("http://nobody.example/")
    web.site("inside.example").pages["/"] = redirect("http://127.0.0.1/")
    done = web.give("http://lost.example", "http://inside.example", "http://paper.example", code=1)
    reasons = {row["url"]: row["reason"] for row in csv.DictReader(done.out.splitlines())}
    assert "nobody.example" in reasons["http://lost.example/"]
    assert "127.0.0.1 is not a public address" in reasons["http://inside.example/"]


def test_a_feed_on_another_host_leads_to_its_site_and_is_read_by_its_crawls(web: Web) -> None:
    urls, feeds = web.paper("paper.example"), web.site("feeds.example")
    body = rss("http://paper.example", urls).encode()
    feeds.pages["/paper.xml"] = Reply(body, content_type="text/xml")
    address = "http://feeds.example/paper.xml"
    assert web.give(address).err == "scrapy sites: imported 1, known 0, failed 0\n"
    site = web.imported
    assert site.start == "http://paper.example/"
    assert site.sources.feeds == (address, "http://paper.example/rss")
    assert web.give(address).err == "scrapy sites: imported 0, known 1, failed 0\n"
    web.desk.hurry(site.name)
    web.desk.crawl(site.name)
    assert {url for (url,) in web.desk.tuples("SELECT url FROM v1_articles")} == set(urls)
    assert len(feeds.asked("/paper.xml")) == 2
