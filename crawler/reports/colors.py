"""Colours for people: who wants them, and which a state has."""

import os
import re
import sys
from collections.abc import Mapping
from typing import Final, TextIO

RED: Final = "\x1b[31m"
GREEN: Final = "\x1b[32m"
YELLOW: Final = "\x1b[33m"
CYAN: Final = "\x1b[36m"
FAINT: Final = "\x1b[2m"
_PLAIN: Final = "\x1b[0m"
_FORCING: Final = ("FORCE_COLOR", "CLICOLOR_FORCE")
_TELLER: Final = re.compile(r"[^:]+:( error:)?(?= )")  # "scrapy visit:", "winnow visit: error:"
_STATES: Final[Mapping[str, str]] = {
    **dict.fromkeys(("ok", "done", "imported"), GREEN),
    **dict.fromkeys(("warn", "aborted"), YELLOW),
    **dict.fromkeys(("red", "failed"), RED),
    "running": CYAN,
    **dict.fromkeys(("disabled", "known"), FAINT),
}


def wants_color(stream: TextIO | None = None) -> bool:
    """Whether a stream, stdout if not told, is a terminal that shows colours, or they are forced.

    NO_COLOR, if not empty, comes first; then FORCE_COLOR and CLICOLOR_FORCE, unless they are 0.
    """
    if os.environ.get("NO_COLOR"):
        return False
    if any(os.environ.get(name, "0") not in {"", "0"} for name in _FORCING):
        return True
    asked = stream or sys.stdout
    return asked is not None and asked.isatty() and os.environ.get("TERM") != "dumb"


def in_color(text: str, color: str | None) -> str:
    """The text in a colour; None leaves it as it is."""
    return f"{color}{text}{_PLAIN}" if color and text else text


def state(word: str) -> str:
    """A site's, a run's or a line's state, in its colour; a word that is none as it is."""
    return in_color(word, _STATES.get(word))


def fault_in_color(line: str, stream: TextIO | None) -> str:
    """A line that tells a fault; where the stream shows colours, who tells it is red."""
    told = _TELLER.match(line)
    if told is None or stream is None or not wants_color(stream):
        return line
    return in_color(told[0], RED) + line[told.end() :]
