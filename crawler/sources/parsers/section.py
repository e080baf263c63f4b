"""Section pages and front pages: their links to articles, and the feeds that they name."""

from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import urljoin, urlsplit

from lxml import etree

from crawler.sources.parsers.link_shape import is_article_link
from crawler.sources.parsers.links import ParsedSource, SourceLink, joined
from crawler.sources.parsers.markup import parse_html
from crawler.sources.parsers.section_links import PageLink, sections_named
from models.items import Hint, Link
from models.text import one_line

MAX_ANCHORS: Final = 5_000  # of one page
_FEED_TYPES: Final = frozenset(
    {"application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml"}
)
_HEADINGS: Final = frozenset({"h1", "h2", "h3", "h4"})
_ASIDE: Final = frozenset({"nav", "footer"})
_ASIDE_ROLES: Final = frozenset({"navigation", "contentinfo", "menu", "menubar", "search"})
_TEXTS: Final[Any] = etree.XPath("descendant::text()[not(parent::style or parent::script)]")
_LONGEST_TEXT: Final = 1_000


def read_section(
    body: bytes, url: str, charset: str | None = None, every_link: bool = False
) -> ParsedSource:
    """Links that look like articles (`every_link`: all links), and the feeds that it names."""
    root = parse_html(body, charset)
    base = _base(root, url)
    seen: dict[str, PageLink] = {}
    for anchor, address in _anchors(root, base, url):
        _note(seen.setdefault(address, PageLink()), anchor)
    links = tuple(
        Link(address, "section", url, Hint(title=s.title, source="section"))
        for address, s in seen.items()
        if every_link or is_article_link(address, s.text, heading=s.heading, aside=s.aside)
    )
    host = urlsplit(url).netloc
    own = sum(not s.aside and urlsplit(address).netloc == host for address, s in seen.items())
    title = root.find(".//title")
    name = _words(title)[:300] if title is not None else None
    feeds = tuple(_feeds(root, base))
    sections = sections_named(url, seen)
    return ParsedSource("section", links, feeds, name or None, seen=own, sections=sections)


def _words(element: etree._Element) -> str:
    """The element's text on one line, without its styles and scripts."""
    return one_line(" ".join(map(str, _TEXTS(element)))[:_LONGEST_TEXT])


def _base(root: etree._Element, url: str) -> str:
    base = root.find(".//base[@href]")
    named = joined(url, str(base.get("href")).strip()) if base is not None else None
    return named or url


def _anchors(root: etree._Element, base: str, url: str) -> Iterator[tuple[etree._Element, str]]:
    own = url.partition("#")[0]
    for count, anchor in enumerate(root.iter("a", "area")):
        if count >= MAX_ANCHORS:
            return
        href = str(anchor.get("href") or "").strip()
        if not href or href.startswith("#"):
            continue
        try:
            address = urljoin(base, href).partition("#")[0]
            web = urlsplit(address).scheme in ("http", "https") and urlsplit(address).netloc
        except ValueError:
            continue
        if web and address != own:
            yield anchor, address


def _note(seen: PageLink, anchor: etree._Element) -> None:
    text = _words(anchor)
    inner = next((e for e in anchor.iter(*_HEADINGS)), None)
    heading, aside = inner is not None, False
    for above in anchor.iterancestors():
        tag = str(above.tag)
        heading = heading or tag in _HEADINGS
        aside = aside or tag in _ASIDE or above.get("role") in _ASIDE_ROLES
    if len(text) > len(seen.text):
        seen.text = text
    if heading and text:
        seen.title = (_words(inner) if inner is not None else text) or None
    seen.heading = seen.heading or heading
    seen.aside = seen.aside and aside


def _feeds(root: etree._Element, base: str) -> Iterator[SourceLink]:
    found: set[str] = set()
    for link in root.iter("link"):
        kind = str(link.get("type") or "").partition(";")[0].strip().lower()
        href = str(link.get("href") or "").strip()
        named = "alternate" in str(link.get("rel") or "").lower().split()
        if named and kind in _FEED_TYPES and href and not _of_comments(href):
            address = joined(base, href)
            if not address or address in found:
                continue
            if urlsplit(address).scheme in ("http", "https"):
                found.add(address)
                yield SourceLink(address, "feed")


def _of_comments(href: str) -> bool:
    return "comments" in href.lower()
