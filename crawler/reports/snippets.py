"""The part of a text that shows why it was found."""

import re
from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from typing import Final

from models.articles.search_query import Phrase, Query
from models.articles.search_terms import MOST_CHARACTERS, UNSPACED, folded, is_unspaced

WIDTH: Final = 200  # characters
_BEFORE: Final = 40  # of them before the first word found
_OTHER: Final = rf"[^\s{UNSPACED}]"  # a letter or digit of a script with spaces


@dataclass(frozen=True, slots=True)
class Snippet:
    """One line of text, and where words that were asked for stand in it."""

    text: str
    marks: tuple[tuple[int, int], ...]  # start and end, in characters of `text`

    def marked(self, before: str, after: str) -> str:
        """The text with something before and after each mark."""
        parts, at = [], 0
        for start, end in self.marks:
            parts += [self.text[at:start], before, self.text[start:end], after]
            at = end
        return "".join([*parts, self.text[at:]])


def snippet(query: Query, text: str, width: int = WIDTH) -> Snippet:
    """About `width` characters with as many of the phrases as stand together; else the start."""
    text = re.sub(r"\s+", " ", text)
    found = _found(query, text)
    start = max(0, _best(found, width) - _BEFORE)
    if start:
        space = text.find(" ", start, start + _BEFORE)
        start = start if space < 0 else space + 1
    end = min(len(text), start + width)
    if end < len(text):
        space = text.rfind(" ", end - _BEFORE, end)
        end = end if space < 0 else space
    lead, tail = "…" if start else "", "…" if end < len(text) else ""
    shift = len(lead) - start
    marks = [(a + shift, b + shift) for a, b, _ in found if start <= a and b <= end]
    return Snippet(f"{lead}{text[start:end]}{tail}", tuple(_apart(marks)))


def _found(query: Query, text: str) -> list[tuple[int, int, int]]:
    """Start, end and number of each phrase that stands in the text, in order."""
    text = text[:MOST_CHARACTERS]
    if text.isascii():
        plain, ends = folded(text), None
    else:
        letters = [_letter(letter) for letter in text]
        plain, ends = "".join(letters), list(accumulate(map(len, letters)))
    found = []
    for number, phrase in enumerate(query.wanted):
        for match in re.finditer(_pattern(phrase), plain):
            start, end = match.span()
            if ends is not None:  # of the text, in which accents are characters too
                start, end = bisect_left(ends, start + 1), bisect_left(ends, end) + 1
            found.append((start, end, number))
    return sorted(found)


@lru_cache(maxsize=4096)
def _letter(letter: str) -> str:
    return folded(letter)


def _pattern(phrase: Phrase) -> str:
    first, last = phrase.pieces[0], phrase.pieces[-1]
    parts = ["" if is_unspaced(first) else f"(?<!{_OTHER})", re.escape(first)]
    for before, after in zip(phrase.pieces, phrase.pieces[1:], strict=False):
        close = is_unspaced(before) or is_unspaced(after)
        parts += [r"\s*" if close else r"\s+", re.escape(after)]
    if not is_unspaced(last):
        parts.append(f"{_OTHER}*" if phrase.open_ended else f"(?!{_OTHER})")
    return "".join(parts)


def _best(found: list[tuple[int, int, int]], width: int) -> int:
    """The start of the place where most phrases stand together, the first of several."""
    best, most = 0, 0
    for place, (start, _, _) in enumerate(found):
        near: set[int] = set()
        for other, end, number in found[place:]:
            if other > start + width:
                break
            if end <= start + width - _BEFORE:
                near.add(number)
        if len(near) > most:
            best, most = start, len(near)
    return best


def _apart(marks: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The marks joined where they overlap."""
    joined: list[tuple[int, int]] = []
    for start, end in marks:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
