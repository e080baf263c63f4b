"""Colours for people, where they want them; tables stay aligned and lines stay what they are."""

import io
import re

import pytest

from crawler.reports.colors import CYAN, fault_in_color, in_color, state, wants_color
from crawler.reports.text_tables import rows_as_text


class Screen(io.StringIO):
    """A stream that is a terminal, or none."""

    def __init__(self, terminal: bool = True) -> None:
        super().__init__()
        self._terminal = terminal

    def isatty(self) -> bool:
        return self._terminal


@pytest.mark.parametrize(
    ("terminal", "variables", "wanted"),
    [
        (True, {}, True),
        (False, {}, False),
        (True, {"NO_COLOR": "1"}, False),
        (True, {"NO_COLOR": ""}, True),
        (True, {"TERM": "dumb"}, False),
        (False, {"FORCE_COLOR": "1"}, True),
        (False, {"CLICOLOR_FORCE": "1"}, True),
        (False, {"FORCE_COLOR": "0", "CLICOLOR_FORCE": ""}, False),
        (True, {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
    ],
)
def test_colours_are_for_a_terminal_whose_owner_wants_them(
    monkeypatch: pytest.MonkeyPatch, terminal: bool, variables: dict[str, str], wanted: bool
) -> None:
    stream = Screen(terminal)
    for name in ("NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE", "TERM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert wants_color(stream) is wanted
    monkeypatch.setattr("sys.stdout", stream)
    assert wants_color() is wanted


def plain(text: str) -> str:
    return re.sub(r"\x1b\[\d*m", "", text)


def test_a_state_has_its_colour_and_another_word_none() -> None:
    words = ("ok", "warn", "red", "done", "running", "failed", "aborted", "imported", "disabled")
    assert all(state(word) != word and plain(state(word)) == word for word in words)
    assert (state("ok"), state("red")) == ("\x1b[32mok\x1b[0m", "\x1b[31mred\x1b[0m")
    assert (state("okay"), state("")) == ("okay", "")
    assert (in_color("", CYAN), in_color("x", None)) == ("", "x")


def test_colours_take_no_room_in_a_table() -> None:
    rows = [
        {"site": "one", "state": "ok", "reason": "ok"},
        {"site": "a-long-one", "state": "disabled", "reason": "why"},
        {"site": "x", "state": "", "reason": ""},
    ]
    table = rows_as_text(rows, "state")
    assert plain(table).splitlines() == [
        "site        state     reason",
        "one         ok        ok",
        "a-long-one  disabled  why",
        "x",
    ]
    assert plain(table) == rows_as_text(rows)
    assert table.count("\x1b[0m") == 2, "neither the heading nor another column"
    last = rows_as_text([{"site": "one", "state": "ok"}, {"site": "b", "state": "red"}], "state")
    assert not any(line.endswith(" ") for line in plain(last).splitlines())


@pytest.mark.parametrize(
    ("line", "red"),
    [
        ("scrapy visit: no site: x", "scrapy visit:"),
        ("winnow visit: error: invalid choice: 'x'\n", "winnow visit: error:"),
        ("http://a.example is away", ""),
        ("no colon", ""),
    ],
)
def test_who_tells_a_fault_is_red_on_the_stream_that_it_goes_to(
    monkeypatch: pytest.MonkeyPatch, line: str, red: str
) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE", "TERM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("sys.stdout", Screen(terminal=False))
    shown = fault_in_color(line, Screen())
    assert plain(shown) == line
    assert shown == (line.replace(red, f"\x1b[31m{red}\x1b[0m", 1) if red else line)
    assert fault_in_color(line, Screen(terminal=False)) == line
    assert fault_in_color(line, None) == line
    monkeypatch.setenv("NO_COLOR", "1")
    assert fault_in_color(line, Screen()) == line
