"""A sibling page before it is written out: its tree, and what was told in it where."""

import random
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Final

import lxml.html
from lxml.html import HtmlElement

from benchmarks.sibling_plans import Plan
from pipelines.extraction.inline import INLINE

_LINKED: Final = 0.4  # share of paragraphs with a link, where the model has some


@dataclass(slots=True)
class Told:
    """A text put in: its element, and what to move if it moves."""

    kind: str
    element: HtmlElement = field(repr=False)
    unit: HtmlElement = field(repr=False)
    text: str
    inside: bool
    true: bool = True


@dataclass(slots=True)
class Draft:
    """A page before it is written out."""

    plan: Plan
    language: str
    root: HtmlElement = field(repr=False)
    body: HtmlElement = field(repr=False)
    told: list[Told] = field(repr=False)

    @property
    def paragraphs(self) -> list[Told]:
        """Those of the story's container."""
        return [told for told in self.told if told.kind == "paragraph" and told.inside]


def set_text(element: HtmlElement, text: str, draw: random.Random | None) -> None:
    """Gives an element another text, inside the inline elements that held all of the old one.

    With `draw`, some words are a link, if there was one.
    """
    while not (element.text or "").strip():
        whole = [child for child in element if child.tag in INLINE and child.text_content().strip()]
        if len(whole) != 1 or any((child.tail or "").strip() for child in element):
            break
        (element,) = whole
    link = next(element.iterdescendants("a"), None) if element.tag != "a" else None
    attributes = dict(link.attrib) if link is not None else {}
    for child in list(element):
        element.remove(child)
    element.text = text
    parts = text.split()
    if link is not None and draw is not None and len(parts) > 8 and draw.random() < _LINKED:
        at, length = draw.randint(2, len(parts) - 6), draw.randint(2, 4)
        made = lxml.html.Element("a", attributes) if attributes else lxml.html.Element("a")
        made.text = " ".join(parts[at : at + length])
        made.tail = " " + " ".join(parts[at + length :])
        element.text = " ".join(parts[:at]) + " "
        element.append(made)


def copies(told: Told, count: int) -> Iterator[tuple[HtmlElement, HtmlElement]]:
    """So many copies of a text's unit behind it, each with the copy of the text's element."""
    steps = [parent.index(child) for child, parent in between(told.element, told.unit)]
    last = told.unit
    for _ in range(count):
        copy = deepcopy(told.unit)
        last.addnext(copy)
        last = inner = copy
        for step in reversed(steps):
            inner = inner[step]
        yield copy, inner


def between(element: HtmlElement, unit: HtmlElement) -> Iterator[tuple[HtmlElement, HtmlElement]]:
    """Each element and its parent, from a text's up to its unit."""
    while element is not unit:
        parent = element.getparent()
        if parent is None:
            raise ValueError("the unit does not hold the element")
        yield element, parent
        element = parent


def holds(element: HtmlElement, told: list[Told]) -> bool:
    """Whether an element holds one of the texts."""
    inner = set(element.iter())
    return any(one.element in inner for one in told)
