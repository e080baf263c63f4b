"""Posts of a live blog: rows that begin with the time of day, and tell what happened then."""

import re
from collections.abc import Sequence
from typing import Final

from pipelines.extraction import vocabulary
from pipelines.extraction.blocks import Outline
from pipelines.extraction.spans import LABEL, Spans, spans

_CLOCK: Final = re.compile(
    r"(?<!\d)\d{1,2}\s?(?:[:.h]|[時时시點点])\s?\d{2}(?!\d)|\d{1,2}\s?[時时시點点]\s?\d{1,2}"
)
_FEWEST: Final = 3  # posts
_MOST: Final = 0.8  # of them have a time
_LINE: Final = 6  # words of the line with the time
_TEXT: Final = 8  # words of what a post tells
_TITLES: Final = frozenset({"h2", "h3", "h4", "h5", "h6"})
_LINKED: Final = 0.9  # share of characters in links of a heading that leads elsewhere


def posts(outline: Outline) -> list[tuple[list[int], list[int], list[int]]]:
    """For each post its times, its headings and its texts, by number.

    Rows whose headings are links are teasers, and have none.
    """
    short = [i for i, piece in enumerate(outline.pieces) if len(piece.tokens) <= _LINE]
    if sum(_is_time(outline, i) for i in short) < _FEWEST:  # most pages are no live blogs
        return []
    page = spans(outline)
    found: list[tuple[list[int], list[int], list[int]]] = []
    for _, rows in page.rows:
        read = [_post(outline, page, start, stop) for start, stop in rows]
        timed = sum(bool(times) and bool(texts) for times, _, texts in read)
        if len(rows) >= _FEWEST and timed >= _MOST * len(rows):
            found += read
    return found


def _post(
    outline: Outline, page: Spans, start: int, stop: int
) -> tuple[list[int], list[int], list[int]]:
    times: list[int] = []
    headings: list[int] = []
    texts: list[int] = []
    for i in range(start, stop):
        container = outline.containers[outline.pieces[i].container]
        if container.tag in _TITLES and not texts:
            headings.append(i)
        elif page.sizes[i] >= _TEXT:
            texts.append(i)
        elif not texts and page.sizes[i] <= _LINE and _is_time(outline, i):
            times.append(i)
    pieces = outline.pieces
    if any(pieces[i].linked >= _LINKED * len(pieces[i].text) for i in headings):
        return [], [], []
    if not times and any(_is_time(outline, i) for i in headings):
        times = [i for i in headings if _is_time(outline, i)]
    return times, headings, texts


def _is_time(outline: Outline, i: int) -> bool:
    piece = outline.pieces[i]
    if _CLOCK.search(piece.text):
        return True
    named = outline.containers[piece.container].own & vocabulary.META
    return bool(named) and any(map(str.isdigit, piece.text)) and len(piece.tokens) <= 2 * LABEL


def restored(
    outline: Outline, scores: Sequence[float], never: Sequence[bool]
) -> tuple[list[int], list[int]]:
    """The times and headings of posts whose texts are kept. `never`: what cannot be kept."""
    times: list[int] = []
    headings: list[int] = []
    for its_times, its_headings, texts in posts(outline):
        if any(scores[i] > 0 for i in texts):
            times += [i for i in its_times if not never[i]]
            headings += [i for i in its_headings if not never[i]]
    return times, headings
