"""A tree into pieces: the page's texts in document order, each with its container."""

from functools import cache
from typing import Final, NamedTuple

from lxml.html import HtmlElement
from xxhash import xxh3_64_intdigest

from models.text import plain, words
from pipelines.extraction import vocabulary
from pipelines.extraction.inline import INLINE
from pipelines.extraction.selectors import marked
from pipelines.extraction.steps import named
from pipelines.extraction.tables import Table, read_table
from pipelines.extraction.tree import UNREAD
from pipelines.extraction.verse import Stanzas, one_text

_STRONG: Final = frozenset({"b", "strong", "em", "i"})
AREAS: Final = frozenset({
    "article", "main", "aside", "footer", "header", "nav", "form", "figure", "table", "ul", "ol",
    "dl",
})  # fmt: skip
_NAMERS: Final = ("data-testid", "data-component", "itemprop", "role", "aria-label")
_NAMING: Final = frozenset(_NAMERS)
_LINE: Final = "\v"  # where a text has a line break; the parser leaves no such sign in any
_TITLES: Final = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_INVISIBLE: Final = "display:none"
_DEEPEST: Final = 300  # levels; anything nested deeper is one block


class Container(NamedTuple):
    """A block-level element: its parent's number, its step in a DOM path, hints of its names."""

    parent: int
    tag: str
    step: str
    own: int  # mask of the hints in its own names
    mask: int  # with those of all its ancestors
    areas: frozenset[str]  # the tags of AREAS that it is in
    rule: str  # of the site, for it or an element above: KEEP, REMOVE or none


class Piece(NamedTuple):
    """A text between two block boundaries."""

    text: str
    tokens: list[str]  # words, case folded
    linked: int  # characters inside links
    strong: int  # characters inside bold or italics
    container: int


class Outline(NamedTuple):
    """A page's pieces and the containers that hold them, parents before children."""

    pieces: list[Piece]
    containers: list[Container]


def outline(tree: HtmlElement) -> Outline:
    """The page's texts in document order."""
    return walk(tree)[0]


def walk(tree: HtmlElement) -> tuple[Outline, list[HtmlElement]]:
    """As `outline`, and the element of each container."""
    found = Walk()
    return found.whole(tree), found.elements


