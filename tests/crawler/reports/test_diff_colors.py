"""Diffs in colour, where a person sees them."""

import pytest

from crawler.reports.diff_colors import colored, wants_color, whole_lines

DIFF = ["--- was", "+++ now", "@@ -1 +1 @@", "-old", "+new", " same", ""]


def test_what_came_is_green_and_what_went_is_red() -> None:
    shown = dict(zip(DIFF, colored(DIFF, colours=True), strict=True))
    assert shown["+new"] == "\x1b[32m+new\x1b[0m"
    assert shown["-old"] == "\x1b[31m-old\x1b[0m"
    assert shown["@@ -1 +1 @@"].startswith("\x1b[36m")
    assert (shown[" same"], shown[""]) == (" same", "")


def test_each_line_of_a_text_has_its_sign() -> None:
    diff = ["-Town Ice\nPort 3 cm", " same\ntwice", "+new"]
    assert list(whole_lines(diff)) == ["-Town Ice", "-Port 3 cm", " same", " twice", "+new"]
    assert list(colored(diff, colours=False)) == list(whole_lines(diff))
    assert "\x1b[31m-Port 3 cm\x1b[0m" in colored(diff, colours=True)


def test_without_colours_a_diff_stays_as_it_is() -> None:
    assert list(colored(DIFF, colours=False)) == DIFF


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
    monkeypatch.setattr("sys.stdout.isatty", lambda: terminal)
    for name in ("NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE", "TERM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert wants_color() is wanted
