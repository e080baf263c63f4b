"""Text that a page has, but not where it shows any: templates, `noscript`, JSON-LD.

It is read only where the page shows much less: else it is an advert, a dialog, or said twice.
"""

import html
import re
from collections.abc import Iterator, Sequence
from heapq import nlargest
from itertools import islice
from typing import Final, NamedTuple

import lxml.html
from lxml.html import HtmlElement

from pipelines.extraction.blocks import Outline, Piece
from pipelines.extraction.tree import UNREAD

_TEMPLATES: Final = re.compile(
    r"text/html|[\w-]+/[\w.+-]{0,40}?(?:template|tmpl|handlebars|mustache)[\w.+-]{0,40}"
)
_LEAST: Final = 25  # words in sentences, not links, that are worth reading
_TIMES: Final = 2  # as many words as the page shows
_LONGER: Final = 1.5  # times the characters of what is shown: it may have twice the words
_WORD: Final = 3  # characters of a word, at least on average: a bound by length alone
_SENTENCE: Final = 5  # words of a piece; shorter ones are labels
_LINKED: Final = 0.5  # share of characters in links of a piece that is no sentence
_APART: Final = frozenset({"nav", "footer", "aside", "form"})
_BLOCKS: Final = re.compile(r"<(?:p|div|br|h[1-6]|li|blockquote|section)\b", re.IGNORECASE)
_MARKUP: Final = re.compile(r"</?[a-zA-Z][^<>]{0,2000}>")
_LINES: Final = re.compile(r"\s*\n\s*")
_MOST: Final = 50  # sources, the longest, that are parsed
_BACK: Final = 50  # elements before a source that are looked at


class Source(NamedTuple):
    """Markup that is not shown, and where it would be."""

    kind: str  # script | noscript | template | jsonld
    parent: HtmlElement | None  # None: at the page's end
    after: HtmlElement | None  # its nearest sibling before it that is read; None: none is
    markup: str


def hidden_sources(tree: HtmlElement, article_body: str) -> list[Source]:
    """A page's, the longest. Called before what is not read is removed.

    `article_body`: of its JSON-LD.
    """
    found = []
    for element in tree.iter("script", "noscript", "template"):
        markup = _markup(element)
        if len(markup) >= _LEAST * _WORD and (parent := element.getparent()) is not None:
            shown = parent.tag not in UNREAD and parent.tag != "html"
            parent, after = (parent, _before(element)) if shown else (None, None)
            found.append(Source(str(element.tag), parent, after, markup))
    if article_body:
        found.append(Source("jsonld", None, None, body_markup(article_body)))
    longest = nlargest(_MOST, (len(source.markup) for source in found))
    shortest = longest[-1] if longest else 0
    return [source for source in found if len(source.markup) >= shortest][:_MOST]


def best(sources: Sequence[tuple[Source, int]], shown: int) -> list[Source]:
    """Those that hold the article, of sources with their `prose_words`; none if the page shows it.

    One of them, and what is of its kind in the same place.
    """
    largest, words = max(sources, key=lambda pair: pair[1], default=(None, 0))
    if largest is None or words < max(_LEAST, _TIMES * shown):
        return []
    if largest.parent is None:
        return [largest]
    return [
        source
        for source, _ in sources
        if source.kind == largest.kind and source.parent is largest.parent
    ]


def may_hold_more(source: Source, shown: int) -> bool:
    """Whether a source is long enough to hold the article of a page that shows so many words."""
    return len(source.markup) >= _WORD * _TIMES * shown


def exceeds(source: Source, page: Outline) -> bool:
    """Whether a source is so much longer than the prose of an outline that it may be the article.

    Of any script, and without reading it.
    """
    shown = sum(len(piece.text) for piece in _prose(page))
    return len(source.markup) > max(_LEAST * _WORD, _LONGER * shown)


def prose_words(page: Outline) -> int:
    """The words of a page's sentences, without those in menus and the like."""
    return sum(len(piece.tokens) for piece in _prose(page))


def _prose(page: Outline) -> Iterator[Piece]:
    for piece in page.pieces:
        if (
            len(piece.tokens) >= _SENTENCE
            and piece.linked <= _LINKED * len(piece.text)
            and _APART.isdisjoint(page.containers[piece.container].areas)
        ):
            yield piece


def insert(tree: HtmlElement, source: Source, content: HtmlElement) -> None:
    """Puts a source's content, a `div`, where it would be shown."""
    if source.parent is None:
        body = tree.find("body")
        content.tag = "article"
        (tree if body is None else body).append(content)
    elif source.after is not None and source.after.getparent() is source.parent:
        source.after.addnext(content)
    else:
        source.parent.insert(0, content)


def body_markup(text: str) -> str:
    """An articleBody as paragraphs: it may be markup, or lines."""
    if _BLOCKS.search(text):
        return text
    safe = text if _MARKUP.search(text) else html.escape(html.unescape(text), quote=False)
    return "".join(f"<p>{line}</p>" for line in _LINES.split(safe.strip()))


def _markup(element: HtmlElement) -> str:
    """What a source holds; empty for the scripts of a page, and for a template in another."""
    if element.tag == "template":
        if next(element.iterancestors("template"), None) is not None:
            return ""
        inner = (lxml.html.tostring(child, encoding="unicode") for child in element)
        return "".join([html.escape(element.text or "", quote=False), *inner])
    kind = (element.get("type") or "").strip().lower()
    if element.tag == "script" and not _TEMPLATES.fullmatch(kind):
        return ""
    return element.text or ""


def _before(element: HtmlElement) -> HtmlElement | None:
    for sibling in islice(element.itersiblings(preceding=True), _BACK):
        if sibling.tag not in UNREAD:
            return sibling
    return None
