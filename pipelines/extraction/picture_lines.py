"""Lines beside a picture, in a box between paragraphs: captions that are not marked as such."""

from collections import Counter
from collections.abc import Sequence
from typing import Final

from lxml.html import HtmlElement

from pipelines.extraction.blocks import Outline
from pipelines.extraction.spans import Spans

_PICTURES: Final = ("img", "picture", "video")
_LINES: Final = 3  # of a box
_WORDS: Final = 60
_SLANTED: Final = 0.9  # share of the characters, in bold or italics
_REACH: Final = 3  # steps from a line up to the box
_SENTENCE: Final = 8  # words that make a paragraph beside the box
_PARAGRAPHS: Final = 2  # beside the box
_NOT_LINES: Final = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "li", "blockquote", "td", "th",
                               "dt", "dd", "pre", "table"})  # fmt: skip


def picture_lines(
    outline: Outline, spans: Spans, elements: Sequence[HtmlElement]
) -> list[tuple[int, int]]:
    """The ranges of pieces that stand in a box with a picture, beside paragraphs of the story.

    `elements`: of the page's containers. A page whose text is mostly in such boxes is a story told
    in pictures, and has none.
    """
    if next(elements[0].iter(*_PICTURES), None) is None:
        return []
    pictured = _pictured(outline, elements)
    paragraphs = _paragraphs(outline, spans)
    found = set[tuple[int, int]]()
    for i, piece in enumerate(outline.pieces):
        if spans.sizes[i] > _WORDS:
            continue
        slanted = piece.strong >= _SLANTED * len(piece.text)
        box = _box(outline, pictured, piece.container, slanted)
        if box <= 0 or paragraphs.get(outline.containers[box].parent, 0) < _PARAGRAPHS:
            continue
        start, stop = spans.starts[box], spans.stops[box]
        if stop - start <= _LINES and sum(spans.sizes[start:stop]) <= _WORDS:
            found.add((i, i + 1))
    found |= _below_pictures(outline, spans, elements)
    inside = sum(spans.told(start, stop) for start, stop in found)
    return sorted(found) if inside * 2 < spans.prose[-1] else []


def _below_pictures(
    outline: Outline, spans: Spans, elements: Sequence[HtmlElement]
) -> set[tuple[int, int]]:
    """Paragraphs of a class of their own, each right behind a picture that stands alone.

    The other paragraphs beside them are the story's, and of another class.
    """
    places: dict[tuple[int, str], list[int]] = {}
    for i, piece in enumerate(outline.pieces):
        container = outline.containers[piece.container]
        if container.tag in ("p", "div", "span"):
            places.setdefault((container.parent, container.step), []).append(i)
    held: Counter[int] = Counter()
    for (parent, _), numbers in places.items():
        held[parent] += len(numbers)
    found: set[tuple[int, int]] = set()
    for (parent, step), numbers in places.items():
        others = held[parent] - len(numbers)
        few = "." in step and others >= _PARAGRAPHS and len(numbers) <= others
        if few and all(_is_below(outline, spans, elements, i) for i in numbers):
            found |= {(i, i + 1) for i in numbers}
    return found


def _is_below(outline: Outline, spans: Spans, elements: Sequence[HtmlElement], i: int) -> bool:
    """Whether a piece is short, and nothing but a picture stands right before its element."""
    number = outline.pieces[i].container
    if number <= 0 or spans.sizes[i] > _WORDS:
        return False
    before = elements[number].getprevious()
    if before is None or (before.tail or "").strip():
        return False
    pictured = before.tag in _PICTURES or next(before.iter(*_PICTURES), None) is not None
    return pictured and not before.text_content().strip()


def _pictured(outline: Outline, elements: Sequence[HtmlElement]) -> list[bool]:
    """For each container, whether it holds a picture."""
    found = [False] * len(elements)
    numbers = {element: number for number, element in enumerate(elements)}
    for picture in elements[0].iter(*_PICTURES):
        node = picture
        while node is not None and node not in numbers:
            node = node.getparent()
        number = -1 if node is None else numbers[node]
        while number >= 0 and not found[number]:
            found[number] = True
            number = outline.containers[number].parent
    return found


def _paragraphs(outline: Outline, spans: Spans) -> dict[int, int]:
    """How many paragraphs stand right in each container."""
    found: dict[int, int] = {}
    for piece, words in zip(outline.pieces, spans.sizes, strict=True):
        container = outline.containers[piece.container]
        if container.tag == "p" and words >= _SENTENCE:
            found[container.parent] = found.get(container.parent, 0) + 1
    return found


def _box(outline: Outline, pictured: Sequence[bool], number: int, slanted: bool) -> int:
    """The nearest element with a picture around a line; -1 if none is near, or it is no line."""
    for _ in range(_REACH):
        if number <= 0 or outline.containers[number].tag in _NOT_LINES:
            return -1
        if pictured[number]:
            # A picture in the paragraph itself: the text is the paragraph's, unless all is italic.
            return number if outline.containers[number].tag != "p" or slanted else -1
        number = outline.containers[number].parent
    return -1
