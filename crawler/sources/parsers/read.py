"""The kind of a source's body, and the parser for it."""

from typing import Final

from crawler.sources.parsers.feed import read_feed
from crawler.sources.parsers.links import ParsedSource
from crawler.sources.parsers.section import read_section
from crawler.sources.parsers.sitemap import is_gzip, unpacked

_HTML: Final = (b"<!doctype html", b"<html", b"<head", b"<body")
_FEED: Final = (b"<rss", b"<feed", b"<rdf", b"<atom:feed")
_SITEMAP: Final = (b"<urlset", b"<sitemapindex")
_NEAR: Final = 4096  # bytes in which the first tag says what it is
_FAR: Final = 64 * 1024  # bytes in which a sitemap may begin behind what looks like a page
_KINDS: Final = {"html": _HTML, "feed": _FEED, "sitemap": _SITEMAP}


def looks_like(body: bytes) -> str:
    """'html', 'feed', 'sitemap', or '' if the first bytes do not show it.

    A server's words before a sitemap are HTML; a page of HTML has no tags of a sitemap.
    """
    start = next(unpacked(body), b"") if is_gzip(body) else body[:_FAR]
    start = start[:_FAR].replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    head = start[:_NEAR]
    if head[:1] == b"{":
        return "feed"
    found = {kind: _first(head, marks) for kind, marks in _KINDS.items()}
    kind = min(found, key=lambda name: found[name])
    if found[kind] == len(head):
        return ""
    return "sitemap" if kind == "html" and _first(start, _SITEMAP) < len(start) else kind


def read_whole(
    kind: str, body: bytes, url: str, charset: str | None = None, every_link: bool = False
) -> ParsedSource:
    """A feed or a section page, in one go; raises SourceBroken.

    For a process that can be killed: untrusted markup may take for ever.
    """
    if is_gzip(body):
        body = b"".join(unpacked(body))
    if kind == "feed":
        return read_feed(body, url, charset)
    return read_section(body, url, charset, every_link)


def _first(head: bytes, marks: tuple[bytes, ...]) -> int:
    return min((at for mark in marks if (at := head.find(mark)) >= 0), default=len(head))
