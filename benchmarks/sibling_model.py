"""A real page as the model of its siblings: where its story, title, date and teasers stand."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Final

import lxml.etree
from lxml.html import HtmlElement

from benchmarks.alignment import labels
from benchmarks.pages import Sample
from benchmarks.score import f1
from benchmarks.sibling_patches import Names, Patch
from models.items import Hint, Metadata
from models.text import one_line, words
from pipelines.extraction.blocks import Outline, walk
from pipelines.extraction.paths import dom_paths
from pipelines.extraction.tree import UNREAD, parse
from pipelines.metadata.page_metadata import read_page_metadata

SOUND: Final = 0.95  # F1 of the best subset of a page's blocks
_BODY: Final = 0.85  # of the words of all paragraphs, that the story's container holds
_WHOLE: Final = 0.97  # of the words of the truth, that can be replaced
_TITLES: Final = frozenset({"h1", "h2", "h3"})
_RUN: Final = 5  # words in a row that tell the story
_ROW: Final = 3  # texts at one DOM path that are a list of teasers
_HEADINGS: Final = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_SHORTEST: Final = 8  # words of a paragraph that does not end as one
_TITLED: Final = 0.3  # F1 of a heading with the title of its page
_DATED: Final = 14  # words of a text that is the story's date and byline
_PROBE: Final = 40  # characters by which a script is known to hold the story


@dataclass(frozen=True, slots=True)
class Slot:
    """A text of the story: numbers of its element, and of the outermost that holds no other."""

    kind: str  # title | paragraph | heading | item | table
    element: int
    unit: int
    inside: bool  # of the story's container
    true: bool  # whether it is part of the truth: a title may be or not


@dataclass(frozen=True, slots=True)
class Model:
    """A page and what of it is written anew in each sibling. Numbers are in document order."""

    sample: Sample = field(repr=False)
    root: HtmlElement = field(repr=False)
    body: int
    slots: tuple[Slot, ...] = field(repr=False)
    patches: tuple[Patch, ...] = field(repr=False)
    teasers: tuple[tuple[int, bool], ...] = field(repr=False)  # the element, whether it is a title
    captions: tuple[int, ...] = field(repr=False)  # and pull quotes


class Unfit(Exception):
    """The page cannot be a model; says why."""


def model_of(sample: Sample) -> Model:
    """The page as a model; raises Unfit, or ExtractionFailed as `parse` does."""
    root = parse(sample.body, None)
    lxml.etree.strip_elements(root, "noscript", with_tail=False)
    _declare_utf8(root)
    return _ModelPage(sample, root).model()


def _declare_utf8(root: HtmlElement) -> None:
    for meta in list(root.iter("meta")):
        if meta.get("charset") or (meta.get("http-equiv") or "").lower() == "content-type":
            meta.drop_tree()
    head = root.find("head")
    if head is None:
        head = lxml.etree.Element("head")
        root.insert(0, head)
    head.insert(0, lxml.etree.Element("meta", charset="utf-8"))


class _ModelPage:
    """One page, read for what is to be written anew."""

    def __init__(self, sample: Sample, root: HtmlElement) -> None:
        self.sample, self.root = sample, root
        page = read_page_metadata(root, sample.url, Hint())
        self.metadata: Metadata = page.metadata
        self.outline: Outline
        self.outline, self.elements = walk(root)
        self.numbers = {element: number for number, element in enumerate(root.iter())}
        texts = [piece.text for piece in self.outline.pieces]
        self.shares = labels(texts, sample.text)
        true = [i for i, share in enumerate(self.shares) if share >= 0.5]
        if f1("\n".join(texts[i] for i in true), sample.text) <= SOUND:
            raise Unfit("its blocks do not give the truth")
        self.true = frozenset(true)
        self.held: Counter[HtmlElement] = Counter()  # texts inside each element
        for piece in self.outline.pieces:
            element = self.elements[piece.container]
            for around in (element, *element.iterancestors()):
                self.held[around] += 1

    def model(self) -> Model:
        paragraphs = [i for i in self.true if self._kind(i) == "paragraph" and self._is_leaf(i)]
        if len(paragraphs) < 2:
            raise Unfit("it has no paragraphs of their own")
        body = self._body(paragraphs)
        whole = sum(len(self.outline.pieces[i].tokens) for i in self.true)
        leaves = sum(len(self.outline.pieces[i].tokens) for i in self.true if self._is_leaf(i))
        if leaves < _WHOLE * whole:
            raise Unfit("some of its truth cannot be replaced")
        self._drop_copies()
        self.numbers = {element: number for number, element in enumerate(self.root.iter())}
        told = set(body.iter())
        slots = tuple(self._slots(body, told))
        if sum(slot.kind == "paragraph" and slot.inside for slot in slots) < 2:
            raise Unfit("its container has no two paragraphs")
        taken = {slot.element for slot in slots}
        title = self._title()
        heading = "" if title is None else self.outline.pieces[title].text
        names = Names(self.metadata, self.sample.url, heading, self.root)
        return Model(
            self.sample,
            self.root,
            self.numbers[body],
            slots,
            tuple(
                patch
                for patch in names.patches(self.root, self._short())
                if patch.element not in taken
            ),
            tuple(self._teasers(told)),
            tuple(self._captions()),
        )

    # ------------------------------------------------------------ the story

    def _element(self, i: int) -> HtmlElement:
        return self.elements[self.outline.pieces[i].container]

    def _is_leaf(self, i: int) -> bool:
        """Whether the element of a text holds it alone."""
        return self.held[self._element(i)] == 1

    def _kind(self, i: int) -> str:
        element, piece = self._element(i), self.outline.pieces[i]
        areas = self.outline.containers[piece.container].areas
        if element.tag in _HEADINGS:
            return "heading"
        if "table" in areas:
            return "table"
        if areas & {"ul", "ol", "dl"}:
            return "item"
        return "paragraph" if len(piece.tokens) >= _SHORTEST else "heading"

    def _body(self, paragraphs: list[int]) -> HtmlElement:
        """The innermost element with nearly all paragraphs."""
        held: Counter[HtmlElement] = Counter()
        for i in paragraphs:
            for around in self._element(i).iterancestors():
                held[around] += len(self.outline.pieces[i].tokens)
        most = max(held.values())
        depth = {e: sum(1 for _ in e.iterancestors()) for e, n in held.items() if n >= _BODY * most}
        return max(depth, key=lambda element: depth[element])

    def _slots(self, body: HtmlElement, told: set[HtmlElement]) -> Iterator[Slot]:
        title = self._title()
        for i in range(len(self.outline.pieces)):
            if (i in self.true or i == title) and self._is_leaf(i):
                element = self._element(i)
                unit = element if i == title else self._unit(element, body)
                kind = "title" if i == title else self._kind(i)
                inside = element in told and element is not body
                yield Slot(kind, self.numbers[element], self.numbers[unit], inside, i in self.true)

    def _title(self) -> int | None:
        """The page's heading: the text most like its title, in an h1 if one is like it."""
        wanted = self.metadata.title or ""
        like: dict[int, float] = {}
        for i, piece in enumerate(self.outline.pieces):
            element = self._element(i)
            near = {element.tag, *(around.tag for around in islice(element.iterancestors(), 2))}
            if near & _TITLES and not piece.linked and self._is_leaf(i):
                share = f1(piece.text, wanted)
                if share >= _TITLED:
                    like[i] = share + ("h1" in near)
        return max(like, key=lambda i: like[i], default=None)

    def _short(self) -> Iterator[HtmlElement]:
        """Elements that may hold the story's date and byline."""
        for i, piece in enumerate(self.outline.pieces):
            if len(piece.tokens) <= _DATED and i not in self.true:
                yield self._element(i)

    def _unit(self, element: HtmlElement, body: HtmlElement) -> HtmlElement:
        """The outermost element around a text that holds no other, below the story's container."""
        parent = element.getparent()
        while parent is not None and parent is not body and self.held[parent] == 1:
            element, parent = parent, parent.getparent()
        return element

    def _drop_copies(self) -> None:
        """Removes scripts and templates that hold the story once more."""
        probes = [
            self.outline.pieces[i].text[:_PROBE]
            for i in self.true
            if len(self.outline.pieces[i].text) >= _PROBE
        ]
        for element in list(self.root.iter("script", "template")):
            if "ld+json" in (element.get("type") or ""):
                continue
            text = one_line("".join(element.itertext()))
            if any(probe in text or json.dumps(probe)[1:-1] in text for probe in probes):
                element.drop_tree()

    # ------------------------------------------------------------ around it

    def _teasers(self, told: set[HtmlElement]) -> Iterator[tuple[int, bool]]:
        """Titles of other stories, and what is said of them, in rows of their like."""
        paths = dom_paths(self.outline)
        rows = Counter(path for i, path in enumerate(paths) if i not in self.true)
        for i, piece in enumerate(self.outline.pieces):
            areas = self.outline.containers[piece.container].areas
            element = self._element(i)
            if i in self.true or not self._is_leaf(i) or element.tag in UNREAD or "form" in areas:
                continue
            linked = piece.linked > 0.6 * len(piece.text)
            if linked and len(piece.tokens) >= 5:
                yield self.numbers[element], True
            elif rows[paths[i]] >= _ROW and len(piece.tokens) >= 8 and element not in told:
                yield self.numbers[element], False

    def _captions(self) -> Iterator[int]:
        """What is under pictures, and what is said of the story once more: quotes, key points."""
        told = set(_runs(words(self.sample.text)))
        for i, piece in enumerate(self.outline.pieces):
            if i not in self.true and self._is_leaf(i) and len(piece.tokens) >= _RUN:
                pictured = "figure" in self.outline.containers[piece.container].areas
                if pictured or not told.isdisjoint(_runs(piece.tokens)):
                    yield self.numbers[self._element(i)]


def _runs(tokens: list[str]) -> Iterator[tuple[str, ...]]:
    return zip(*(tokens[at:] for at in range(_RUN)), strict=False)
