"""A page's outline without the boxes in which its site never puts anything of an article."""

from collections.abc import Callable, Iterator
from collections.abc import Container as Having
from itertools import islice
from typing import Final, NamedTuple, cast

import lxml.etree
from lxml.html import HtmlElement

from models.text import plain
from pipelines.extraction.blocks import Outline, Walk, container_of
from pipelines.extraction.paths import Steps, named_from, path_of
from pipelines.extraction.selectors import holds_kept
from pipelines.extraction.tree import UNREAD

_EXCERPT: Final = 200  # characters
_LOOKED_AT: Final = 100  # text nodes of a box, for its excerpt
_LENGTHS: Final = tuple(
    cast(Callable[[HtmlElement], float], lxml.etree.XPath(path))
    for path in ("string-length()", "string-length(normalize-space())")
)


class PassedBox(NamedTuple):
    """A box that was passed over: nothing in it was read."""

    path: str  # its DOM path
    container: int  # its number
    before: int  # how many pieces stand before it
    element: HtmlElement

    def exceeds(self, characters: int) -> bool:
        """Whether it has more text than so many characters; its scripts and styles are none."""
        lengths = (length(self.element) for length in _LENGTHS)  # the cheapest first
        return all(length > characters for length in lengths) and self._characters > characters

    @property
    def _characters(self) -> int:
        return sum(len(" ".join(node.split())) for node in self._nodes())

    @property
    def excerpt(self) -> str:
        """Its first words; empty where it has no text."""
        nodes = (node.strip() for node in self._nodes())
        found = " ".join(" ".join(filter(None, islice(nodes, _LOOKED_AT))).split())
        return plain(found)[:_EXCERPT]

    def _nodes(self) -> Iterator[str]:
        for element in self.element.iter(lxml.etree.Element):
            if element.tag not in UNREAD and element.text:
                yield element.text
            if element is not self.element and element.tail:
                yield element.tail


def open_outline(
    tree: HtmlElement, closed: Having[str], *, ruled: bool = False
) -> tuple[Outline, list[HtmlElement], list[PassedBox]]:
    """As `blocks.walk`, and the boxes at the `closed` DOM paths, which are passed over.

    `ruled`: rules of the site may keep elements, and what holds one is entered.
    """
    found = _OpenWalk(closed, ruled=ruled)
    return found.whole(tree), found.elements, found.passed


class _OpenWalk(Walk):
    """A walk that enters no closed box."""

    def __init__(self, closed: Having[str], *, ruled: bool) -> None:
        super().__init__()
        self._ruled = ruled
        self.passed: list[PassedBox] = []
        self._closed = closed
        self._named: list[Steps] = []  # the nearest named steps from each container up

    def enter(self, element: HtmlElement, parent: int, depth: int, link: bool = False) -> None:
        """Passes over a closed box; the container stays."""
        # a table of data has a container, but is not entered
        for number in range(len(self._named), len(self.containers)):
            self._name(number)
        number = len(self.containers)
        own = container_of(element, self.containers, parent)
        above = self._named[parent] if parent >= 0 else ()
        path = path_of((own.step, *above))
        closed = parent >= 0 and path in self._closed
        if closed and not (self._ruled and holds_kept(element)):
            self.containers.append(own)
            self.elements.append(element)
            self.passed.append(PassedBox(path, number, len(self.pieces), element))
            return
        self.read(element, own, depth, link)

    def _name(self, number: int) -> None:
        one = self.containers[number]
        above = self._named[one.parent] if one.parent >= 0 else ()
        self._named.append(named_from(one.step, above))
