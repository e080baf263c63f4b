"""Which elements hold a control, before controls are removed: a button, a field to write in."""

from typing import Final

from lxml.html import HtmlElement

_MARK: Final = "data-winnow-control"
# Kinds of `input` that readers press or write in; a box to tick may stand beside an ingredient.
_PRESSED: Final = frozenset({"submit", "button", "image", "email", "text", "password", "tel"})
_NOWHERE: Final = ("#", "javascript:")  # where a link leads that is a button
_LABEL: Final = 30  # characters of a link that is a button


def note(tree: HtmlElement) -> None:
    """Marks the block around each control. Called once terms and titles are no buttons any more."""
    for control in tree.iter():
        if _is_control(control):
            around = control.getparent()
            while around is not None and around.tag in _INSIDE:
                around = around.getparent()
            if around is not None:
                around.set(_MARK, "")


def has_control(element: HtmlElement) -> bool:
    """Whether a control stands in it, in no block of its own."""
    return element.get(_MARK) is not None


_MAY_BE: Final = frozenset({"input", "a"})
_INSIDE: Final = frozenset({"span", "label", "b", "strong", "em", "i", "small", "a", "u", "font"})


def _is_control(element: HtmlElement) -> bool:
    if element.tag == "button":
        return True
    if element.tag not in _MAY_BE:
        return element.get("role") == "button" or element.get("onclick") is not None
    if element.tag == "input":
        return (element.get("type") or "text").lower() in _PRESSED
    href = (element.get("href") or "#").strip().lower()
    if element.get("role") != "button" and not (href == "#" or href.startswith(_NOWHERE[1])):
        return False
    # a link without an address may be an anchor: a button has a label, and a short one
    named = element.get("href") is not None or element.get("role") is not None
    return named and 0 < len("".join(element.itertext()).strip()) <= _LABEL
