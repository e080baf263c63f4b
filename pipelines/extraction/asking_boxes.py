"""Small boxes with a button or a field: they ask their reader for something, and tell no story.

A bar for cookies, a call to sign up, the rule that only members may comment: in every language they
are some sentences and a control in one box, before the headline, behind the story, or between its
paragraphs in an element of their own.
"""

from collections.abc import Collection, Sequence
from typing import Final

from lxml.html import HtmlElement

from pipelines.extraction.blocks import Outline
from pipelines.extraction.call_words import names_cookies
from pipelines.extraction.controls import has_control
from pipelines.extraction.spans import LABEL, Spans, above, text_words

_PIECES: Final = 5  # of a box
_WORDS: Final = 80
_STORY: Final = 12  # words of the story that stand before a box that is not its text
_REACH: Final = 3  # steps from a control up to the box
# boxes of one make, from which on they are posts or products, each with its button
_ITEMS: Final = 3
_NO_BOX: Final = frozenset({"body", "html", "main", "article", "table", "tr", "td", "th", "li",
                            "dd", "dt", "ul", "ol", "dl", "blockquote", "figure", "pre",
                            "h1", "h2", "h3", "h4", "h5", "h6"})  # fmt: skip


def asking_boxes(
    outline: Outline, spans: Spans, elements: Sequence[HtmlElement], headline: int
) -> list[tuple[int, int]]:
    """The ranges of pieces in such boxes. `headline`: the piece that is one, or -1."""
    texts = text_words(outline, spans)
    boxes = dict.fromkeys(
        box
        for number, element in enumerate(elements)
        if has_control(element) and (box := _box(outline, spans, number)) > 0
    )
    said: dict[tuple[str, str], set[str]] = {}
    for box in boxes:
        said.setdefault(_kind(outline, box), set()).add(_words(outline, spans, box))
    return [
        (spans.starts[box], spans.stops[box])
        for box in boxes
        if len(said[_kind(outline, box)]) < _ITEMS
        and _apart(outline, spans, texts, headline, box, boxes)
    ]


def cookie_bars(outline: Outline, spans: Spans, headline: int) -> list[tuple[int, int]]:
    """The pieces that name cookies above the headline, or behind the element with the story.

    A bar may have no control that markup shows. A story about cookies names them in its element.
    """
    if headline < 0:
        return []
    texts = text_words(outline, spans)
    story = above(outline, outline.pieces[headline].container)
    body = next((number for number in story if _tells(spans, texts, headline, number)), story[-1])
    found = []
    for i, piece in enumerate(outline.pieces):
        outside = i < headline or i >= spans.stops[body]
        short = LABEL < spans.sizes[i] <= _WORDS
        rest = texts[-1] - texts[i + 1] + texts[i]
        if outside and short and rest >= _STORY and names_cookies(piece.text):
            found.append((i, i + 1))
    return found


def _tells(spans: Spans, texts: Sequence[int], headline: int, number: int) -> bool:
    """Whether an element holds a story behind its headline."""
    stop = spans.stops[number]
    return stop > headline and texts[stop] - texts[headline + 1] >= _STORY


def _kind(outline: Outline, box: int) -> tuple[str, str]:
    container = outline.containers[box]
    return outline.containers[container.parent].step, container.step


def _words(outline: Outline, spans: Spans, box: int) -> str:
    pieces = outline.pieces[spans.starts[box] : spans.stops[box]]
    return " ".join(piece.text for piece in pieces)


def _box(outline: Outline, spans: Spans, number: int) -> int:
    """The smallest element with text around a control; -1 if none is near, or it is no box."""
    for _ in range(_REACH):
        if number <= 0 or outline.containers[number].tag in _NO_BOX:
            return -1
        start, stop = spans.starts[number], spans.stops[number]
        sizes = spans.sizes[start:stop]
        if stop - start > _PIECES or sum(sizes) > _WORDS:
            return -1
        if max(sizes, default=0) > LABEL:
            code = any(
                outline.containers[one.container].tag == "pre" for one in outline.pieces[start:stop]
            )  # with a button that copies it
            return -1 if code else number
        number = outline.containers[number].parent
    return -1


def _apart(
    outline: Outline,
    spans: Spans,
    texts: Sequence[int],
    headline: int,
    box: int,
    boxes: Collection[int],
) -> bool:
    """Whether the page's story is elsewhere: the box comes before it, behind it, or amid it."""
    start, stop = spans.starts[box], spans.stops[box]
    own, rest = texts[stop] - texts[start], texts[-1] - texts[stop] + texts[start]
    if start <= headline < stop or not own or rest < max(_STORY, own):
        return False
    if stop <= headline:
        return True
    if texts[start] - texts[headline + 1] < max(_STORY, own):  # the story's own beginning
        return False
    inside = outline.containers[box].tag == "p" or _is_paragraph(outline, spans, box, boxes)
    return not (inside and _goes_on(outline, spans, box, headline))


def _is_paragraph(outline: Outline, spans: Spans, box: int, boxes: Collection[int]) -> bool:
    """Whether the box is one of the elements that the story's paragraphs are."""
    container = outline.containers[box]
    return any(
        other.parent == container.parent and other.step == container.step
        and number not in boxes and spans.starts[number] < spans.stops[number]
        for number, other in enumerate(outline.containers)
    )  # fmt: skip


def _goes_on(outline: Outline, spans: Spans, box: int, headline: int) -> bool:
    """Whether text of the element that holds the headline follows."""
    if headline < 0:
        return True
    parent = outline.containers[box].parent
    story = set(above(outline, outline.pieces[headline].container))
    return parent in story and spans.told(spans.stops[box], spans.stops[parent]) > 0
