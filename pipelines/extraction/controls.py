"""Which elements hold a control, before controls are removed: a button, a field to write in."""

from collections.abc import Iterator
from itertools import chain
from typing import Final, cast

from lxml.etree import XPath
from lxml.html import HtmlElement

_MARK: Final = "data-winnow-control"
# Kinds of `input` that readers press or write in; a box to tick may stand beside an ingredient.
_PRESSED: Final = frozenset({"submit", "button", "image", "email", "text", "password", "tel"})
# libxml2 finds an attribute's element much faster than an element by its attributes; and of a union
# it compares each element with all others. Links, of which pages have most, are found by a loop.
_BUTTONS: Final = XPath("//@role[. = 'button']/parent::*[not(self::input)]")
_CLICKED: Final = XPath("//@onclick/parent::*[not(self::a or self::input)]")
_INSIDE: Final = frozenset({"span", "label", "b", "strong", "em", "i", "small", "a", "u", "font"})
_LABEL: Final = 30  # characters of a link that is a button


def note(tree: HtmlElement) -> None:
    """Marks the block around each control. Called once terms and titles are no buttons any more."""
    named = tree.iter("button", "input")
    found = (cast(list[HtmlElement], find(tree)) for find in (_BUTTONS, _CLICKED))
    for control in filter(_is_control, chain(named, _idle_links(tree), *found)):
        around = control.getparent()
        while around is not None and around.tag in _INSIDE:
            around = around.getparent()
        if around is not None:
            around.set(_MARK, "")


def _idle_links(tree: HtmlElement) -> Iterator[HtmlElement]:
    """Links that lead nowhere."""
    for link in tree.iter("a"):
        address = link.get("href")
        if address is not None and (address == "#" or address.startswith("javascript:")):
            yield link


def has_control(element: HtmlElement) -> bool:
    """Whether a control stands in it, in no block of its own."""
    return element.get(_MARK) is not None


def _is_control(element: HtmlElement) -> bool:
    if element.tag == "input":
        return (element.get("type") or "text").lower() in _PRESSED
    # a link that leads nowhere is a button if it has a label
    return element.tag != "a" or 0 < len("".join(element.itertext()).strip()) <= _LABEL