class Walk:
    """One pass over a tree, which gathers its pieces and containers."""

    def __init__(self) -> None:
        self.pieces: list[Piece] = []
        self.containers: list[Container] = []
        self.elements: list[HtmlElement] = []
        self._buffer: list[str] = []
        self._linked = 0
        self._strong = 0
        self.stanzas = Stanzas()

    def whole(self, tree: HtmlElement) -> Outline:
        """The outline of a tree."""
        body = tree.find("body")
        self.enter(tree if body is None else body, -1, 0)
        for at, text in self.stanzas.couplets():
            self.pieces[at] = self.pieces[at]._replace(text=text)
        return Outline(self.pieces, self.containers)

    def enter(self, element: HtmlElement, parent: int, depth: int, link: bool = False) -> None:
        """A block-level element: its text is apart from the texts before and after it."""
        self.read(element, container_of(element, self.containers, parent), depth, link)

    def read(self, element: HtmlElement, container: Container, depth: int, link: bool) -> None:
        """The texts of an element that has this container."""
        self.containers.append(container)
        self.elements.append(element)
        number = len(self.containers) - 1
        text = element.text
        if text and (link or not text.isspace()):  # the buffer is empty here
            self._add(text, link, False)
        if len(element):
            self._children(element, number, depth + 1, link, False)
        if self._buffer:
            self._flush(number)

    def _children(
        self, element: HtmlElement, number: int, depth: int, link: bool, strong: bool
    ) -> None:
        for child in element:
            tag = child.tag
            if tag in INLINE:
                inner_link = link or tag == "a"
                inner_strong = strong or tag in _STRONG
                if text := child.text:
                    self._add(text, inner_link, inner_strong)
                if len(child) and depth < _DEEPEST:
                    self._children(child, number, depth + 1, inner_link, inner_strong)
            elif tag == "br":
                self._break(child, number)
            elif tag not in UNREAD and isinstance(tag, str):
                if self._buffer:
                    self._flush(number)
                table = read_table(child) if tag == "table" else None
                if table is not None:
                    self._enter_table(child, number, table)
                elif depth < _DEEPEST:
                    self.enter(child, number, depth, link)
                else:
                    self._add(" ".join(child.itertext()), link, False)
            tail = child.tail
            # White space between blocks, most of a page's text nodes, is left out here.
            if tail and (self._buffer or link or strong or not tail.isspace()):
                self._add(tail, link, strong)

    def _enter_table(self, element: HtmlElement, parent: int, table: Table) -> None:
        """A table of data: one piece, which stands or falls whole."""
        self.containers.append(container_of(element, self.containers, parent))
        self.elements.append(element)
        text = plain(table.text)
        if tokens := words(text):
            number = len(self.containers) - 1
            self.pieces.append(Piece(text, tokens, table.linked, 0, number))

    def _break(self, element: HtmlElement, number: int) -> None:
        following = element.getnext()
        twice = following is not None and following.tag == "br" and not (element.tail or "").strip()
        if not twice or self.containers[number].tag == "pre":  # code stands or falls whole
            self._buffer.append(_LINE)
        elif self._buffer:
            self._flush(number)

    def _add(self, text: str, link: bool, strong: bool) -> None:
        self._buffer.append(text)
        if link:
            self._linked += len(text)
        if strong:
            self._strong += len(text)

    def _flush(self, number: int) -> None:
        buffer = self._buffer
        raw = "".join(buffer)
        buffer.clear()
        text = self._of_lines(raw, number) if _LINE in raw else _folded(raw)
        if text and (tokens := words(text)):
            self.pieces.append(Piece(text, tokens, self._linked, self._strong, number))
        self._linked = self._strong = 0

    def _of_lines(self, raw: str, number: int) -> str:
        container = self.containers[number]
        if container.tag == "pre":  # of code
            return "\n".join(plain(line).rstrip() for line in raw.split(_LINE)).strip("\n")
        lines = [line for part in raw.split(_LINE) if (line := _folded(part))]
        if len(lines) > 1 and container.tag not in _TITLES:
            self.stanzas.add(lines, container.parent, len(self.pieces))
            return one_text(lines)
        return " ".join(lines)


def _folded(raw: str) -> str:
    """A text without what nobody sees, in one line."""
    return line if (line := " ".join(raw.split())).isascii() else " ".join(plain(line).split())


def container_of(element: HtmlElement, containers: list[Container], parent: int) -> Container:
    """The container of an element, whose parent is `containers[parent]`; -1: it has none."""
    tag = element.tag
    attributes = element.items()
    if not attributes:
        step, own, rule = tag, 0, ""
    elif len(attributes) == 1 and attributes[0][0] == "class":
        step, own = named(tag, attributes[0][1], "", "")
        rule = ""
    else:
        given = dict(attributes)
        names, identity = given.get("class", ""), given.get("id", "")
        more = "" if _NAMING.isdisjoint(given) else next(filter(None, map(given.get, _NAMERS)), "")
        step, own = named(tag, names, identity, more)
        if "hidden" in given or (
            "style" in given and _INVISIBLE in given["style"].replace(" ", "")
        ):
            own |= vocabulary.HIDDEN
        if given.get("role") == "tooltip":
            own |= vocabulary.TIP
        rule = marked(given)
    if parent < 0:
        return Container(parent, tag, step, own, own, AREAS & {tag}, rule)
    above = containers[parent]
    areas = _within(above.areas, tag) if tag in AREAS else above.areas
    return Container(parent, tag, step, own, above.mask | own, areas, rule or above.rule)


@cache
def _within(areas: frozenset[str], tag: str) -> frozenset[str]:
    return areas | {tag}


def digest(text: str) -> int:
    """63 bits of xxh3: keys stay in databases for years, and xxh3 is frozen."""
    return xxh3_64_intdigest(text.encode()) >> 1
