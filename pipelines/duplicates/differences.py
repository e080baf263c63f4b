"""What two texts that share much differ in: slots of one template, or a whole other story. Pure.

Items of a template (results of elections, forecasts, company figures) have a frame in common, and
in it other names and numbers, in many short places all over the text. Edits of one story differ
in few and longer places, and hardly ever put one number or name where another was.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Final, NamedTuple

from models.text import is_spaceless, written_words
from pipelines.duplicates.alignment import Gap, gaps

SLOT: Final = 6  # words; what is longer is a passage
RESPELT: Final = 0.6  # similarity of letters from which two words are spellings of one
# how many slots in 100 words of the frame make a template, by what is in them
WITH_FIGURES: Final = 1.5  # two figures and a name, or more
FIGURES_ALONE: Final = 2.5  # three, and more than there are in the frame
NAMES: Final = 3.0  # two names, or a name and a figure
ANY_WORDS: Final = 4.5  # three words of any sort, such as numbers spelt out
FOREIGN: Final = 0.3  # of the longer text; so large a passage may be another story
IN_FRONT: Final = 0.4  # of the longer text; a passage in front that is larger is one
FOREIGN_WORDS: Final = 60
MIXED: Final = 0.45  # of the words that come again: how many do so on both sides of a passage
ONCE: Final = 0.9  # of the runs of words in a passage; a gallery's captions repeat more
INSTEAD: Final = 0.3  # of a passage; one that stands where as much was lost is a replacement
_BRIDGE: Final = 5  # words; a shorter equal run does not end a passage
_LONG: Final = 4  # letters of a word that may say what a text is about
_RUN: Final = 5  # words
_STEM: Final = 5  # letters by which forms of a word are one


class Slots(NamedTuple):
    """Places in a frame where each of two texts has something that the other has not."""

    frame: float  # words that both have, in order
    figures: int  # places with a number on both sides
    names: int  # with a capital on both sides; in a script without capitals, with any words
    words: int  # all others
    values: int  # different pairs of what is in them
    kept_figures: int  # numbers in the frame
    cased: bool  # whether a capital says something

    @property
    def total(self) -> int:
        """All of them."""
        return self.figures + self.names + self.words

    @property
    def of_a_template(self) -> bool:
        """Whether these are a template's slots, and not the places of an edit."""
        marks = self.figures + self.names
        dense = self._in_100_words(marks)
        if self.figures >= 2 and self.names and dense >= WITH_FIGURES:
            return True
        if self.figures >= 3 and self.figures > self.kept_figures and dense >= FIGURES_ALONE:
            return True
        # without capitals any replaced word looks like a name, so it takes a figure besides
        named = self.names > 0 and (self.cased or self.figures > 0)
        return named and min(marks, self.values) >= 2 and dense >= NAMES

    @property
    def may_be_of_a_template(self) -> bool:
        """Whether so many words are others that only the same title speaks for an edit."""
        many = self.values >= 3 and self.total > self.kept_figures
        return many and self._in_100_words(self.total) >= ANY_WORDS

    def _in_100_words(self, count: int) -> float:
        return 100 * count / max(1.0, self.frame)


class _Passage(NamedTuple):
    """A part of the longer text, and how many words the shorter has there instead."""

    start: int
    end: int
    lost: int

    @property
    def gained(self) -> int:
        """How many words the longer text has more."""
        return self.end - self.start - self.lost


class _Text:
    """A text's words as they are written, and folded."""

    def __init__(self, text: str) -> None:
        self.written = written_words(text)
        self.folded = [word.casefold() for word in self.written]
        self._joined = f" {' '.join(self.folded)} "

    def has(self, words: Sequence[str]) -> bool:
        """Whether these words stand in it one after another."""
        return f" {' '.join(words)} " in self._joined

    @property
    def cased(self) -> bool:
        """Whether its script has small letters."""
        return any(word[0].islower() for word in self.written)


