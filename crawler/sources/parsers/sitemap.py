"""Sitemaps, sitemap indexes and news sitemaps, read as a stream: XML, gzip or plain text."""

import html
import re
from collections.abc import Iterator
from itertools import chain, islice
from typing import Any, Final, cast

from lxml import etree

from crawler.middlewares.content_codings import Broken, gunzipped
from crawler.sources.parsers.links import SourceBroken, SourceLink, joined
from models.dates import read_date
from models.items import Hint, Link
from models.text import one_line

MAX_URLS: Final = 50_000  # both limits are the protocol's (sitemaps.org)
MAX_BYTES: Final = 50 * 1024 * 1024
_PIECE: Final = 64 * 1024
_LONGEST_VALUE: Final = 10_000  # characters
_BARE_AMPERSAND: Final = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9A-Fa-f]{1,6});)")
_CONTROLS: Final = bytes(set(range(32)) - {9, 10, 13})
_WIDE: Final = (b"\xff\xfe", b"\xfe\xff")  # UTF-16: not repaired
_LINE: Final = re.compile(r"https?://\S+", re.IGNORECASE)


def read_sitemap(body: bytes, url: str, depth: int = 0) -> Iterator[Link | SourceLink]:
    """Links of a sitemap, or the sitemaps that an index names, as they come.

    Raises SourceBroken where reading breaks off; what came before counts.
    """
    pieces = unpacked(body)
    first = next(pieces, b"")
    head, pieces = first.lstrip(b"\xef\xbb\xbf \t\r\n"), chain([first], pieces)
    if not head:
        raise SourceBroken("empty")
    xml = head[:1] == b"<" or head[:2] in _WIDE
    found = _read_xml(pieces, url, depth) if xml else _read_text(pieces, url)
    yield from islice(found, MAX_URLS)
    if next(found, None) is not None:
        raise SourceBroken(f"more than {MAX_URLS} URLs; the rest is left")


def is_gzip(body: bytes) -> bool:
    """Whether the bytes begin as a gzip file does."""
    return body[:3] == b"\x1f\x8b\x08"


def unpacked(body: bytes) -> Iterator[bytes]:
    """The body in pieces, decompressed; raises SourceBroken where gzip breaks off."""
    if not is_gzip(body):
        for start in range(0, len(body), _PIECE):
            yield body[start : start + _PIECE]
        return
    total = 0
    try:
        for piece in gunzipped(body):
            total += len(piece)
            if total > MAX_BYTES:
                raise SourceBroken(f"more than {MAX_BYTES >> 20} MB unpacked; the rest is left")
            yield piece
    except Broken as broken:
        raise SourceBroken(f"gzip: it {broken}") from broken


def _repaired(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Repairs what strict XML forbids and real sitemaps have: bare '&', control characters."""
    first, held = next(pieces, b""), b""
    if first[:2] in _WIDE:
        yield first
        yield from pieces
        return
    for piece in chain([first.removeprefix(b"\xef\xbb\xbf").lstrip()], pieces):
        whole = held + piece
        cut = whole.rfind(b"&", max(0, len(whole) - 12))
        held, whole = (whole[cut:], whole[:cut]) if cut >= 0 else (b"", whole)
        if b"<!ENTITY" in whole:
            raise SourceBroken("it declares entities, which no sitemap needs")
        yield _BARE_AMPERSAND.sub(b"&amp;", whole.translate(None, _CONTROLS))
    if held:
        yield _BARE_AMPERSAND.sub(b"&amp;", held)


def _read_xml(body: Iterator[bytes], url: str, depth: int) -> Iterator[Link | SourceLink]:
    target = _Target(url, depth)
    parser = etree.XMLParser(
        target=cast("Any", target),
        resolve_entities=False,
        no_network=True,
        huge_tree=False,
        load_dtd=False,
    )
    broken, pieces = None, _repaired(body)
    while broken is None:
        try:
            piece = next(pieces, None)
            if piece is None:
                parser.close()
            else:
                parser.feed(piece)
        except etree.XMLSyntaxError as fault:
            broken = f"broken XML: {fault.msg}"
        except SourceBroken as fault:
            broken = str(fault)
        yield from target.take()
        if broken is None and piece is None:
            return
    raise SourceBroken(broken)


def _read_text(pieces: Iterator[bytes], url: str) -> Iterator[Link]:
    any_link, held = False, b""
    for piece in chain(pieces, [b"\n"]):
        *lines, held = (held + piece).split(b"\n")
        if len(held) > _LONGEST_VALUE:
            raise SourceBroken("neither XML nor lines of URLs")
        for link in _text_links(lines, url):
            any_link = True
            yield link
    if not any_link:
        raise SourceBroken("neither XML nor lines of URLs")


def _text_links(lines: list[bytes], url: str) -> Iterator[Link]:
    for line in lines:
        text = line.decode("utf-8", "replace").strip("\ufeff \t\r")
        if _LINE.fullmatch(text):
            yield Link(text, "sitemap", url, Hint(source="sitemap"))


class _Target:
    """The parser's target; keeps one entry at a time and builds no tree."""

    def __init__(self, url: str, depth: int) -> None:
        self._url, self._depth = url, depth
        self._path: list[str] = []
        self._text: list[str] = []
        self._size = 0
        self._values: dict[str, str] = {}
        self._found: list[Link | SourceLink] = []

    def take(self) -> list[Link | SourceLink]:
        """What was found since the last call."""
        found, self._found = self._found, []
        return found

    def start(self, tag: str, _attributes: Any) -> None:
        """A tag opens; the first one must be a sitemap's."""
        name = _local(tag)
        if not self._path and name not in ("urlset", "sitemapindex"):
            raise SourceBroken(_not_a_sitemap(name))
        self._path.append(name)
        self._text, self._size = [], 0

    def data(self, text: str) -> None:
        """Text of the open tag, up to a length that no value exceeds."""
        if self._size < _LONGEST_VALUE:
            self._text.append(text)
            self._size += len(text)

    def end(self, _tag: str) -> None:
        """A tag closes: a value or an entry is complete."""
        path = ".".join(self._path[1:])
        name = self._path.pop()
        if path.startswith(("url.", "sitemap.")):
            self._values.setdefault(path.partition(".")[2], "".join(self._text).strip())
        elif name in ("url", "sitemap"):
            self._add(name)
            self._values = {}
        self._text, self._size = [], 0

    def close(self) -> None:
        """The document ended well."""

    def _add(self, name: str) -> None:
        named = self._values.get("loc", "").replace("&amp;", "&")
        loc = joined(self._url, named) if named else None
        if loc is None:
            return
        modified, _ = read_date(self._values.get("lastmod"))
        if name == "sitemap":
            self._found.append(SourceLink(loc, "sitemap", modified, depth=self._depth + 1))
            return
        published, precision = read_date(self._values.get("news.publication_date"))
        kind = "news_sitemap" if any(k.startswith("news") for k in self._values) else "sitemap"
        title = one_line(html.unescape(self._values.get("news.title", ""))) or None
        self._found.append(
            Link(loc, kind, self._url, Hint(title, published, precision, modified, kind))
        )


def _local(tag: str) -> str:
    return tag.rpartition("}")[2].rpartition(":")[2].lower()


def _not_a_sitemap(root: str) -> str:
    if root == "html":
        return "an HTML page, not a sitemap"
    if root in ("rss", "feed", "rdf"):
        return "a feed, not a sitemap"
    return f"not a sitemap: its root is <{root[:40]}>"
