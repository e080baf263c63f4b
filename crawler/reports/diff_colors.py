"""Diffs in colour, where a person sees them."""

from collections.abc import Iterable, Iterator
from typing import Final

from crawler.reports.colors import CYAN, GREEN, RED, in_color

_COLOURS: Final = {"+": GREEN, "-": RED, "@": CYAN}


def whole_lines(diff: Iterable[str]) -> Iterator[str]:
    """The lines of a unified diff of texts; of a text of several lines each has its sign."""
    for part in diff:
        first, *more = part.split("\n")
        yield first
        yield from (f"{part[:1]}{line}" for line in more)


def colored(diff: Iterable[str], *, colours: bool) -> Iterator[str]:
    """The lines of a unified diff: what came green, what went red."""
    for line in whole_lines(diff):
        yield in_color(line, _COLOURS.get(line[:1]) if colours else None)
