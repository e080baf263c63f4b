"""Lines at the bottom of a terminal: what is printed meanwhile stands above them, whole."""

import contextlib
import fcntl
import io
import logging
import os
import struct
import sys
import termios
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from crawler.reports.status_screen import StatusScreen
from tests.support.terminal import Screen


class Terminal:
    """A pty, and a stream that writes to it."""

    def __init__(self, columns: int = 40) -> None:
        self._ours, theirs = os.openpty()
        self.size(columns)
        self.stream = os.fdopen(theirs, "w", buffering=1)
        self.screen = Screen(columns)

    def size(self, columns: int, rows: int = 10) -> None:
        fcntl.ioctl(self._ours, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    @property
    def shown(self) -> list[str]:
        self.stream.flush()
        os.set_blocking(self._ours, False)
        try:
            while True:
                self.screen.feed(os.read(self._ours, 65_536).decode())
        except BlockingIOError:
            return self.screen.shown

    def hang_up(self) -> None:
        os.close(self._ours)
        self._ours = os.open(os.devnull, os.O_RDONLY)

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self.stream.close()
        os.close(self._ours)


@contextmanager
def terminal_as_stderr(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Terminal, StatusScreen]]:
    terminal = Terminal()
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr("sys.stderr", terminal.stream)
    monkeypatch.setattr("sys.stdout", terminal.stream)
    screen = StatusScreen.of(terminal.stream)
    assert screen is not None
    try:
        yield terminal, screen
    finally:
        terminal.close()


def put(screen: StatusScreen, *lines: str) -> None:
    screen.draw(lambda _columns, _rows: list(lines))


def test_lines_are_drawn_in_place_and_cleared(monkeypatch: pytest.MonkeyPatch) -> None:
    with terminal_as_stderr(monkeypatch) as (terminal, screen):
        sys.stdout.write("before\n")
        put(screen, "1 of 3", "  one", "  two")
        assert terminal.shown == ["before", "1 of 3", "  one", "  two"]
        assert (terminal.screen.row, terminal.screen.column) == (1, 0)
        put(screen, "2 of 3", "  o")
        assert terminal.shown == ["before", "2 of 3", "  o"]
        put(screen)
        assert terminal.shown == ["before"]
        put(screen, "3 of 3")
        screen.clear()
        screen.clear()
        assert terminal.shown == ["before"]


def test_what_is_printed_meanwhile_stands_above(monkeypatch: pytest.MonkeyPatch) -> None:
    with terminal_as_stderr(monkeypatch) as (terminal, screen):
        handler = logging.StreamHandler(sys.stderr)
        logging.root.addHandler(handler)
        try:
            with screen.below_the_output():
                put(screen, "1 of 3", "  one")
                sys.stdout.write("a result\n")
                assert terminal.shown == ["a result"]
                put(screen, "2 of 3", "  two")
                logging.getLogger("x").warning("log")
                sys.stderr.writelines(["two\n", "more\n"])
                put(screen, "3 of 3")
                assert terminal.shown == ["a result", "log", "two", "more", "3 of 3"]
            assert sys.stderr is sys.stdout is terminal.stream
            assert handler.stream is terminal.stream
            assert terminal.shown == ["a result", "log", "two", "more"]
        finally:
            logging.root.removeHandler(handler)


def test_half_a_line_is_not_written_over(monkeypatch: pytest.MonkeyPatch) -> None:
    with terminal_as_stderr(monkeypatch) as (terminal, screen), screen.below_the_output():
        sys.stderr.write("half ")
        put(screen, "1 of 3")
        assert terminal.shown == ["half"]
        sys.stderr.write("a line\n")
        put(screen, "1 of 3")
        assert terminal.shown == ["half a line", "1 of 3"]


def test_a_fault_leaves_a_clean_screen_and_the_streams(monkeypatch: pytest.MonkeyPatch) -> None:
    with terminal_as_stderr(monkeypatch) as (terminal, screen):
        with pytest.raises(ZeroDivisionError), screen.below_the_output():
            put(screen, "1 of 3", "  one")
            raise ZeroDivisionError
        assert terminal.shown == [""]
        assert sys.stderr is terminal.stream


def test_lines_are_made_for_the_size_that_the_terminal_has_now(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with terminal_as_stderr(monkeypatch) as (terminal, screen):
        asked: list[tuple[int, int]] = []
        for columns, rows in ((40, 10), (20, 5), (0, 0)):
            terminal.size(columns, rows)
            screen.draw(lambda *size: asked.append(size) or [])
        assert asked == [(40, 10), (20, 5), (80, 24)]


def test_nothing_is_drawn_in_the_background(monkeypatch: pytest.MonkeyPatch) -> None:
    with terminal_as_stderr(monkeypatch) as (terminal, screen):
        put(screen, "1 of 3")
        monkeypatch.setattr("os.tcgetpgrp", lambda _fd: os.getpgrp() + 1)
        put(screen, "2 of 3")
        screen.clear()
        assert terminal.shown == ["1 of 3"]


def test_a_terminal_that_is_held_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    with terminal_as_stderr(monkeypatch) as (terminal, screen):
        termios.tcflow(terminal.stream.fileno(), termios.TCOOFF)  # as Ctrl-S does
        put(screen, "1 of 3")
        termios.tcflow(terminal.stream.fileno(), termios.TCOON)
        assert terminal.shown == [""]
        put(screen, "2 of 3")
        assert terminal.shown == ["2 of 3"]


def test_a_terminal_that_was_closed_stops_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    with terminal_as_stderr(monkeypatch) as (terminal, screen), screen.below_the_output():
        put(screen, "1 of 3")
        assert terminal.shown == ["1 of 3"]
        terminal.hang_up()
        screen.clear()
        put(screen, "2 of 3")


def test_only_a_terminal_that_can_move_its_cursor_has_one(monkeypatch: pytest.MonkeyPatch) -> None:
    with terminal_as_stderr(monkeypatch) as (terminal, _):
        assert StatusScreen.of(io.StringIO()) is None
        assert StatusScreen.of(None) is None
        monkeypatch.setenv("TERM", "dumb")
        assert StatusScreen.of(terminal.stream) is None
        monkeypatch.delenv("TERM")
        assert StatusScreen.of(terminal.stream) is None


def test_what_is_no_terminal_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    with terminal_as_stderr(monkeypatch) as (terminal, screen):
        pipe = io.StringIO()
        monkeypatch.setattr("sys.stdout", pipe)
        with screen.below_the_output():
            put(screen, "1 of 3")
            assert sys.stdout is pipe
            sys.stdout.write("a result\n")
            assert terminal.shown == ["1 of 3"]
        assert pipe.getvalue() == "a result\n"