class Differences:
    """The shorter of two texts and the longer, aligned."""

    def __init__(self, short: str, long: str) -> None:
        self._short, self._long = _Text(short), _Text(long)
        self._gaps = gaps(self._short.folded, self._long.folded)

    @property
    def slots(self) -> Slots:
        """The places of a few words where the texts differ."""
        cased = self._short.cased and self._long.cased
        kinds: Counter[str] = Counter()
        values = set()
        for gap in self._gaps:
            one = self._short.folded[gap.a_start : gap.a_end]
            other = self._long.folded[gap.b_start : gap.b_end]
            if not self._is_slot(one, other):
                continue
            if _figures(one) and _figures(other):
                kind = "figures" if _figures(one) != _figures(other) else None
            elif _ratio(one, other) >= RESPELT:
                kind = None
            else:
                kind = "names" if not cased or self._is_named(gap) else "words"
            if kind is not None:
                kinds[kind] += 1
                values.add((*one, "", *other))
        frame = list(self._frame())
        return Slots(
            frame=_size(frame),
            figures=kinds["figures"],
            names=kinds["names"],
            words=kinds["words"],
            values=len(values),
            kept_figures=len(_figures(frame)),
            cased=cased,
        )

    @property
    def holds_another_story(self) -> bool:
        """Whether a large connected part of the longer text is about something else.

        So is the beginning of a page whose later part is the shorter text. Another passage may be
        what the shorter text has lost: it is foreign where the words that the text says again
        hardly ever come on both sides of it.
        """
        words = self._long.folded
        start, end = self._largest_passage()
        passage, rest = words[start:end], words[:start] + words[end:]
        share = (end - start) / max(1, len(words))
        if start <= _BRIDGE and share > IN_FRONT:
            return True
        if _size(passage) < FOREIGN_WORDS or share < FOREIGN:
            return False
        return _is_prose(passage) and _mixing(_told(rest), _told(passage)) < MIXED

    def _is_slot(self, one: Sequence[str], other: Sequence[str]) -> bool:
        """Whether both texts have a few words there, and one of them nowhere else."""
        if not (0 < _size(one) <= SLOT and 0 < _size(other) <= SLOT):
            return False
        return not (self._long.has(one) and self._short.has(other))

    def _is_named(self, gap: Gap) -> bool:
        sides = (
            self._short.written[gap.a_start : gap.a_end],
            self._long.written[gap.b_start : gap.b_end],
        )
        return all(any(word[0].isupper() for word in side) for side in sides)

    def _frame(self) -> Iterator[str]:
        """The words of the shorter text that the longer has, too, in order."""
        at = 0
        for gap in self._gaps:
            yield from self._short.folded[at : gap.a_start]
            at = gap.a_end
        yield from self._short.folded[at:]

    def _largest_passage(self) -> tuple[int, int]:
        """Where the longer text has most of its own, in words of it: half-open."""
        passages: list[_Passage] = []
        for gap in self._gaps:
            start, lost = gap.b_start, gap.a_end - gap.a_start
            if passages and gap.b_start - passages[-1].end < _BRIDGE:
                start, lost = passages[-1].start, lost + passages.pop().lost
            passages.append(_Passage(start, gap.b_end, lost))
        most = max(passages, key=lambda passage: passage.gained, default=_Passage(0, 0, 0))
        return (most.start, most.end) if most.lost < INSTEAD * most.gained else (0, 0)


def _size(words: Sequence[str]) -> float:
    """How many words they are; two characters of a script without spaces count as one."""
    return sum(0.5 if is_spaceless(word[0]) else 1.0 for word in words)


def _figures(words: Sequence[str]) -> list[str]:
    return [word for word in words if any(char.isnumeric() for char in word)]


def _ratio(one: Sequence[str], other: Sequence[str]) -> float:
    """How alike two places are by their letters, 0..1."""
    return SequenceMatcher(None, "".join(one), "".join(other), autojunk=False).ratio()


def _told(words: Sequence[str]) -> Counter[str]:
    """What says what a text is about: beginnings of long words, pairs of signs without spaces."""
    pairs = (
        one + other
        for one, other in pairwise(words)
        if is_spaceless(one[0]) and is_spaceless(other[0])
    )
    return Counter(word[:_STEM] for word in words if len(word) >= _LONG) + Counter(pairs)


def _mixing(one: Counter[str], other: Counter[str]) -> float:
    """How many words that come again do so in both parts; 1 where as many as if they were mixed.

    A word that a text has n times is in both of its parts by chance unless all n are in one.
    """
    both = one + other
    share = other.total() / max(1, both.total())
    again = {word: count for word, count in both.items() if count > 1}
    by_chance = sum(
        _weight(word) * (1 - share**count - (1 - share) ** count) for word, count in again.items()
    )
    found = sum(_weight(word) for word in again if one[word] and other[word])
    return found / by_chance if by_chance else 1.0


def _is_prose(words: Sequence[str]) -> bool:
    """Whether words are told once: what says the same runs of words again is no story."""
    runs = list(zip(*(words[at:] for at in range(_RUN)), strict=False))
    return len(set(runs)) >= ONCE * len(runs)


def _weight(word: str) -> int:
    return max(1, len(word) - _LONG + 1)
