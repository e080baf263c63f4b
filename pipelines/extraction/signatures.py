"""Lines above a story that say who wrote it and when: read as metadata, they are no text."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from models.dates import possible_dates
from models.text import is_spaceless, words
from pipelines.extraction.blocks import Outline
from pipelines.extraction.spans import apart, ends_sentence, size

_LINE: Final = 16  # words of such a line
_LINES: Final = 6  # between a headline and its text
_BEFORE: Final = 2  # above the headline
_NAMED: Final = 2.0  # words beside the names: `Written by`
_DATED: Final = 6.0  # words beside names and numbers: `Published on Thursday`, the month
_LETTERS: Final = 3  # letters of a script without spaces that say as much as a word
_ZONES: Final = timedelta(days=1)  # a day at the page's place may be the next one in UTC
_HEADLINES: Final = ("h1", "h2")


def signatures(
    outline: Outline, authors: Sequence[str], days: Sequence[date], language: str | None
) -> list[int]:
    """The numbers of the lines around the headline that say no more than names and days.

    `authors` and `days` are what the page's metadata says; a line with others is text.
    """
    own = _headline(outline)
    if own < 0:
        return []
    names = [name for name in map(words, authors) if name]
    found = []
    for i in range(own + 1, min(own + 1 + _LINES, len(outline.pieces))):
        words_of_line, ends = size(outline.pieces[i]), ends_sentence(outline.pieces[i])
        if words_of_line > _LINE or (ends and words_of_line > 3):
            break
        if _signs(outline, i, [] if ends else names, days, language):
            found.append(i)
    above = range(max(0, own - _BEFORE), own)
    short = (i for i in above if size(outline.pieces[i]) <= _LINE)
    return found + [i for i in short if _signs(outline, i, [], days, language)]


def _headline(outline: Outline) -> int:
    for tag in _HEADLINES:
        for i, piece in enumerate(outline.pieces):
            if outline.containers[piece.container].tag == tag:
                return i
    return -1


def _signs(
    outline: Outline,
    i: int,
    names: Sequence[Sequence[str]],
    days: Sequence[date],
    language: str | None,
) -> bool:
    text = apart(outline.pieces[i].text)
    rest = words(text)
    named = 0
    for name in names:
        at = _position(rest, name)
        if at >= 0:
            del rest[at : at + len(name)]
            named += 1
    numbers = any(map(str.isdigit, text))
    read = [moment.at.date() for moment in (possible_dates(text, language) if numbers else ())]
    dated = any(abs(day - other) <= _ZONES for day in read for other in days)
    beside = sum(
        1 / _LETTERS if is_spaceless(word[0]) else 1
        for word in rest
        if not any(map(str.isdigit, word))
    )
    if dated:
        return beside <= _DATED
    return named > 0 and beside <= _NAMED and len(rest) <= 2 * _NAMED


def _position(tokens: Sequence[str], name: Sequence[str]) -> int:
    for at in range(len(tokens) - len(name) + 1):
        if list(tokens[at : at + len(name)]) == list(name):
            return at
    return -1
