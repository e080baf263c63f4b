"""Further stories in the element of the first: parted by a line or a box, signed and dated anew.

Chapters have headings as well, but no writer and day of their own. Posts of a live blog have times
of one day; they are the story.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from typing import Final, NamedTuple

from models.dates import possible_dates
from models.folding import folded
from models.text import is_spaceless, words
from models.word_dates import find_word_date
from pipelines.extraction.blocks import Outline
from pipelines.extraction.spans import Spans, above, apart, text_words

_OWN: Final = 45  # words of the page's own story
_OTHER: Final = 25  # of another
_HEADINGS: Final = ("h1", "h2")
_LONGER: Final = 3  # times the first; more is the page's own, below a short introduction
_HEAD: Final = 4  # pieces below a heading, among which it is signed
_SIGNATURE: Final = 14  # words of a line that names a writer and a day
_NAME: Final = 3  # letters beside the day, that are a name
_NAME_WORDS: Final = 2  # beside a day; one may be that of the week
_PARTS: Final = re.compile(r"\s*[|·•,،、，/—–]\s*|\s-\s")
_POSTS: Final = 3  # such headings, from which on times of one day make a live blog


class _Signed(NamedTuple):
    """What stands below a heading."""

    day: str  # ISO; empty without a date
    named: bool  # with words beside the date: of a writer


def parted_stories(outline: Outline, spans: Spans, own: int) -> list[tuple[int, int]]:
    """The ranges of pieces of further stories below the one with the headline `own`."""
    pieces, containers = outline
    if own < 0:
        return []
    told = text_words(outline, spans)
    lines = [number for number, container in enumerate(containers) if container.tag == "hr"]
    first = _signed(outline, spans, own)
    found: list[tuple[int, int]] = []
    days: list[str] = []
    for i in range(own + 1, len(pieces)):
        if containers[pieces[i].container].tag not in _HEADINGS or (found and i < found[-1][1]):
            continue
        if told[i] - told[own + 1] < _OWN:
            continue
        signed = _signed(outline, spans, i)
        if not signed.day or not (signed.named or first.day):
            continue
        start, stop = _parted(outline, spans, lines, own, i)
        before, inside = told[start] - told[own + 1], told[stop] - told[start]
        if before >= _OWN and _OTHER <= inside <= _LONGER * before:
            found.append((start, stop))
            days.append(signed.day)
    if len(found) >= _POSTS and set(days) == {first.day or days[0]}:
        return []
    return found


def _signed(outline: Outline, spans: Spans, heading: int) -> _Signed:
    """The day and the name between a heading and its text."""
    day, named = "", False
    for i in range(heading + 1, min(heading + 1 + _HEAD, len(outline.pieces))):
        text = apart(outline.pieces[i].text)
        if spans.sizes[i] > _SIGNATURE or spans.ends[i]:
            break
        if any(map(str.isdigit, text)) and (dates := possible_dates(text)):
            day = day or dates[0].at.date().isoformat()
            named = named or _says_more(text)
        else:
            named = named or sum(map(str.isalpha, text)) >= _NAME
    return _Signed(day, named)


def _says_more(text: str) -> bool:
    """Whether a line names somebody beside its day: in a part of its own, or in more words."""
    if any(sum(map(str.isalpha, part)) >= _NAME and not any(map(str.isdigit, part))
           for part in _PARTS.split(text)):  # fmt: skip
        return True
    plain = folded(text)
    day = find_word_date(plain, None)
    rest = words(plain[: day.start] + " " + plain[day.end :] if day else plain)
    letters = [word for word in rest if not any(map(str.isdigit, word))]
    unspaced = sum(len(word) == 1 and is_spaceless(word) for word in letters)
    return len(letters) - unspaced >= _NAME_WORDS or unspaced >= 2 * _NAME


def _parted(
    outline: Outline, spans: Spans, lines: Sequence[int], own: int, other: int
) -> tuple[int, int]:
    """The pieces of a story that a line or a box of its own parts from the first."""
    pieces = outline.pieces
    ours, path = (above(outline, pieces[i].container) for i in (own, other))
    meet = next(number for number in path if number in ours)
    if meet not in (ours[0], path[0]):
        theirs = path[path.index(meet) - 1]
        mine = ours[ours.index(meet) - 1]
        boxed = spans.stops[theirs] - other > 1 and spans.starts[theirs] >= spans.stops[mine]
        if boxed and _holds_text(outline, spans, theirs, other):
            return spans.starts[theirs], spans.stops[theirs]
    between = bisect_right(lines, pieces[other - 1].container)
    if between < len(lines) and lines[between] < pieces[other].container:
        return other, spans.stops[meet]
    return own + 1, own + 1


def _holds_text(outline: Outline, spans: Spans, box: int, heading: int) -> bool:
    told = text_words(outline, spans)
    return told[spans.stops[box]] - told[heading + 1] >= _OTHER
