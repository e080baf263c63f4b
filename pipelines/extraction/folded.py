"""What a page folds away until somebody clicks, as the answers of an accordion: it is read."""

from collections import defaultdict
from collections.abc import Sequence
from itertools import islice
from typing import Final, NamedTuple

from lxml.html import HtmlElement

from models.text import count_words
from pipelines.extraction.inline import INLINE, is_hidden
from pipelines.extraction.tree import UNREAD

_HEADINGS: Final = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "dt"})
# items of one make that are an accordion; a single one is a menu or a notice, but for a heading
_SIMILAR: Final = 2
_PROSE: Final = 8  # words, not links, that a panel holds
_LOOKED_AT: Final = 50  # elements of a panel: its beginning


class _Item(NamedTuple):
    """A title and what it unfolds."""

    button: HtmlElement
    title: HtmlElement  # the heading that consists of the button, else the button
    panel: HtmlElement


def unfold(tree: HtmlElement) -> None:
    """Shows the panels of accordions; a button that is the title of one becomes a heading."""
    groups: dict[tuple[str | None, ...], list[_Item]] = defaultdict(list)
    seen: set[HtmlElement] = set()
    for button in tree.iter("button"):
        item = _item(button)
        if item is not None and item.title not in seen:
            seen.add(item.title)
            groups[_make(item)].append(item)
    for items in groups.values():
        titles = {" ".join(item.title.text_content().split()) for item in items}
        several = len(items) >= _SIMILAR and len(titles) == len(items) and "" not in titles
        if several or all(map(_is_unfolding_heading, items)):
            _show(items)


def _is_unfolding_heading(item: _Item) -> bool:
    """Whether the title is a heading that says of itself that it unfolds something."""
    return item.title.tag in _HEADINGS and item.button.get("aria-expanded") is not None


def _show(items: Sequence[_Item]) -> None:
    for item in items:
        headed = any(title.tag in _HEADINGS for title in (item.title, item.button.getparent()))
        item.button.tag = "span" if headed else "h4"
        if is_hidden(item.panel) or item.panel.get("aria-hidden"):
            for name in ("hidden", "style", "aria-hidden"):
                item.panel.attrib.pop(name, None)


def _make(item: _Item) -> tuple[str | None, ...]:
    """By what items of one accordion are alike."""
    parent = item.title.getparent()
    above = ("", None) if parent is None else (parent.tag, parent.get("class"))
    return (*above, item.title.tag, item.button.get("class"), item.panel.tag)


def _item(button: HtmlElement) -> _Item | None:
    title = button
    while (parent := title.getparent()) is not None and _consists_of(parent, title):
        title = parent
    panel = title.getnext()
    if panel is None or panel.tag in INLINE or (title.tail or "").strip():
        return None
    return _Item(button, title, panel) if _holds_prose(panel) else None


def _consists_of(parent: HtmlElement, child: HtmlElement) -> bool:
    """Whether nothing else is in it; of a heading, no other text."""
    if (parent.text or "").strip() or (child.tail or "").strip():
        return False
    return parent.tag in _HEADINGS or (child.getprevious() is None and child.getnext() is None)


def _holds_prose(panel: HtmlElement) -> bool:
    """Whether a panel begins with some words that are no links."""
    words = 0
    for element in islice(panel.iter(), _LOOKED_AT):
        if element.tag not in {"a", "button"} and element.tag not in UNREAD:
            words += count_words(element.text or "")
        if element is not panel:
            words += count_words(element.tail or "")
        if words >= _PROSE:
            return True
    return False
