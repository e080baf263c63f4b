"""A tree into pieces: the page's texts in document order, each with its container."""

import re
from functools import cache, lru_cache
from typing import Final, NamedTuple

from lxml.html import HtmlElement
from xxhash import xxh3_64_intdigest

from models.text import clean, words
from pipelines.extraction import vocabulary
from pipelines.extraction.selectors import marked

_SKIPPED: Final = frozenset({
    "script", "style", "noscript", "template", "svg", "iframe", "select", "option", "textarea",
    "button", "input", "head", "object", "canvas", "audio", "video", "map", "math", "embed",
    "datalist", "progress",
})  # fmt: skip
_INLINE: Final = frozenset({
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em",
    "font", "i", "ins", "kbd", "label", "mark", "nobr", "picture", "q", "rp", "rt", "ruby", "s",
    "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr",
    "img", "source",
})  # fmt: skip
_KINDS: Final = {
    "p": "paragraph", "li": "list", "dt": "list", "dd": "list", "blockquote": "quote",
    "q": "quote", "figcaption": "caption", "caption": "caption", "td": "table", "th": "table",
    "pre": "code", **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), "heading"),
}  # fmt: skip
_STRONG: Final = frozenset({"b", "strong", "em", "i"})
_NAMELESS: Final = frozenset({"div", "span", "section", "body", "center", "tbody", "tr"})
_KIND_REACH: Final = 4  # steps up that decide a kind: the p of li>div>p is a list
_PATH: Final = 4  # steps of a DOM path: enough to tell body from sidebar, few enough to recur
AREAS: Final = frozenset({
    "article", "main", "aside", "footer", "header", "nav", "form", "figure", "table", "ul", "ol",
    "dl",
})  # fmt: skip
_SHARED: Final = (
    3  # of these steps, that pages of one site share: templates wrap one body in many ways
)
_LONGEST_NAME: Final = 40  # characters of a test id or label that names a component
_NAMERS: Final = ("data-testid", "data-component", "itemprop", "role", "aria-label")
_NAMING: Final = frozenset(_NAMERS)
_INVISIBLE: Final = "display:none"
_DEEPEST: Final = 300  # levels; anything nested deeper is one block
_SUFFIX: Final = re.compile(r"[_-]{1,2}(?=[A-Za-z]*\d|[A-Za-z]*[a-z][A-Z])[A-Za-z0-9]{4,8}$")
_GENERATED: Final = re.compile(
    r"^(?:css|sc|jsx|svelte|emotion|tw|styled|_)-?_?[A-Za-z0-9]+$"
    r"|^(?=[A-Za-z]*(?:\d|[a-z][A-Z]{2}))[A-Za-z0-9]{5,8}$"
)
_DIGITS: Final = re.compile(r"\d+(?: \d+)*")


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
    walk, body = _Walk(), tree.find("body")
    walk.enter(tree if body is None else body, -1, 0)
    return Outline(walk.pieces, walk.containers)


class _Walk:
    """One pass over a tree, which gathers its pieces and containers."""

    def __init__(self) -> None:
        self.pieces: list[Piece] = []
        self.containers: list[Container] = []
        self._buffer: list[str] = []
        self._linked = 0
        self._strong = 0

    def enter(self, element: HtmlElement, parent: int, depth: int, link: bool = False) -> None:
        """A block-level element: its text is apart from the texts before and after it."""
        self.containers.append(_container(element, self.containers, parent))
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
            if tag in _INLINE:
                inner_link = link or tag == "a"
                inner_strong = strong or tag in _STRONG
                if text := child.text:
                    self._add(text, inner_link, inner_strong)
                if len(child) and depth < _DEEPEST:
                    self._children(child, number, depth + 1, inner_link, inner_strong)
            elif tag == "br":
                self._break(child, number)
            elif tag not in _SKIPPED and isinstance(tag, str):
                if self._buffer:
                    self._flush(number)
                if depth < _DEEPEST:
                    self.enter(child, number, depth, link)
                else:
                    self._add(" ".join(child.itertext()), link, False)
            tail = child.tail
            # White space between blocks, most of a page's text nodes, is left out here.
            if tail and (self._buffer or link or strong or not tail.isspace()):
                self._add(tail, link, strong)

    def _break(self, element: HtmlElement, number: int) -> None:
        following = element.getnext()
        if following is not None and following.tag == "br" and not (element.tail or "").strip():
            if self._buffer:
                self._flush(number)
        else:
            self._buffer.append("\n")

    def _add(self, text: str, link: bool, strong: bool) -> None:
        self._buffer.append(text)
        if link:
            self._linked += len(text)
        if strong:
            self._strong += len(text)

    def _flush(self, number: int) -> None:
        buffer = self._buffer
        text = " ".join((buffer[0] if len(buffer) == 1 else "".join(buffer)).split())
        buffer.clear()
        if text:
            text = text if text.isascii() else clean(text)
            tokens = words(text)
            if tokens:
                self.pieces.append(Piece(text, tokens, self._linked, self._strong, number))
        self._linked = self._strong = 0


