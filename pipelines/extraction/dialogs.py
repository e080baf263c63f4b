"""Dialogs and overlays: what lies over the page is not its story."""

from collections.abc import Sequence
from typing import Final

from lxml.html import HtmlElement

from pipelines.extraction.spans import Spans

_ROLES: Final = frozenset({"dialog", "alertdialog"})
_OVERLAY: Final = "position:fixed"
_SIGNS: Final = frozenset({"role", "style", "aria-modal"})


def dialogs(spans: Spans, elements: Sequence[HtmlElement], headline: int) -> list[tuple[int, int]]:
    """The ranges of pieces inside dialogs; not of one that holds the headline or half the prose.

    `elements`: of the page's containers; `headline`: the piece that is one, or -1.
    """
    found = []
    for number, element in enumerate(elements):
        start, stop = spans.starts[number], spans.stops[number]
        if number and start < stop and _is_dialog(element):
            whole = start <= headline < stop or spans.told(start, stop) * 2 >= spans.prose[-1]
            if not whole:
                found.append((start, stop))
    return found


def _is_dialog(element: HtmlElement) -> bool:
    if element.tag == "dialog":
        return True
    if _SIGNS.isdisjoint(element.keys()):
        return False
    if element.get("role") in _ROLES:
        return True
    style = element.get("style")
    overlay = style is not None and _OVERLAY in style.replace(" ", "").lower()
    return overlay or element.get("aria-modal") == "true"
