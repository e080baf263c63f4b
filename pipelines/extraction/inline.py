"""What stands inside a sentence, whatever its tag: terms that are buttons, unknown elements.

Afterwards a sentence holds text and inline elements alone, which is how both extractors read it.
"""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Final

import lxml.etree
from lxml.html import HtmlElement

from models.text import count_words
from pipelines.extraction import controls
from pipelines.extraction.tree import UNREAD, strip_unread

INLINE: Final = frozenset({
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em",
    "font", "i", "ins", "kbd", "label", "mark", "nobr", "picture", "q", "rp", "rt", "ruby", "s",
    "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr",
    "img", "source",
})  # fmt: skip
BLOCK: Final = frozenset({
    "address", "article", "aside", "blockquote", "body", "caption", "center", "col", "colgroup",
    "dd", "details", "dialog", "dir", "div", "dl", "dt", "fieldset", "figcaption", "figure",
    "footer", "form", "frameset", "h1", "h2", "h3", "h4", "h5", "h6", "head", "header", "hgroup",
    "hr", "html", "legend", "li", "main", "menu", "nav", "noframes", "ol", "p", "pre", "search",
    "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
})  # fmt: skip
_KNOWN: Final = INLINE | BLOCK | UNREAD | {"br"}
_SENTENCES: Final = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "summary", "dt"})
_TITLES: Final = _SENTENCES - {"p"}
_NO_TIPS: Final = (BLOCK - {"div"}) | {"a", "img", "source", "picture", "br"}
_WORDS: Final = 4  # beside a button, from which on they are a sentence and not its label
_LOOKED_AT: Final = 50  # descendants of an unknown element; none in a sentence has as many
_TIP: Final = 60  # words of an explanation inside a sentence; more are the rest of a text
_UNFOLDING: Final = ("aria-expanded", "aria-controls", "aria-describedby", "data-tip")
_HIDERS: Final = frozenset({"hidden", "style", "role", "aria-hidden"})
_HIDING: Final = ("display:none", "visibility:hidden")


def join_sentences(tree: HtmlElement) -> None:
    """Makes buttons and unknown elements inside sentences `span`; what is hidden there moves out.

    A tip, as the explanation of a term that unfolds beside it, becomes an `aside` with the role
    `tooltip` after its paragraph. All other elements that are not read are removed.
    """
    lxml.etree.strip_tags(tree, "wbr", "bdi", "bdo", "nobr")
    for button in list(tree.iter("button")):
        if any(inner.tag in _TITLES for inner in button):
            button.tag = "div"
        elif _is_term(button) or _is_title(button):
            button.tag = "span"
            button.set("aria-expanded", "")  # what explains it is known by that
    controls.note(tree)
    strip_unread(tree)
    unknown, marked = [], []
    body = tree.find("body")
    for element in (tree if body is None else body).iter():
        if element.tag not in _KNOWN:
            unknown.append(element)
        if element.tag not in _NO_TIPS and not _HIDERS.isdisjoint(element.keys()):
            marked.append(element)
    for element in reversed(unknown):  # inner ones first
        if _is_inline(element):
            element.tag = "span"
    _move_tips([element for element in marked if _is_tip(element)])


def is_hidden(element: HtmlElement) -> bool:
    """Whether an element's own attributes hide it from everybody."""
    style = element.get("style")
    return (
        element.get("hidden") is not None
        or element.get("role") == "tooltip"
        or (style is not None and any(map(style.replace(" ", "").lower().__contains__, _HIDING)))
    )


def _is_inline(element: HtmlElement) -> bool:
    """Whether an unknown element is part of a sentence: no block inside, text or words beside."""
    for number, inner in enumerate(element.iter()):
        if number and (number > _LOOKED_AT or inner.tag not in INLINE):
            return False
    for node in islice(_around(element), _LOOKED_AT):
        parent = node.getparent()
        if parent is None:
            return False
        if parent.tag in _SENTENCES or parent.tag in INLINE - {"a"} or _touches_text(node):
            return True
    return False


def _touches_text(element: HtmlElement) -> bool:
    return _is_text(_before(element)) or _is_text(element.tail)


def _before(element: HtmlElement) -> str | None:
    """The text right before an element."""
    previous, parent = element.getprevious(), element.getparent()
    if previous is None and parent is None:
        return None
    found: str | None = parent.text if previous is None else previous.tail
    return found


def _is_text(text: str | None) -> bool:
    return text is not None and not text.isspace() and text != ""


def _around(element: HtmlElement) -> Iterator[HtmlElement]:
    """An element and those around it, inline or unknown, up to its block."""
    node: HtmlElement | None = element
    while node is not None and (node is element or node.tag in INLINE or node.tag not in _KNOWN):
        yield node
        node = node.getparent()


def _is_term(button: HtmlElement) -> bool:
    """Whether a button is a word of a sentence: that goes on behind it, or a tip explains it."""
    following = button.getnext()
    if following is not None and not _is_text(button.tail) and _explains(following, button):
        return True
    words, goes_on = 0, False
    for node in _around(button):
        goes_on = goes_on or _is_text(node.tail)
        words += _words_of(_before(node)) + _words_of(node.tail)
        parent = node.getparent()
        if parent is not None and parent.tag not in INLINE:
            words += _words_of(parent.text)
            words += sum(
                _words_of(child.tail) for child in islice(parent.iterchildren(), _LOOKED_AT)
            )
    return goes_on and words >= _WORDS


def _words_of(text: str | None) -> int:
    return count_words(text) if text is not None and _is_text(text) else 0


def _is_title(button: HtmlElement) -> bool:
    """Whether a heading consists of the button: the title of what it unfolds."""
    for node in _around(button):
        parent = node.getparent()
        if parent is None or _touches_text(node):
            return False
        if parent.tag in _TITLES:
            others = (
                other for other in islice(parent.iterchildren(), _LOOKED_AT) if other is not node
            )
            return not any(_is_text(other.text) for other in others)
    return False


def _move_tips(tips: Iterable[HtmlElement]) -> None:
    last: dict[HtmlElement, HtmlElement] = {}  # the newest tip behind each block
    for tip in tips:
        *_, outermost = _around(tip)
        block = outermost.getparent()
        if block is None:
            continue
        tip.drop_tree()
        tip.tail = None
        tip.tag = "aside"
        tip.set("role", "tooltip")
        if block.tag in _SENTENCES:
            last.get(block, block).addnext(tip)
            last[block] = tip
        else:
            block.append(tip)


def _is_tip(element: HtmlElement) -> bool:
    """Whether it is hidden inside a sentence, which goes on behind it."""
    previous = element.getprevious()
    after_term = previous is not None and not _is_text(previous.tail)
    explains = previous is not None and after_term and _explains(element, previous)
    if not explains and not (is_hidden(element) and element.tag != "div"):
        return False
    return element.get("role") == "tooltip" or (
        any(_is_text(node.tail) for node in _around(element))
        and count_words(element.text_content()) <= _TIP
    )


def _explains(element: HtmlElement, term: HtmlElement) -> bool:
    """Whether it is the hidden explanation of the term before it."""
    if element.tag in UNREAD or not (is_hidden(element) or element.get("aria-hidden") == "true"):
        return False
    return term.tag == "button" or any(term.get(name) is not None for name in _UNFOLDING)