def _container(element: HtmlElement, containers: list[Container], parent: int) -> Container:
    tag = element.tag
    attributes = element.items()
    if not attributes:
        step, own, rule = tag, 0, ""
    else:
        given = dict(attributes)
        names, identity = given.get("class", ""), given.get("id", "")
        more = "" if _NAMING.isdisjoint(given) else next(filter(None, map(given.get, _NAMERS)), "")
        step, own = _named(tag, names, identity, more)
        if "hidden" in given or (
            "style" in given and _INVISIBLE in given["style"].replace(" ", "")
        ):
            own |= vocabulary.HIDDEN
        rule = marked(given)
    if parent < 0:
        return Container(parent, tag, step, own, own, AREAS & {tag}, rule)
    above = containers[parent]
    areas = _within(above.areas, tag) if tag in AREAS else above.areas
    return Container(parent, tag, step, own, above.mask | own, areas, rule or above.rule)


@cache
def _within(areas: frozenset[str], tag: str) -> frozenset[str]:
    return areas | {tag}


@lru_cache(maxsize=8192)
def _named(tag: str, names: str, identity: str, more: str) -> tuple[str, int]:
    """An element's step in a DOM path, and the mask of the hints in its names."""
    own = vocabulary.of_names(f"{names} {identity} {more}") if names or identity or more else 0
    return _step(tag, f"{names} {more}" if len(more) < _LONGEST_NAME else names, identity), own


def _step(tag: str, names: str, identity: str) -> str:
    """A tag with up to three of its stable names: classes, else its id."""
    stable = {folded for name in names.split() if (folded := _stable(name))}
    if not stable and (folded := _stable(identity)):
        return f"{tag}#{folded}"
    return ".".join((tag, *sorted(stable)[:3]))


@lru_cache(maxsize=8192)
def _stable(name: str) -> str:
    """A name without a build's suffix and numbers; empty if nothing else is left."""
    if _GENERATED.match(name):
        return ""
    name = _DIGITS.sub("0", _SUFFIX.sub("", name))
    return "" if name.strip("0-_") == "" else name


def dom_path(containers: list[Container], number: int) -> str:
    """The path of a container, `div.story>section.body>p`: its step and the named ones above."""
    container = containers[number]
    steps = [container.step]
    number = container.parent
    while number >= 0 and len(steps) < _PATH:
        container = containers[number]
        if container.step not in _NAMELESS:  # wrappers come and go
            steps.append(container.step)
        number = container.parent
    path = ">".join(reversed(steps))
    return path if path.isascii() else clean(path)  # as it is stored


def learned_path(path: str) -> str:
    """The end of a DOM path, by which pages of a site are compared."""
    return ">".join(path.split(">")[-_SHARED:])


def kind(containers: list[Container], number: int) -> str:
    """paragraph, heading, list, quote, caption, table, code or other."""
    found = "other"
    for _ in range(_KIND_REACH):
        if number < 0:
            break
        this = _KINDS.get(containers[number].tag, "other")
        if this in {"caption", "quote", "list", "table"} or found == "other":
            found = this if this != "other" else found
        number = containers[number].parent
    return found


def digest(text: str) -> int:
    """63 bits of xxh3: keys stay in databases for years, and xxh3 is frozen."""
    return xxh3_64_intdigest(text.encode()) >> 1
