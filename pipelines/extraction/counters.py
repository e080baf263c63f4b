"""Counters of a series, `3 of 8` under its third picture: no text, in no language."""

import re
from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from pipelines.extraction.blocks import Piece

_NUMBER: Final = re.compile(r"\d+")
_LONGEST: Final = 24  # characters
_DIGITS: Final = 4  # of a number; a series has fewer members
_FEWEST: Final = 3  # members of a series that are seen


def counters(pieces: Sequence[Piece]) -> list[bool]:
    """Which pieces say `which of how many`: alike but for one number, which counts from 1 on.

    The other number is the same in all of them, and none is larger.
    """
    alike: dict[tuple[str, int, int], dict[int, list[int]]] = defaultdict(dict)
    for at, piece in enumerate(pieces):
        if len(piece.text) > _LONGEST:
            continue
        numbers = _NUMBER.findall(piece.text)
        if len(numbers) == 2 and max(map(len, numbers)) <= _DIGITS:
            shape = _NUMBER.sub("0", piece.text)
            first, second = map(int, numbers)
            for place, (which, of) in enumerate(((first, second), (second, first))):
                alike[shape, place, of].setdefault(which, []).append(at)
    found = [False] * len(pieces)
    for (_, _, of), places in alike.items():
        if (
            len(places) >= _FEWEST
            and set(places) >= set(range(1, len(places) + 1))
            and (of >= len(places))
        ):
            for at in (at for ats in places.values() for at in ats):
                found[at] = True
    return found
