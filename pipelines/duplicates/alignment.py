"""Where two texts differ: their tokens aligned, in time near to linear in their lengths. Pure."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Final, NamedTuple

_RUNS: Final = (5, 2, 1)  # tokens of the runs by which texts are aligned, the longest first
_SMALL: Final = 1_600  # pairs of tokens; what is smaller is aligned token by token


class Gap(NamedTuple):
    """A place where two texts differ: what each has there, as half-open ranges of tokens."""

    a_start: int
    a_end: int
    b_start: int
    b_end: int

    @property
    def pairs(self) -> int:
        """How many pairs of tokens it has: what comparing each with each would take."""
        return (self.a_end - self.a_start) * (self.b_end - self.b_start)


def gaps(a: Sequence[str], b: Sequence[str]) -> list[Gap]:
    """The places where two token lists differ, in order. Between two of them, they are equal."""
    return list(_within(a, b, Gap(0, len(a), 0, len(b)), 0))


def _within(a: Sequence[str], b: Sequence[str], whole: Gap, level: int) -> Iterator[Gap]:
    """The differences within a place: by runs that both have there once, then between those."""
    gap = _trimmed(a, b, whole)
    if not gap.pairs:
        if gap.a_start < gap.a_end or gap.b_start < gap.b_end:
            yield gap
    elif gap.pairs <= _SMALL:
        yield from _token_by_token(a, b, gap)
    elif level == len(_RUNS):
        yield gap
    else:
        at, to = gap.a_start, gap.b_start
        for in_a, in_b in _anchors(a, b, gap, _RUNS[level]):
            yield from _within(a, b, Gap(at, in_a, to, in_b), level + 1)
            at, to = in_a, in_b
        yield from _within(a, b, Gap(at, gap.a_end, to, gap.b_end), level + 1)


def _trimmed(a: Sequence[str], b: Sequence[str], gap: Gap) -> Gap:
    """The place without what is equal at its beginning and at its end."""
    a_start, a_end, b_start, b_end = gap
    while a_start < a_end and b_start < b_end and a[a_start] == b[b_start]:
        a_start, b_start = a_start + 1, b_start + 1
    while a_start < a_end and b_start < b_end and a[a_end - 1] == b[b_end - 1]:
        a_end, b_end = a_end - 1, b_end - 1
    return Gap(a_start, a_end, b_start, b_end)


def _token_by_token(a: Sequence[str], b: Sequence[str], gap: Gap) -> Iterator[Gap]:
    a_part, b_part = a[gap.a_start : gap.a_end], b[gap.b_start : gap.b_end]
    for tag, *ends in SequenceMatcher(None, a_part, b_part, autojunk=False).get_opcodes():
        if tag != "equal":
            one, other = gap.a_start, gap.b_start
            yield Gap(ends[0] + one, ends[1] + one, ends[2] + other, ends[3] + other)


def _anchors(a: Sequence[str], b: Sequence[str], gap: Gap, size: int) -> list[tuple[int, int]]:
    """Where runs of so many tokens begin that both have once in the place, in both texts' order."""
    in_a = _once(a, gap.a_start, gap.a_end, size)
    in_b = _once(b, gap.b_start, gap.b_end, size)
    return _longest_rising([(at, in_b[run]) for run, at in in_a.items() if run in in_b])


def _once(words: Sequence[str], start: int, end: int, size: int) -> dict[tuple[str, ...], int]:
    """Each run that begins once in the range, and where, in order."""
    found: dict[tuple[str, ...], int] = {}
    for at in range(start, end - size + 1):
        run = tuple(words[at : at + size])
        found[run] = -1 if run in found else at
    return {run: at for run, at in found.items() if at >= 0}


def _longest_rising(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The most pairs whose second members rise as their first do (patience sorting)."""
    tops: list[int] = []  # the smallest last member of a rising row of each length
    ends: list[int] = []  # which pair that is
    before: list[int] = []  # for each pair, which one is before it in its row
    for index, (_, value) in enumerate(pairs):
        length = bisect_left(tops, value)
        before.append(ends[length - 1] if length else -1)
        tops[length : length + 1] = [value]
        ends[length : length + 1] = [index]
    row, index = [], ends[-1] if ends else -1
    while index >= 0:
        row.append(pairs[index])
        index = before[index]
    return row[::-1]
