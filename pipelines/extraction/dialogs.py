"""Dialogs and overlays: what lies over the page is not its story."""

from collections.abc import Sequence
from typing import Final, cast

import lxml.etree
from lxml.html import HtmlElement

from pipelines.extraction.spans import Spans

_DIALOGS: Final = lxml.etree.XPath(
    "descendant-or-self::dialog | descendant-or-self::*["
    "@role='dialog' or @role='alertdialog' or @aria-modal='true'"
    " or contains(translate(@style, ' ', ''), 'position:fixed')]"
)


def dialogs(spans: Spans, elements: Sequence[HtmlElement], headline: int) -> list[tuple[int, int]]:
    """The ranges of pieces inside dialogs; not of one that holds the headline or half the prose.

    `elements`: of the page's containers; `headline`: the piece that is one, or -1.
    """
    opened = set(cast(list[HtmlElement], _DIALOGS(elements[0])))
    if not opened:
        return []
    found = []
    for number, element in enumerate(elements):
        start, stop = spans.starts[number], spans.stops[number]
        if element in opened and start < stop:
            whole = start <= headline < stop or spans.told(start, stop) * 2 >= spans.prose[-1]
            if number and not whole:
                found.append((start, stop))
    return found
