"""The lowest lines of a terminal, drawn again and again; what is printed meanwhile stands above."""

import logging
import os
import select
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Final, Self, TextIO

_CLEAR: Final = "\r\x1b[J"  # from the cursor's line to the end of the screen
_UNKNOWN: Final = (80, 24)  # columns and rows of a terminal that does not know its own


class StatusScreen:
    """Lines at the bottom of a terminal.

    Between two drawings the cursor stands at the beginning of the first: so all can be cleared
    at once, however the terminal broke the lines when its width changed.
    """

    def __init__(self, stream: TextIO) -> None:
        """`stream` is a terminal."""
        self._stream = stream
        self._lock = threading.RLock()  # a thread may log
        self._is_drawn = False
        self._is_mid_line = False  # somebody printed a part of a line
        self._is_gone = False

    @classmethod
    def of(cls, stream: TextIO | None) -> Self | None:
        """None for a stream that is no terminal, or one that cannot move its cursor."""
        if stream is None or not stream.isatty() or os.environ.get("TERM", "dumb") == "dumb":
            return None
        return cls(stream)

    def draw(self, lines: Callable[[int, int], list[str]]) -> None:
        """Draws lines, made for so many columns and rows, in the place of those before.

        Not while the terminal is held (Ctrl-S) or too slow: nobody is to wait for that.
        """
        with self._lock:
            if self._is_mid_line or not (self._is_ours() and self._takes_more()):
                return
            shown = lines(*self._size())
            if not shown:
                self.clear()
                return
            up = f"\x1b[{len(shown) - 1}A" if len(shown) > 1 else ""
            self._put("\r" + "\x1b[K\r\n".join(shown) + f"\x1b[J{up}\r")
            self._is_drawn = True

    def clear(self) -> None:
        """Takes the lines away; the cursor is where they began."""
        with self._lock:
            if self._is_drawn and self._is_ours():
                self._put(_CLEAR)
            self._is_drawn = False

    @contextmanager
    def below_the_output(self) -> Iterator[None]:
        """Keeps what is printed above the lines; in the end they are gone."""
        before = sys.stdout, sys.stderr
        above = [_Above(self, one) if one is not None and one.isatty() else one for one in before]
        handlers = [
            handler
            for handler in logging.root.handlers
            if isinstance(handler, logging.StreamHandler) and handler.stream is before[1]
        ]
        sys.stdout, sys.stderr = above
        for handler in handlers:
            handler.setStream(above[1])
        try:
            yield
        finally:
            self.clear()
            sys.stdout, sys.stderr = before
            for handler in handlers:
                handler.setStream(before[1])

    def print_above(self, stream: TextIO, text: str) -> int:
        """Writes to a stream; the lines come back with the next drawing."""
        with self._lock:
            self.clear()
            written = stream.write(text)
            if text:
                self._is_mid_line = not text.endswith("\n")
            return written

    def _put(self, text: str) -> None:
        try:
            self._stream.write(text)
            self._stream.flush()
        except OSError:  # its window was closed: nobody looks on any more
            self._is_gone = True

    def _takes_more(self) -> bool:
        """Whether the terminal would show more at once; false if it is gone."""
        poll = select.poll()
        poll.register(self._stream.fileno(), select.POLLOUT)
        return not self._is_gone and [events for _, events in poll.poll(0)] == [select.POLLOUT]

    def _size(self) -> tuple[int, int]:
        size = os.get_terminal_size(self._stream.fileno())
        return size.columns or _UNKNOWN[0], size.lines or _UNKNOWN[1]

    def _is_ours(self) -> bool:
        """Whether we are in the foreground: else the terminal shows somebody else's work."""
        try:
            return os.tcgetpgrp(self._stream.fileno()) == os.getpgrp()
        except OSError:  # it is not the terminal that controls us: nobody else's either
            return True


class _Above:
    """A stream whose text stands above the lines."""

    def __init__(self, screen: StatusScreen, stream: TextIO) -> None:
        self._screen, self._stream = screen, stream

    def write(self, text: str) -> int:
        return self._screen.print_above(self._stream, text)

    def writelines(self, lines: Iterable[str]) -> None:
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)
