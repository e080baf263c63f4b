"""The head of an article: what stands around its heading, where byline and date are."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lxml.html import HtmlElement

from models.text import words
from pipelines.metadata.markup import text_of

_FURTHEST = 250  # elements after the heading
_FURTHEST_BEFORE = 60
_PROSE = 120  # characters of a paragraph's own text; half as many in scripts without spaces
_PARAGRAPHS = 2  # that may stand before the byline: a standfirst, a caption
_LEVELS = 3  # how far above the heading its head reaches backwards
_APART = frozenset({"nav", "footer", "aside", "article", "form", "template", "noscript"})
_SKIPPED = frozenset({"script", "style", "svg", "select", "iframe"})
_TEASER = 300  # characters; a longer text with a link is no teaser
_TEASER_LINK = 25  # characters of a headline in a link
_HEADINGS = ("h1", "h2", "h3", "h4")
_LOOKED_AT = 60  # headings
_STORY_HEADINGS = ("h1", "h2")
_STORY = 150  # characters of prose that a story has
_SENTENCE = 60  # characters of a text that is no byline
_WIDE = re.compile("[\u2e80-\ud7a3]")  # characters of East Asia


@dataclass(frozen=True, slots=True)
class Head:
    """The elements of an article's head, those after its heading first; none without heading."""

    heading: HtmlElement | None = None
    elements: tuple[HtmlElement, ...] = ()
    others: frozenset[HtmlElement] = frozenset()  # the elements of the heads of further stories

    def holds(self, element: HtmlElement) -> bool:
        """Whether an element is one of the head's, and no part of a link to another article."""
        return any(element is own for own in self.elements) and not self.is_teaser(element)

    def is_teaser(self, element: HtmlElement) -> bool:
        """Whether an element stands in a short text with a headline's link: another article's."""
        above = set(self.heading.iterancestors()) if self.heading is not None else set()
        for near in (element, *element.iterancestors()):
            if near in above or len(text := text_of(near)) > _TEASER:
                return False
            if near.tag in _APART and near.tag != "form":
                return True
            for link in near.iter("a"):
                linked = text_of(link)
                if len(linked) >= _TEASER_LINK and len(words(linked)) > 3 and text:
                    return True
        return False


def article_head(tree: HtmlElement, titles: Iterable[str]) -> Head:
    """The head of the article with one of these titles, or else of the page's first `h1`."""
    heading = _heading(tree, titles)
    if heading is None:
        return Head()
    others = other_heads(tree, heading)
    elements = (*_after(heading), *_before(heading))
    return Head(heading, tuple(one for one in elements if one not in others), frozenset(others))


def other_heads(tree: HtmlElement, own: HtmlElement) -> set[HtmlElement]:
    """The elements between the headings of further stories and their texts.

    A story of its own has prose before another's heading, and the other has prose, too; a heading
    above a few words about the author has none.
    """
    body = tree.find("body")
    root = tree if body is None else body
    if own in [*root.iter(*_STORY_HEADINGS)][-1:]:
        return set()
    before = told = 0  # characters of prose, no more than a story has: before a heading, behind it
    found: set[HtmlElement] = set()
    untold: list[HtmlElement] | None = None  # what stands behind a heading, up to its text
    elements = root.iter("*")
    for element in elements:
        if element is own:
            break
    for element in elements:
        tag = element.tag
        if tag in _SKIPPED:
            continue
        if tag in _STORY_HEADINGS:
            if untold is not None and told >= _STORY:
                found.update(untold)
            before = min(before + told, _STORY)
            untold, told = [] if before >= _STORY else None, 0
        elif told < _STORY:
            told += (weight := _weight(element))
            if untold is not None and told == weight == 0:
                untold.append(element)
    if untold is not None and told >= _STORY:
        found.update(untold)
    return found


def _weight(element: HtmlElement) -> int:
    """The characters of an element's own text, if it is a sentence's; those of East Asia twice."""
    own = _own_text(element)
    if len(own) < _SENTENCE / 2:
        return 0
    own = " ".join(own.split())
    weight = len(own) + len(_WIDE.findall(own))
    return weight if weight >= _SENTENCE else 0


def _heading(tree: HtmlElement, titles: Iterable[str]) -> HtmlElement | None:
    """The heading with most words in common with a title; one of level one needs none."""
    wanted = [set(words(title)) for title in titles if title]
    best, most = None, 0.0
    for at, heading in enumerate(tree.iter(*_HEADINGS)):
        if at >= _LOOKED_AT:
            break
        own = set(words(text_of(heading)))
        shared = max((len(own & title) / len(own | title) for title in wanted if own), default=0.0)
        score = shared + (0.3 if heading.tag == "h1" else 0.0)
        if own and score > most and (heading.tag == "h1" or shared >= 0.5):
            best, most = heading, score
    return best


def _after(heading: HtmlElement) -> Iterator[HtmlElement]:
    """The elements that follow, up to the article's prose."""
    left, prose = _FURTHEST, 0
    node: HtmlElement | None = heading
    while node is not None:
        for sibling in node.itersiblings():
            for element in _inside(sibling):
                left -= 1
                prose += _is_prose(element)
                if not left or prose > _PARAGRAPHS:
                    return
                yield element
        node = node.getparent()


def _before(heading: HtmlElement) -> Iterator[HtmlElement]:
    """The elements directly before, the nearest first."""
    left = _FURTHEST_BEFORE
    node: HtmlElement | None = heading
    for _ in range(_LEVELS):
        if node is None or node.tag in ("body", "main", "article"):
            return
        for sibling in node.itersiblings(preceding=True):
            for element in _inside(sibling):
                left -= 1
                if not left:
                    return
                yield element
        node = node.getparent()


def _inside(element: HtmlElement) -> Iterator[HtmlElement]:
    """An element with all in it, without what stands apart from the article."""
    stack = [element]
    while stack:
        node = stack.pop()
        if not isinstance(node.tag, str) or node.tag in _SKIPPED:
            continue
        if node.tag in _APART and not _is_byline_aside(node):
            continue
        yield node
        stack.extend(reversed(node))


def _is_byline_aside(node: HtmlElement) -> bool:
    """Whether what stands apart is so short that it can only be about the article: its byline."""
    return node.tag in ("aside", "footer", "form") and len(text_of(node)) <= _PROSE


def _is_prose(element: HtmlElement) -> bool:
    own = _own_text(element)
    if len(own) < _PROSE / 2:
        return False
    return len(own) >= _PROSE or len(words(own)) * 2 > len(own)


def _own_text(element: HtmlElement) -> str:
    """An element's text without that of the elements in it."""
    text = element.text or ""
    return text + "".join([child.tail or "" for child in element]) if len(element) else text
