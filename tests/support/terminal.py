"""A terminal: commands that run in one of their own, and what a person sees of what they print."""

import contextlib
import fcntl
import os
import re
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tests.support.desk import Desk

_CODE = re.compile(r"\x1b\[(?P<number>\d*)(?P<what>[AKJm])|(?P<text>[^\x1b])", re.DOTALL)


class Screen:
    """The lines that a terminal shows, with the codes that our commands write and no other.

    A line that is wider than the terminal fails: it would break into two.
    """

    def __init__(self, columns: int) -> None:
        self.columns = columns
        self.lines = [""]
        self.row = self.column = 0

    def feed(self, text: str) -> None:
        """Shows more."""
        at = 0
        while at < len(text):
            code = _CODE.match(text, at)
            assert code is not None, f"an unknown code: {text[at : at + 20]!r}"
            at = code.end()
            if code["text"]:
                self._put(code["text"])
            elif code["what"] == "A":
                self.row -= int(code["number"] or 1)
                assert self.row >= 0, "above what was printed"
            elif code["what"] in "KJ":
                self.lines[self.row] = self.lines[self.row][: self.column]
                if code["what"] == "J":
                    del self.lines[self.row + 1 :]

    @property
    def shown(self) -> list[str]:
        """All lines but empty ones at the end."""
        return "\n".join(line.rstrip() for line in self.lines).rstrip("\n").split("\n")

    def _put(self, char: str) -> None:
        if char == "\r":
            self.column = 0
        elif char == "\n":
            self.row += 1
            self.lines += [""] * (self.row + 1 - len(self.lines))
        else:
            assert char.isprintable(), repr(char)
            line = self.lines[self.row].ljust(self.column)
            self.lines[self.row] = line[: self.column] + char + line[self.column + 1 :]
            self.column += 1


class Typed:
    """A command in a terminal of its own."""

    def __init__(self, process: "subprocess.Popen[bytes]", ours: int) -> None:
        self.process, self._ours = process, ours
        self.printed = ""

    def read_until(self, happened: Callable[[str], object], seconds: float = 120.0) -> str:
        """Reads on until what was printed is enough; returns all of it."""
        deadline = time.monotonic() + seconds
        while not happened(self.printed):
            assert time.monotonic() < deadline, f"it did not happen: {self.printed!r}"
            assert self._read(1.0), f"it has ended: {self.printed!r}"
        return self.printed

    def read_all(self) -> str:
        """Reads to the end; all that was printed."""
        deadline = time.monotonic() + 120.0
        while self._read(1.0):
            assert time.monotonic() < deadline, f"no end: {self.printed!r}"
        self.process.wait(30)
        return self.printed

    def press(self, keys: bytes) -> None:
        """As a person presses them."""
        os.write(self._ours, keys)

    def resize(self, columns: int, rows: int = 24) -> None:
        """Makes the terminal wider or narrower."""
        fcntl.ioctl(self._ours, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def _read(self, seconds: float) -> bool:
        """Whether there may be more."""
        ready, _, _ = select.select([self._ours], [], [], seconds)
        if not ready:
            return True
        try:
            more = os.read(self._ours, 65_536)
        except OSError:  # Linux's way to say that the other end is closed
            return False
        self.printed += more.decode()
        return bool(more)


@contextmanager
def in_terminal(desk: Desk, *words: str, columns: int = 80, **environment: str) -> Iterator[Typed]:
    """Types `scrapy WORDS` in a terminal that controls it, as Ctrl-C needs."""
    ours, theirs = os.openpty()
    start = (
        "import fcntl, os, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0);"
        "os.execv(sys.executable, [sys.executable, '-m', 'scrapy', *sys.argv[1:]])"
    )
    fresh = {k: v for k, v in desk.environment.items() if not k.endswith(("COLOR", "COLOR_FORCE"))}
    fcntl.ioctl(ours, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    process = subprocess.Popen(
        [sys.executable, "-c", start, *words],
        env={**fresh, "TERM": "xterm", **environment},
        cwd=desk.folder,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)
    try:
        yield Typed(process, ours)
    finally:
        process.kill()
        process.wait()
        with contextlib.suppress(OSError):
            os.close(ours)
