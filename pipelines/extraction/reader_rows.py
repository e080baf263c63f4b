"""Rows below a story, each with a name, a time and a text: readers' comments, or teasers.

They are known by their shape, whatever the language and whatever the names in the markup. Posts of
a live blog, answers of an interview and items of a list have rows as well, but they are the story:
they come before its end, are longer than what precedes them, or have no names of their own.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from pipelines.extraction.blocks import Outline
from pipelines.extraction.spans import Spans

_LEAD: Final = 8  # words; what is longer is a row's text, not its name or time
_SAID: Final = 3  # words from which on a sentence is text, not a name with a full stop
_LABEL: Final = 3  # words of what every row offers: `Reply`
_PARTS: Final = 2  # pieces of a row: a name with a time, a text, and what ends it
_BEFORE: Final = 40  # words of prose that a story has before its readers speak
_INSIDE: Final = 10  # words of prose in all rows
_MOST: Final = 1.5  # of the story's words, where no row has a label
_AFTER: Final = 0.25  # of the story's words that may follow
_AFTER_LEAST: Final = 60  # words that may follow the shortest story
_TITLES: Final = frozenset({"h1", "h2", "h3"})
_NUMBER: Final = re.compile(r"\d+")


class _Row(NamedTuple):
    name: str  # the letters of its lead
    number: int  # the first of its lead; -1 without any
    before: str  # the letters before that number
    titled: bool
    said: bool  # it has a text
    labels: set[str]


def reader_rows(outline: Outline, spans: Spans) -> list[tuple[int, int]]:
    """The ranges of pieces that are rows of readers or of teasers, below the story."""
    found = []
    for rows in (*(rows for _, rows in spans.rows), *_level_rows(outline, spans)):
        if _placed(spans, rows):
            read = [_row(outline, spans, start, stop) for start, stop in rows]
            if _readers(read) and (_few(spans, rows) or _offers(read)):
                found += rows
    return found


def _level_rows(outline: Outline, spans: Spans) -> Iterator[list[tuple[int, int]]]:
    """Rows without an element of their own: beside each other, each ends with the same label."""
    beside: dict[int, list[int]] = {}
    for i, piece in enumerate(outline.pieces):
        beside.setdefault(outline.containers[piece.container].parent, []).append(i)
    for members in beside.values():
        ends: dict[str, list[int]] = {}
        for i in members:
            if spans.sizes[i] <= _LABEL and not any(map(str.isdigit, outline.pieces[i].text)):
                ends.setdefault(outline.pieces[i].text, []).append(i)
        for last in ends.values():
            if len(last) < 2:
                continue
            first = 2 * last[0] - last[1]
            starts = [first + 1, *(end + 1 for end in last[:-1])]
            rows = [(start, end + 1) for start, end in zip(starts, last, strict=True)]
            if first + 1 >= members[0] and min(stop - start for start, stop in rows) > _PARTS:
                yield rows


def _placed(spans: Spans, rows: Sequence[tuple[int, int]]) -> bool:
    first, last = rows[0][0], rows[-1][1]
    return spans.prose[first] >= _BEFORE and spans.told(first, last) >= _INSIDE


def _few(spans: Spans, rows: Sequence[tuple[int, int]]) -> bool:
    """Whether they stand at the end of a story that is not much shorter than they are."""
    first, last = rows[0][0], rows[-1][1]
    before, after = spans.prose[first], spans.prose[-1] - spans.prose[last]
    inside = spans.told(first, last)
    return inside <= _MOST * before and after <= max(_AFTER_LEAST, _AFTER * before)


def _row(outline: Outline, spans: Spans, start: int, stop: int) -> _Row:
    pieces, containers = outline
    text = start
    while text < stop:
        count = spans.sizes[text]
        if count > _LEAD or (spans.ends[text] and count > _SAID):
            break
        text += 1
    lead = " ".join(piece.text for piece in pieces[start:text])
    number = _NUMBER.search(lead)
    return _Row(
        "".join(filter(str.isalpha, lead)),
        int(number.group()) if number else -1,
        "".join(filter(str.isalpha, lead[: number.start()])) if number else "",
        any(containers[piece.container].tag in _TITLES for piece in pieces[start:text]),
        spans.told(text, stop) > _SAID,
        {
            pieces[i].text
            for i in range(start, stop)
            if spans.sizes[i] <= _LABEL and not any(map(str.isdigit, pieces[i].text))
        },
    )


def _readers(rows: Sequence[_Row]) -> bool:
    """Whether most rows have a name of their own, a number that is no ordinal, and a text."""
    count = len(rows)
    numbers = [row.number for row in rows]
    follow = numbers == list(range(numbers[0], numbers[0] + count))
    return (
        sum(number >= 0 for number in numbers) >= 0.8 * count
        and not (follow and len({row.before for row in rows}) == 1)  # `Chapter 1`, `Chapter 2`
        and sum(row.said for row in rows) >= 0.5 * count
        and len({row.name for row in rows if row.name}) >= 0.6 * count
        and sum(row.titled for row in rows) < 0.3 * count
    )


def _offers(rows: Sequence[_Row]) -> bool:
    """Whether the same short text stands in nearly every row: `Reply`."""
    labels = [label for row in rows for label in row.labels]
    return any(labels.count(label) >= 0.8 * len(rows) for label in set(labels))
