"""Sitemaps, sitemap indexes and news sitemaps, read as a stream: XML, gzip or plain text."""

import codecs
import html
import re
from collections.abc import Iterator
from itertools import chain, islice
from typing import Final

from crawler.middlewares.content_codings import Broken, gunzipped
from crawler.sources.parsers.links import SourceBroken, SourceLink, joined
from crawler.sources.parsers.sitemap_entries import Entries, Entry
from models.charset import codec_of
from models.dates import read_date
from models.items import Hint, Link
from models.text import one_line

MAX_URLS: Final = 50_000  # both limits are the protocol's (sitemaps.org)
MAX_BYTES: Final = 50 * 1024 * 1024
_PIECE: Final = 64 * 1024
_LONGEST_LINE: Final = 10_000  # bytes
_ROOT: Final = re.compile(r"<(?:[\w.-]{1,40}:)?(?:urlset|sitemapindex)[\s/>]", re.IGNORECASE)
_ENCODING: Final = re.compile(rb"<\?xml\s[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]{1,40})[\"']")
_LINE: Final = re.compile(r"https?://\S+", re.IGNORECASE)
_NAMED_AS_SITEMAP: Final = re.compile(
    r"(?:sitemap[\w-]{0,80}|[\w-]{0,80}?[_-]?sitemaps?[_-]?(?:index)?[\d_-]{0,40})(?:\.(?!html?$)\w{1,9})?"
)
_OF_XML: Final = (".xml", ".xml.gz", ".gz")
_SPACES: Final = "\ufeff\ufffe\u200b \t\r\n"


def read_sitemap(
    body: bytes, url: str, depth: int = 0, *, part: bool = False
) -> Iterator[Link | SourceLink]:
    """Links of a sitemap, or the sitemaps that an index names, as they come.

    `part`: entries that were seen before are left out, so that none need be left.
    Raises SourceBroken where reading breaks off; what came before counts.
    """
    pieces = unpacked(body)
    first = next(pieces, b"")
    codec, pieces = _codec(first), chain([first], pieces)
    head = first.decode(codec, "replace").lstrip(_SPACES)
    if not head:
        raise SourceBroken("empty")
    if head[0] == "<" or _ROOT.search(head):
        found = _told_apart(_read_xml(_decoded(pieces, codec), url, part), depth)
    else:
        found = _told_apart(_read_text(pieces, url), depth)
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


def _codec(first: bytes) -> str:
    """By the byte order mark, the zeros between ASCII, or the declaration; else UTF-8."""
    if first[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return "utf-16"
    start = first.lstrip(b" \t\r\n\0")[:1]
    if start == b"<" and b"\0" in first[:4]:
        return "utf-16-be" if first[:1] == b"\0" else "utf-16-le"
    declared = _ENCODING.search(first)
    codec = codec_of(declared[1].decode("ascii")) if declared else None
    return codec if codec and not codec.startswith("utf-16") else "utf-8"


def _decoded(pieces: Iterator[bytes], codec: str) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(codec)("replace")
    for piece in pieces:
        yield decoder.decode(piece)
    yield decoder.decode(b"", final=True)


def _read_xml(pieces: Iterator[str], url: str, part: bool) -> Iterator[Link | SourceLink]:
    entries, any_item = Entries(), False
    for entry in entries.read(pieces):
        if item := _item(entry, url):
            any_item = True
            yield item
    if entries.named and not any_item and not part:
        raise SourceBroken(f"{entries.named} entries, and none of them names an address")


def _item(entry: Entry, url: str) -> Link | SourceLink | None:
    named = entry.values.get("loc", "").replace("&amp;", "&").strip(_SPACES)
    loc = joined(url, named) if named else None
    if loc is None:
        return None
    modified, _ = read_date(entry.values.get("lastmod"))
    if entry.kind == "sitemap":
        return SourceLink(loc, "sitemap", modified)
    published, precision = read_date(entry.values.get("news.publication_date"))
    kind = "news_sitemap" if any(k.startswith("news") for k in entry.values) else "sitemap"
    title = one_line(html.unescape(entry.values.get("news.title", ""))) or None
    return Link(loc, kind, url, Hint(title, published, precision, modified, kind))


def _told_apart(found: Iterator[Link | SourceLink], depth: int) -> Iterator[Link | SourceLink]:
    """The items, with the sitemaps among the pages as what they are, one level down.

    Some indexes list sitemaps as if they were pages. An address of XML is none of a page; one
    that only has the protocol's word in it is a sitemap where nothing else is listed, unless it
    turns out to be a page.
    """
    held: list[Link] = []
    pages, broken = False, None
    while True:
        try:
            item = next(found, None)
        except SourceBroken as fault:
            item, broken = None, fault
        if item is None:
            break
        if isinstance(item, SourceLink) or _is_xml(item.url):
            yield _child(item, depth)
        elif not pages and _may_be_sitemap(item.url):
            held.append(item)
        else:
            pages = True
            yield from held
            held.clear()
            yield item
    yield from (_child(item, depth) for item in held)
    if broken is not None:
        raise broken


def _child(item: Link | SourceLink, depth: int) -> SourceLink:
    if isinstance(item, SourceLink):
        return SourceLink(item.url, "sitemap", item.modified_at, depth=depth + 1)
    page = None if _is_xml(item.url) else item
    return SourceLink(item.url, "sitemap", item.hint.modified_at, depth=depth + 1, page=page)


def _is_xml(url: str) -> bool:
    path, _, query = url.partition("#")[0].lower().partition("?")
    return path.endswith(_OF_XML) or query.endswith(_OF_XML)


def _may_be_sitemap(url: str) -> bool:
    path, _, query = url.lower().partition("://")[2].partition("/")[2].partition("?")
    return "sitemap" in query or any(map(_NAMED_AS_SITEMAP.fullmatch, path.split("/")))


def _read_text(pieces: Iterator[bytes], url: str) -> Iterator[Link]:
    any_link, held = False, b""
    for piece in chain(pieces, [b"\n"]):
        *lines, held = (held + piece).split(b"\n")
        if len(held) > _LONGEST_LINE:
            raise SourceBroken("neither XML nor lines of URLs")
        for link in _text_links(lines, url):
            any_link = True
            yield link
    if not any_link:
        raise SourceBroken("neither XML nor lines of URLs")


def _text_links(lines: list[bytes], url: str) -> Iterator[Link]:
    for line in lines:
        text = line.decode("utf-8", "replace").strip(_SPACES)
        if _LINE.fullmatch(text):
            yield Link(text, "sitemap", url, Hint(source="sitemap"))
