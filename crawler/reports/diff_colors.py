"""Diffs in colour, where a person sees them."""

import os
import sys
from collections.abc import Iterable, Iterator
from typing import Final

_COLOURS: Final = {"+": "\x1b[32m", "-": "\x1b[31m", "@": "\x1b[36m"}
_FORCING: Final = ("FORCE_COLOR", "CLICOLOR_FORCE")
_PLAIN: Final = "\x1b[0m"


def whole_lines(diff: Iterable[str]) -> Iterator[str]:
    """The lines of a unified diff of texts; of a text of several lines each has its sign."""
    for part in diff:
        first, *more = part.split("\n")
        yield first
        yield from (f"{part[:1]}{line}" for line in more)


def wants_color() -> bool:
    """Whether stdout is a terminal that shows colours, or somebody forces them.

    NO_COLOR, if not empty, comes first; then FORCE_COLOR and CLICOLOR_FORCE, unless they are 0.
    """
    if os.environ.get("NO_COLOR"):
        return False
    if any(os.environ.get(name, "0") not in {"", "0"} for name in _FORCING):
        return True
    return sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


def colored(diff: Iterable[str], *, colours: bool) -> Iterator[str]:
    """The lines of a unified diff: what came green, what went red."""
    for line in whole_lines(diff):
        colour = _COLOURS.get(line[:1]) if colours else None
        yield f"{colour}{line}{_PLAIN}" if colour else line
