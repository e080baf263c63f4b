"""A line on stderr that says how far something is: moving on a terminal, else one a minute."""

import shutil
import sys
from time import monotonic
from typing import Final

TERMINAL: Final = 0.5  # seconds between two updates
PLAIN: Final = 60.0  # seconds between two lines in a log


class ProgressLine:
    """Where progress is shown."""

    def __init__(self) -> None:
        self._terminal = sys.stderr.isatty()
        self.every = TERMINAL if self._terminal else PLAIN  # seconds
        self._next = monotonic() + self.every

    def is_due(self) -> bool:
        """Whether it is time for the next line; asks for it once."""
        now = monotonic()
        if now < self._next:
            return False
        self._next = now + self.every
        return True

    def show(self, line: str) -> None:
        """Puts the line in the place of the last, or below it."""
        if self._terminal:
            width = shutil.get_terminal_size().columns
            sys.stderr.write(f"\r\x1b[K{line[: width - 1]}")
        else:
            sys.stderr.write(f"{line}\n")
        sys.stderr.flush()

    def clear(self) -> None:
        """Removes the line from a terminal, before the result is printed."""
        if self._terminal:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
