"""Sitemaps, feeds, section pages, robots.txt, URLs and dates of strangers: read, or refused."""

import gzip

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from crawler.middlewares.refusals import RefusedByRobots
from crawler.middlewares.robots import parse
from crawler.sources.parsers.links import SourceBroken
from crawler.sources.parsers.read import looks_like, read_whole
from crawler.sources.parsers.sitemap import read_sitemap
from models.dates import date_in_url, read_date
from models.urls import key_text, path_and_query, same_page, url_key
from tests.faults.fuzz.mutated import CHARSETS, ODD, damaged
from tests.support.site_server import article, feed, sitemap

URL = "https://example.test/news/"
PAGES = [f"{URL}{n}-the-harbour-froze" for n in range(4)]
NEWS = (
    b'<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    b' xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"><url><loc>https://example.test/a'
    b"</loc><lastmod>2026-05-01T10:00:00Z</lastmod><news:news><news:title>A &amp; b</news:title>"
    b"<news:publication_date>2026-05-01</news:publication_date></news:news></url></urlset>"
)
INDEX = (
    b"<sitemapindex><sitemap><loc>/a.xml</loc><lastmod>2026-05-01</lastmod></sitemap>"
    b"</sitemapindex>"
)
ATOM = (
    b'<feed xmlns="http://www.w3.org/2005/Atom"><title>Loop</title><entry><title type="html">A '
    b'&lt;b&gt;</title><link href="/a"/>'
    b"<updated>2026-05-01T10:00:00Z</updated><id>x</id></entry></feed>"
)
RSS = feed((url, "A title") for url in PAGES).encode()
JSON = (
    b'{"version": "https://jsonfeed.org/version/1.1", "title": "Loop", "items": [{"id": "1", "url":'
    b' "/a", "title": "A", "date_published": "2026-05-01T10:00:00Z", "date_modified": 5}]}'
)
SECTION = article(
    "News",
    [f'<h2><a href="{url}">The harbour froze</a></h2>' for url in PAGES],
    more='<link rel="alternate" type="application/rss+xml" href="/rss"><base href="/x/">',
)
MAP = sitemap(PAGES).encode()
ROBOTS = (
    b"User-agent: *\nDisallow: /a*b$\nAllow: /a\nCrawl-delay: 5\nRequest-rate: 1/10s 1000-1200\n"
    b"Visit-time: 0600-0845\nSitemap: https://example.test/sitemap.xml\nHost: example.test\n"
)


@given(damaged(MAP, NEWS, INDEX, gzip.compress(NEWS, mtime=0), "\n".join(PAGES).encode()))
@example(INDEX.replace(b"/a.xml", b"http://[x"))
def test_a_sitemap(body: bytes) -> None:
    def read() -> tuple[list[object], str]:
        found: list[object] = []
        try:
            for link in read_sitemap(body, URL):
                found.append(link)  # noqa: PERF402 - what came before a fault counts
        except SourceBroken as broken:
            return found, str(broken)
        return found, ""

    links, why = read()
    assert (links, why) == read()
    assert len(links) <= 50_000 and "Traceback" not in why


@given(
    st.sampled_from(("feed", "section")),
    CHARSETS,
    damaged(RSS, ATOM, JSON, SECTION.encode(), gzip.compress(RSS, mtime=0)),
    st.booleans(),
)
@example("feed", None, RSS.replace(PAGES[0].encode(), b"http://[x"), False)
@example("feed", None, JSON.replace(b'"/a"', b'"http://[x"'), False)
@example("section", None, SECTION.replace(PAGES[0], "http://[x").encode(), True)
@example("feed", None, RSS.replace(b"A title", b"&#99999999999;", 1), False)
@example("feed", "utf-16", RSS.replace(b"A title", b"&#xD800;", 1).decode().encode("utf-16"), False)
@pytest.mark.slow
def test_a_feed_or_section(kind: str, charset: str | None, body: bytes, every: bool) -> None:
    def read() -> object:
        try:
            looks_like(body)
            return read_whole(kind, body, URL, charset, every)
        except SourceBroken as broken:
            return str(broken)

    assert read() == read()


@given(st.sampled_from((200, 204, 301, 404, 429, 500)), damaged(ROBOTS))
def test_robots_txt(status: int, body: bytes) -> None:
    try:
        rules = parse(f"{URL}robots.txt", status, body)
    except RefusedByRobots:
        assert status >= 429
        return
    for url in PAGES:
        assert rules.can_fetch(url, "winnow") in (True, False)
    delay = rules.crawl_delay("winnow")
    assert delay is None or delay >= 0
    list(rules.sitemaps)


TEXT = st.text(max_size=80) | st.builds(
    lambda parts: b"".join(parts).decode("utf-8", "surrogateescape"),
    st.lists(
        st.sampled_from((*ODD, b"http://", b"example.test", b":80", b"/a", b"?b=c", b"#")),
        max_size=6,
    ),
)


@given(
    TEXT | TEXT.map(lambda text: f"http://{text}") | TEXT.map(lambda text: f"https://a.test/{text}")
)
def test_a_url(url: str) -> None:
    try:
        key = url_key(url)
    except ValueError:
        return
    assert key == url_key(url) and same_page(url, url)
    path_and_query(url)
    again = f"https:{key_text(url)}"
    assert key_text(again) == key_text(url)


@given(
    TEXT
    | damaged(
        b"2026-05-01T10:00:00+02:00",
        b"Fri, 01 May 2026 10:00:00 GMT",
        b"1. Mai 2026 9:00",
        b"1777629600",
        b"5/13/2026 11:59 pm",
        b"20260501T1000",
    ).map(lambda b: b.decode("utf-8", "replace"))
)
def test_a_date(text: str) -> None:
    at, precision = read_date(text)
    assert (at is None) == (precision is None) and read_date(text) == (at, precision)
    assert at is None or at.utcoffset() is not None
    date_in_url(f"https://a.test/{text}")
