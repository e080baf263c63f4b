"""Lists of links inside an article: which are part of it, and which name other stories.

A list of links between two paragraphs is the article's if it leads to other sites, or if a sentence
announces it. One of the site's own stories, under a label, is what related stories look like.
"""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from models.text import count_words
from pipelines.extraction import vocabulary
from pipelines.extraction.blocks import Container, Outline

_LISTS: Final = frozenset({"ul", "ol"})
_REACH: Final = 4  # steps from an item's text up to its list
_LINKED: Final = 0.5  # share of characters in links from which on an item is a link
_ITEMS: Final = 2
_ANNOUNCED: Final = 6  # words of a sentence that announces a list; a label has fewer
_STRONG: Final = 0.8  # share of bold characters of a label
_COLONS: Final = (":", "：", "︰", "؛", "：」", ":»", ":”")
_OTHERS: Final = (
    vocabulary.RELATED | vocabulary.NAVIGATION | vocabulary.SHARE | vocabulary.PROMO
    | vocabulary.ADVERT | vocabulary.COMMENT | vocabulary.TAGS | vocabulary.AUTHOR
)  # fmt: skip
_GIVEN: Final = 0.2  # log-odds of an item that the texts around its list keep
_APART: Final = frozenset({"nav", "footer", "aside", "form", "table"})


class LinkList(NamedTuple):
    """A list of links that stands right behind a text beside it, and may be an article's."""

    first: int  # its first piece
    end: int  # the piece behind its last
    outward: int  # how many items are links to other sites


def link_lists(page: Outline, elements: Sequence[HtmlElement], url: str) -> list[LinkList]:
    """Those of the page at `url` that may be its article's.

    `elements`: of the page's containers, whole.
    """
    own = _site(urlsplit(url).hostname or "")
    return [
        LinkList(first, end, sum(_leads_away(page, elements, own, at) for at in range(first, end)))
        for first, end in _ranges(page)
        if _may_belong(page, first)
    ]


def in_lists(page: Outline, lists: Sequence[LinkList]) -> list[bool]:
    """Which pieces are items of a list of links."""
    found = [False] * len(page.pieces)
    for first, end, _ in lists:
        found[first:end] = [True] * (end - first)
    return found


def with_lists(
    page: Outline, lists: Sequence[LinkList], scores: Sequence[float], word_hints: Sequence[int]
) -> list[float]:
    """The scores, with the items of an article's lists of links above 0."""
    given = list(scores)
    for one in lists:
        if _belongs(page, one, scores, word_hints):
            for at in range(one.first, one.end):
                given[at] = max(given[at], _GIVEN)
    return given


def _leads_away(page: Outline, elements: Sequence[HtmlElement], own: str, at: int) -> bool:
    """Whether an item has links, all of them to other sites than `own`."""
    links = elements[page.pieces[at].container].iter("a")
    sites = {_site_of(link.get("href") or "") for link in links}
    return bool(own and sites) and sites.isdisjoint({own, ""})


def _ranges(page: Outline) -> Iterator[tuple[int, int]]:
    """The first piece of each list of links, and the one behind its last."""
    first, current = 0, None
    lists = [_list_of(page.containers, piece.container) for piece in page.pieces]
    for at, number in enumerate([*lists, None]):
        if number != current:
            if current is not None and at - first >= _ITEMS:
                run = page.pieces[first:at]
                links = all(piece.linked > _LINKED * len(piece.text) for piece in run)
                if (
                    links
                    and first
                    and _beside(page.containers, page.pieces[first - 1].container, current)
                ):
                    yield first, at
            first, current = at, number


def _list_of(containers: Sequence[Container], number: int) -> int | None:
    for _ in range(_REACH):
        if number < 0:
            return None
        if containers[number].tag in _LISTS:
            return number
        number = containers[number].parent
    return None


def _may_belong(page: Outline, first: int) -> bool:
    """Whether the list of an item may be an article's: its names and its place allow it."""
    number = _list_of(page.containers, page.pieces[first].container)
    if number is None or page.containers[number].own & _OTHERS:
        return False
    return _APART.isdisjoint(page.containers[number].areas)


def _belongs(
    page: Outline, found: LinkList, scores: Sequence[float], word_hints: Sequence[int]
) -> bool:
    first, end, outward = found
    containers = page.containers
    number = _list_of(containers, page.pieces[first].container)
    if number is None:
        return False
    before = first - 1
    announced = _announces(page, before) and not word_hints[before] & _OTHERS
    if announced or scores[before] <= 0:
        return scores[before] > 0
    followed = end < len(scores) and scores[end] > 0
    enclosed = followed and _beside(containers, page.pieces[end].container, number)
    return enclosed and outward * 2 > end - first and not word_hints[before] & vocabulary.RELATED


def _announces(page: Outline, at: int) -> bool:
    """Whether a piece is a sentence that ends in a colon, and no label in bold."""
    piece = page.pieces[at]
    if not piece.text.endswith(_COLONS) or piece.strong > _STRONG * len(piece.text):
        return False
    spaced = piece.text.count(" ") + 1
    return count_words(piece.text) >= (_ANNOUNCED if spaced > 1 else 2 * _ANNOUNCED)


def _beside(containers: Sequence[Container], text: int, number: int) -> bool:
    """Whether a text stands in the container that holds the list."""
    parent = containers[number].parent
    return text == parent or containers[text].parent == parent


def _site_of(href: str) -> str:
    """The site of an address; empty for the page's own."""
    if not href.lower().startswith(("http://", "https://", "//")):
        return ""
    try:
        return _site(urlsplit(href).hostname or "")
    except ValueError:
        return ""


def _site(host: str) -> str:
    return ".".join(host.lower().split(".")[-2:])
