"""What a page declares outside its text, gathered in one walk over few tags."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from urllib.parse import urljoin, urlsplit

from lxml.etree import tostring
from lxml.html import HtmlElement

from models.text import one_line

_MAX_TEXT = 20_000  # characters read of one heading, title or meta
_MAX_URL = 8_192  # longer ones are data, not addresses
_MAX_KEPT = 50  # metas of one name, headings, times: more than a page can mean
_MAX_METAS = 2_000  # of all names
_SIGNS = re.compile(r"[^a-z0-9]+")
_FRONT = re.compile(r"(?:https?:)?//[^/?#]+/?|/(?:index\.\w+|home/?)?|\./?")
_MOST_BEFORE = 200  # characters before the headline: a kicker, a byline, a caption
# An address as `urljoin` would give it back; with dots or empty parts it may change.
_JOINED = re.compile(r"https?://[a-z0-9.-]+(?:/[\w%+,=&@~-][\w%+,=&@~.-]*)*/?", re.ASCII)


@dataclass(frozen=True, slots=True)
class TimeTag:
    """One <time>: its machine-readable attribute, its text, and where it is."""

    stamp: str
    text: str
    marked: bool  # itemprop=datePublished, pubdate, or a class with "publish"
    element: HtmlElement = field(repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Markup:
    """A page's declarations; keys of `metas` are folded to letters and digits."""

    metas: Mapping[str, tuple[str, ...]]
    canonical: str | None
    language: str | None
    document_title: str
    headings: tuple[str, ...]  # of level one, that are no link to the front page
    lower_headings: tuple[HtmlElement, ...]  # elements, of levels two and three
    times: tuple[TimeTag, ...]
    scripts: tuple[str, ...]  # JSON-LD, as written
    front_links: tuple[str, ...] = ()  # what the page's first links to the front page are called

    def meta(self, *names: str) -> Iterator[str]:
        """The contents of the metas of the first name, then the next; empty ones left out."""
        for name in names:
            yield from self.metas.get(name, ())


def read_markup(tree: HtmlElement) -> Markup:
    """Gathers metas, links, titles, headings, times and JSON-LD; the tree is not changed."""
    metas: dict[str, list[str]] = {}
    canonical, title = None, ""
    metas_left = _MAX_METAS
    headings: list[str] = []
    lower_headings: list[HtmlElement] = []
    times: list[TimeTag] = []
    scripts: list[str] = []
    for element in tree.iter("meta", "link", "title", "h1", "h2", "h3", "time", "script"):
        tag = element.tag
        if tag == "meta" and metas_left:
            metas_left -= 1
            _keep_meta(element, metas)
        elif tag == "script":
            if "ld+json" in element.get("type", "").lower():
                scripts.append(element.text or "")
        elif tag == "link":
            if canonical is None and "canonical" in element.get("rel", "").lower().split():
                canonical = element.get("href")
        elif tag == "title":
            title = title or _page_title(element)
        elif tag == "h1":
            if len(headings) < _MAX_KEPT and not _is_logo(element):
                headings.append(text_of(element))
        elif tag in ("h2", "h3"):
            if len(lower_headings) < _MAX_KEPT:
                lower_headings.append(element)
        elif tag == "time" and len(times) < _MAX_KEPT:
            times.append(_time_tag(element))
    return Markup(
        metas={name: tuple(contents) for name, contents in metas.items()},
        canonical=canonical,
        language=tree.get("lang") or tree.get("xml:lang"),
        document_title=title,
        headings=tuple(heading for heading in headings if heading),
        lower_headings=tuple(lower_headings),
        times=tuple(times),
        scripts=tuple(scripts),
        front_links=tuple(_front_links(tree)),
    )


def text_of(element: HtmlElement) -> str:
    """An element's whole text, cut where no heading or byline is longer."""
    if len(element):
        text = tostring(element, encoding="unicode", method="text", with_tail=False)
    else:
        text = element.text or ""
    return text[:_MAX_TEXT].strip()


def absolute(url: str, base: str) -> str | None:
    """The absolute http(s) URL, or None if it is none, or too long for one."""
    url = one_line(url[: 2 * _MAX_URL])
    if not url or len(url) > _MAX_URL:
        return None
    if _JOINED.fullmatch(url):
        return url
    try:
        joined = urljoin(base, url)
        parts = urlsplit(joined)
    except ValueError:
        return None
    return joined if parts.scheme in ("http", "https") and parts.netloc else None


def fold_key(name: str) -> str:
    """A meta's folded name: 'articlepublishedtime' of 'article:published_time'."""
    return _folded_key(name[:100])


@lru_cache(maxsize=1024)  # most metas have one of a hundred names
def _folded_key(name: str) -> str:
    return _SIGNS.sub("", name.lower())


def _front_links(tree: HtmlElement) -> Iterator[str]:
    for link in islice(tree.iter("a"), _MAX_KEPT):
        if _FRONT.fullmatch(link.get("href", "x").strip()) and (text := text_of(link)):
            yield one_line(text)


def _is_logo(heading: HtmlElement) -> bool:
    """Whether all that a heading says is a link to the front page."""
    link = next(heading.iter("a"), None)
    link = link if link is not None else next(heading.iterancestors("a"), None)
    if link is None or text_of(link) != text_of(heading):
        return False
    address = link.get("href", "x").strip()
    return bool(_FRONT.fullmatch(address)) or link.get("rel", "") == "home"


def _is_main(heading: HtmlElement) -> bool:
    """Whether a heading opens the main part: no link to another article, no text before it."""
    if next(heading.iter("a"), None) is not None:
        return False
    for node in (heading, *heading.iterancestors()):
        if node.tag in ("main", "article"):
            return True
        if any(len(text_of(near)) > _MOST_BEFORE for near in node.itersiblings(preceding=True)):
            return False
    return False


def opening_headings(markup: Markup) -> Iterator[str]:
    """The headings of levels two and three that open <main> or <article>."""
    return (text_of(heading) for heading in markup.lower_headings if _is_main(heading))


def _page_title(element: HtmlElement) -> str:
    parent = element.getparent()
    drawn = parent is not None and parent.tag not in ("head", "html", "body")
    return "" if drawn else text_of(element)  # a drawing's <title> is not the page's


def _keep_meta(element: HtmlElement, metas: dict[str, list[str]]) -> None:
    content = element.get("content", "").strip()[:_MAX_TEXT]
    if not content:
        return
    for attribute in ("property", "name", "itemprop", "http-equiv"):
        if name := element.get(attribute):
            kept = metas.setdefault(fold_key(name), [])
            if len(kept) < _MAX_KEPT:
                kept.append(content)


def _time_tag(element: HtmlElement) -> TimeTag:
    marks = f"{element.get('itemprop', '')} {element.get('class', '')}".lower()
    marked = "publish" in marks or element.get("pubdate") is not None
    stamp = element.get("datetime", "")[:_MAX_TEXT]
    return TimeTag(stamp, text_of(element)[:200], marked, element)
