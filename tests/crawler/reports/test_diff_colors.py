"""Diffs in colour, where a person sees them."""

from crawler.reports.diff_colors import colored, whole_lines

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
