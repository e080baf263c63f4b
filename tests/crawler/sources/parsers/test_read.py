"""What a source's body is by its first bytes, and the one door to reading it."""

import gzip

import pytest

from crawler.sources.parsers.read import looks_like, read_whole

RSS = b"<rss><channel><item><link>https://example.test/a</link></item></channel></rss>"


BODIES = {  # by name: packed bytes are no name of a test
    "doctype": (b"<!DOCTYPE html><title>x", "html"),
    "html behind a mark": (b"\xef\xbb\xbf\n <HTML>", "html"),
    "rss": (b"<?xml version='1.0'?><rss>", "feed"),
    "atom": (b"<feed xmlns='http://www.w3.org/2005/Atom'>", "feed"),
    "rdf": (b"<rdf:RDF>", "feed"),
    "json feed": (b'{"version": "https://jsonfeed.org/version/1"}', "feed"),
    "sitemap": (b"<?xml version='1.0'?><urlset>", "sitemap"),
    "index": (b"<sitemapindex>", "sitemap"),
    "utf-16": ("<urlset>".encode("utf-16"), "sitemap"),
    "gzip": (gzip.compress(b"<urlset>"), "sitemap"),
    "html inside a feed": (b"<rss><item><description>&lt;html <html>", "feed"),
    "sitemap behind a page": (b"<html><body>Error" + b"." * 5000 + b"</html><urlset>", "sitemap"),
    "rss inside html": (b"<html><pre><rss>", "html"),
    "list of URLs": (b"https://example.test/a\n", ""),
    "too far in": (b"x" * 4096 + b"<rss>", ""),
    "nothing": (b"", ""),
}


@pytest.mark.parametrize(("body", "kind"), BODIES.values(), ids=BODIES)
def test_the_first_mark_says_what_it_is(body: bytes, kind: str) -> None:
    assert looks_like(body) == kind


@pytest.mark.parametrize("body", [RSS, gzip.compress(RSS)], ids=["plain", "gzip"])
def test_a_feed_is_read_packed_or_not(body: bytes) -> None:
    read = read_whole("feed", body, "https://example.test/rss")
    assert [link.url for link in read.links] == ["https://example.test/a"]
    assert {link.found_by for link in read.links} == {"feed"}


def test_all_else_is_read_as_a_section_page() -> None:
    page = b'<h2><a href="/night-ferry-sails-again-today">Night ferry sails again today</a></h2>'
    read = read_whole("section", page, "https://example.test/news")
    assert [link.url for link in read.links] == [
        "https://example.test/night-ferry-sails-again-today"
    ]
