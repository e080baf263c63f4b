"""What a source's body is by its first bytes, and the one door to reading it."""

import gzip

import pytest

from crawler.sources.parsers.read import looks_like, read_whole

RSS = b"<rss><channel><item><link>https://example.test/a</link></item></channel></rss>"


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"<!DOCTYPE html><title>x", "html"),
        (b"\xef\xbb\xbf\n <HTML>", "html"),
        (b"<?xml version='1.0'?><rss>", "feed"),
        (b"<feed xmlns='http://www.w3.org/2005/Atom'>", "feed"),
        (b"<rdf:RDF>", "feed"),
        (b'{"version": "https://jsonfeed.org/version/1"}', "feed"),
        (b"<?xml version='1.0'?><urlset>", "sitemap"),
        (b"<sitemapindex>", "sitemap"),
        ("<urlset>".encode("utf-16"), "sitemap"),
        (gzip.compress(b"<urlset>", mtime=0), "sitemap"),
        (b"<rss><item><description>&lt;html <html>", "feed"),
        (b"<html><pre><rss>", "html"),
        (b"https://example.test/a\n", ""),
        (b"x" * 4096 + b"<rss>", ""),
        (b"", ""),
    ],
)
def test_the_first_mark_says_what_it_is(body: bytes, kind: str) -> None:
    assert looks_like(body) == kind


@pytest.mark.parametrize("body", [RSS, gzip.compress(RSS, mtime=0)])
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
