"""Diffs in colour, where a person sees them."""

import os
import sys
from collections.abc import Iterable, Iterator
from typing import Final

_COLOURS: Final = {"+": "\x1b[32m", "-": "\x1b[31m", "@": "\x1b[36m"}
_PLAIN: Final = "\x1b[0m"


def whole_lines(diff: Iterable[str]) -> Iterator[str]:
    """The lines of a unified diff of texts; of a text of several lines each has its sign."""
    for part in diff:
        first, *more = part.split("\n")
        yield first
        yield from (f"{part[:1]}{line}" for line in more)


def wants_color() -> bool:
    """Whether stdout is a terminal, and nobody has set NO_COLOR."""
    return sys.stdout.isatty() and "NO_COLOR" not in os.environ


def colored(diff: Iterable[str], *, colours: bool) -> Iterator[str]:
    """The lines of a unified diff: what came green, what went red."""
    for line in whole_lines(diff):
        colour = _COLOURS.get(line[:1]) if colours else None
        yield f"{colour}{line}{_PLAIN}" if colour else line
