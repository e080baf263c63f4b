"""How progress is shown on a terminal, and in a log."""

import sys

import pytest

from crawler.extensions import progress_line
from crawler.extensions.progress_line import PLAIN, TERMINAL, ProgressLine


def made(monkeypatch: pytest.MonkeyPatch, *, terminal: bool) -> ProgressLine:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: terminal)
    monkeypatch.setenv("COLUMNS", "8")
    return ProgressLine()


def test_a_log_has_a_plain_line_each_time(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    line = made(monkeypatch, terminal=False)
    assert line.every == PLAIN
    line.show("twelve of 20 pages")
    line.clear()
    assert capsys.readouterr().err == "twelve of 20 pages\n"


def test_on_a_terminal_it_stays_one_line_and_goes(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    line = made(monkeypatch, terminal=True)
    assert line.every == TERMINAL
    line.show("twelve of 20 pages")
    line.clear()
    assert capsys.readouterr().err == "\r\x1b[Ktwelve \r\x1b[K"


def test_it_is_due_once_in_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr(progress_line, "monotonic", lambda: now)
    line = made(monkeypatch, terminal=False)
    assert not line.is_due()
    now += PLAIN
    assert line.is_due() and not line.is_due()
