"""What a source's body names, as links: in scope, plausible, articles and no listings."""

import asyncio
import gzip
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from scrapy import Spider
from scrapy.crawler import Crawler
from scrapy.settings import Settings

from crawler.sources.fetch import FetchedSource
from crawler.sources.ingest import BATCH, Ingest, SourceResult
from crawler.sources.parsers.links import SourceBroken, SourceLink
from models.items import Link
from models.sites.config import Scope
from tests.support.site_server import feed, sitemap

HOME = "https://example.test"
STORY = f"{HOME}/night-ferry-sails-again-today"


class Links:
    """Keeps links in memory; every second one is new."""

    def __init__(self) -> None:
        self.kept: list[Link] = []
        self.writes: list[int] = []

    async def add_links(self, links: Sequence[Link], now: datetime) -> int:
        self.kept += links
        self.writes.append(len(links))
        return len(links) // 2


def read(
    body: str | bytes, kind: str = "feed", page: Link | None = None, **scope: Any
) -> tuple[SourceResult, Links]:
    crawler: Any = Crawler(Spider, Settings({"WINNOW_WORKERS": 0}))
    links = Links()
    hosts = frozenset({"example.test"})
    body = body.encode() if isinstance(body, str) else body

    async def work() -> SourceResult:
        ingest = Ingest(crawler, Scope(hosts=hosts, **scope), links.add_links)
        fetched = FetchedSource(f"{HOME}/source", body, None, None, None)
        try:
            return await ingest.read(SourceLink(f"{HOME}/source", kind, page=page), fetched, body)
        finally:
            await ingest.close()

    return asyncio.run(work()), links


def test_a_feed_s_links_are_counted_and_kept() -> None:
    found, links = read(feed([(STORY, "Ferry"), ("https://elsewhere.test/a", "No"), (HOME, "No")]))
    assert (found.kind, found.links, found.new, found.error) == ("feed", 1, 0, None)
    assert [link.url for link in links.kept] == [STORY]


def test_a_body_says_itself_what_it_is() -> None:
    found, links = read(sitemap([STORY]), kind="feed")
    assert (found.kind, [link.url for link in links.kept]) == ("sitemap", [STORY])
    packed, _ = read(gzip.compress(sitemap([STORY]).encode()), kind="sitemap")
    assert packed.links == 1
    with pytest.raises(SourceBroken, match="an HTML page, not a sitemap"):
        read("<html><body>Not here", kind="sitemap")


def test_a_page_with_a_sitemap_s_name_is_a_page_where_it_turns_out_to_be_one() -> None:
    page = Link(f"{HOME}/news/sitemap-explained", "sitemap", f"{HOME}/s.xml")
    found, links = read("<html><body>A story", kind="sitemap", page=page)
    assert (found.links, links.kept) == (1, [page])
    found, links = read(sitemap([STORY]), kind="sitemap", page=page)
    assert [link.url for link in links.kept] == [STORY]


def test_a_sitemap_s_listings_are_left_unless_the_site_says_what_is_an_article() -> None:
    urls = [STORY, f"{HOME}/tag/ferry"]
    assert [link.url for link in read(sitemap(urls), "sitemap")[1].kept] == [STORY]
    import re

    every = read(sitemap(urls), "sitemap", include=(re.compile("^/"),))[1]
    assert [link.url for link in every.kept] == urls


def test_an_index_names_further_sitemaps() -> None:
    index = f"<sitemapindex><sitemap><loc>{HOME}/one.xml</loc></sitemap></sitemapindex>"
    found, _ = read(index, "sitemap")
    assert [(source.url, source.depth) for source in found.sources] == [(f"{HOME}/one.xml", 1)]


@pytest.mark.parametrize("kind", ["feed", "sitemap"])
def test_many_links_are_kept_in_batches(kind: str) -> None:
    urls = [f"{STORY}-{n}" for n in range(BATCH + 1)]
    body = sitemap(urls) if kind == "sitemap" else feed([(url, "x") for url in urls])
    found, links = read(body, kind)
    assert (links.writes, found.links, found.new) == ([BATCH, 1], BATCH + 1, BATCH // 2)


def test_what_came_before_a_break_counts() -> None:
    found, _ = read(sitemap([STORY, f"{STORY}-2"])[:-30], "sitemap")
    assert found.links >= 1
    assert found.error


def test_old_pages_are_left_and_the_newest_date_is_told() -> None:
    def dated(url: str, day: str) -> str:
        return f"<url><loc>{url}</loc><lastmod>{day}</lastmod></url>"

    body = "<urlset>" + dated(STORY, "2026-05-24") + dated(f"{STORY}-2", "1995-05-24") + "</urlset>"
    found, links = read(body, "sitemap", max_age=timedelta(days=3650))
    assert [link.url for link in links.kept] == [STORY]
    assert found.newest is not None and found.newest.year == 2026


def test_addresses_on_other_hosts_are_counted_as_such() -> None:
    found, _ = read(sitemap([STORY, "https://www.example.test/a", "https://m.example.test/b"]))
    assert (found.named, found.foreign, found.foreign_host) == (3, 2, "www.example.test")
