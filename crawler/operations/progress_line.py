"""A line on a terminal that says how far the work is."""

import sys
from time import monotonic
from typing import Final

_SHOWN: Final = 2.0  # seconds between two updates


class ProgressLine:
    """Shown on stderr if that is a terminal."""

    def __init__(self, *, is_quiet: bool) -> None:
        self._shows = sys.stderr.isatty() and not is_quiet
        self._next = monotonic() + _SHOWN

    def show(self, said: str) -> None:
        """Shows it, every few seconds."""
        if self._shows and monotonic() >= self._next:
            self._next = monotonic() + _SHOWN
            print(f"\r\x1b[K{said}", end="", file=sys.stderr, flush=True)

    def clear(self) -> None:
        """Takes the line away."""
        if self._shows:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)
