"""Tables of data as one text each: rows as lines, cells parted by a tab.

A table that lays out a page, with paragraphs in its cells, is none: its cells are read one by one.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

import lxml.etree
from lxml.html import HtmlElement

from pipelines.extraction.inline import BLOCK, INLINE
from pipelines.extraction.selectors import marked

_PARTS: Final = frozenset({"tr", "thead", "tbody", "tfoot", "caption", "colgroup", "col"})
_CELLS: Final = frozenset({"td", "th"})
_INSIDE: Final = INLINE | frozenset({"br", "p", "div", "ul", "ol", "li"})
_ROWS: Final = 2  # that have as many cells, else it is no table
_LONGEST: Final = 240  # characters of a cell of data
_MEAN: Final = 80  # characters of its cells
_MOST: Final = 20_000  # characters; a longer one is a file, and read cell by cell
_APART: Final = "; "  # between the items of a list in a cell


class Table(NamedTuple):
    """A table of data."""

    text: str
    linked: int  # characters inside links


def read_table(table: HtmlElement) -> Table | None:
    """A table's text; None if it is not one of data."""
    rows: list[list[str]] = []
    head, linked, length = "", 0, 0
    for element in table.iterdescendants():
        tag = element.tag
        if marked(element.attrib) or tag not in _PARTS | _CELLS | _INSIDE:
            return None
        if tag == "tr":
            rows.append([])
        elif tag == "caption":
            head = _text(element)
        elif tag in _CELLS:
            text = _text(element)
            length += len(text)
            if len(text) > _LONGEST or length > _MOST or not rows:
                return None
            rows[-1].append(text)
        elif tag == "a":
            linked += len(element.text_content())
    lines = ["\t".join(row).rstrip() for row in rows if any(row)]
    cells = sum(len(row) for row in rows)
    broad = sum(len(row) >= _ROWS for row in rows)
    if broad < max(_ROWS, len(lines) / 2) or length > _MEAN * cells:
        return None
    return Table("\n".join([head, *lines] if head else lines), linked)


def _text(cell: HtmlElement) -> str:
    """A cell's text in one line."""
    parts = [" ".join(part.split()) for part in "".join(_texts(cell)).split("\0")]
    return _APART.join(filter(None, parts))


def _texts(cell: HtmlElement) -> Iterator[str]:
    """A cell's texts, with a NUL where a block begins or ends."""
    for event, element in lxml.etree.iterwalk(cell, events=("start", "end")):
        if element is not cell and (element.tag in BLOCK or element.tag == "br"):
            yield "\0"
        text = element.text if event == "start" else element.tail if element is not cell else None
        if text:
            yield text
