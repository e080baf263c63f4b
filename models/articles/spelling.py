"""Whether words that took the place of others are the same words, spelt better. Pure.

A word list would have to know every language and every name. What is known without one: how far
two spellings are apart, in which part of the word, and whether the text itself uses one of them
elsewhere. One letter makes *illegal* of *legal*, *setenta* of *sesenta*, *Meyer* of *Meier*, so
whatever is doubtful counts as another word.
"""

import unicodedata
from collections.abc import Collection, Sequence
from typing import Final, NamedTuple

from models import text as texts

MOST: Final = 3  # places; who changes more has edited the text
ACCENTED: Final = 4  # letters; an accent makes another word of a shorter one: año, ano
SWAPPED: Final = 5  # letters of a word of which two neighbours changed places
SWAPPED_KNOWN: Final = 3  # the same, if the text has the new spelling elsewhere
LETTER: Final = 7  # letters of a word that had one too few or too many
LETTER_KNOWN: Final = 6
OTHER_KNOWN: Final = 8  # letters of a word of which one is another; never without the new elsewhere
_ACCENTS: Final = frozenset(
    map(chr, (*range(0x300, 0x370), *range(0x591, 0x5C8), *range(0x64B, 0x660), 0x670))
)


class _Place(NamedTuple):
    """Where two texts differ: one word for one, one for two, or two for one."""

    old: tuple[str, ...]
    new: tuple[str, ...]


class _Differences(NamedTuple):
    """Where two texts differ, and the folded words that both have elsewhere."""

    places: list[_Place]
    kept: set[str]


def only_respelt(old_title: str, new_title: str, old_text: str, new_text: str) -> bool:
    """Whether title and text are the same words in the same order, but for slips in a few."""
    title = _differences(texts.written_words(old_title), texts.written_words(new_title))
    text = _differences(texts.written_words(old_text), texts.written_words(new_text))
    if title is None or text is None:
        return False
    places = (*title.places, *text.places)
    return len(places) <= MOST and all(_is_slip(place, text.kept) for place in places)


def _differences(old: Sequence[str], new: Sequence[str]) -> _Differences | None:
    """Where two texts differ, word by word; None where whole words came or went."""
    found, at, to = _Differences([], set()), 0, 0
    while at < len(old) and to < len(new):
        if old[at].casefold() == new[to].casefold():
            found.kept.add(old[at].casefold())
            at, to = at + 1, to + 1
            continue
        place = _place(old[at : at + 2], new[to : to + 2])
        found.places.append(place)
        at, to = at + len(place.old), to + len(place.new)
        if len(found.places) > MOST:
            return None
    return found if (at, to) == (len(old), len(new)) else None


def _place(old: Sequence[str], new: Sequence[str]) -> _Place:
    """The difference that begins here: a space that came or went, or else another word."""
    if "".join(old).casefold() == new[0].casefold():
        return _Place(tuple(old), (new[0],))
    if old[0].casefold() == "".join(new).casefold():
        return _Place((old[0],), tuple(new))
    return _Place((old[0],), (new[0],))


def _is_slip(place: _Place, kept: Collection[str]) -> bool:
    """Whether it is the same word. `kept`: the folded words that both texts have elsewhere."""
    if any(char.isnumeric() for word in (*place.old, *place.new) for char in word):
        return False
    known = all(word.casefold() in kept for word in place.new)
    if len(place.old) != len(place.new):
        return known and not all(word.casefold() in kept for word in place.old)
    was, now = place.old[0].casefold(), place.new[0].casefold()
    if was in kept:
        return False  # the text has it elsewhere: a word of its own
    if _bare(was) == _bare(now):
        return len(now) >= ACCENTED and _bare(was) in (was, now)
    # a capital may be a name's, and names differ by a letter
    named = place.old[0][0].isupper() or place.new[0][0].isupper()
    return (known or not (named or _inflected(was, now, kept))) and _near(was, now, known=known)


def _near(was: str, now: str, *, known: bool) -> bool:
    """Whether two spellings differ by one slip of the hand inside the word.

    Beginnings and ends carry meaning: negation, number, tense.
    """
    size, start, end = max(len(was), len(now)), *_common_ends(was, now)
    if not start or not (end or known):
        return False
    gone, come = was[start : len(was) - end], now[start : len(now) - end]
    if len(gone) == len(come) == 2 and gone == come[::-1]:
        return size >= (SWAPPED_KNOWN if known else SWAPPED)
    if not end:
        return False
    if len(gone) + len(come) == 1:
        return size >= (LETTER_KNOWN if known else LETTER)
    return len(gone) == len(come) == 1 and known and size >= OTHER_KNOWN


def _common_ends(one: str, other: str) -> tuple[int, int]:
    """How many characters two words share at their beginnings, and then at their ends."""
    start = _shared(one, other)
    end = _shared(one[start:][::-1], other[start:][::-1])
    return start, end


def _shared(one: str, other: str) -> int:
    differ = (at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b)
    return next(differ, min(len(one), len(other)))


def _inflected(was: str, now: str, kept: Collection[str]) -> bool:
    """Whether other words of the text end in the one way and in the other: two forms, no slip."""
    start = max(0, _common_ends(was, now)[0] - 1)
    return all(any(word.endswith(end) for word in kept) for end in (was[start:], now[start:]))


def _bare(word: str) -> str:
    """The word without accents, vowel points and hamza; vowel signs of Indic scripts stay."""
    parts = unicodedata.normalize("NFD", word)
    return unicodedata.normalize("NFC", "".join(char for char in parts if char not in _ACCENTS))
