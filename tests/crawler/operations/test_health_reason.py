"""The one line of a red site: short, whole words where they fit, never more than 119 characters."""

from time import process_time

from hypothesis import given
from hypothesis import strategies as st

from crawler.operations.health_reason import LONGEST, reason_line, shortened
from crawler.operations.monitors import Alarm

DEAD = Alarm(
    "never_worked", "red",
    "never worked: 3 of 3 runs failed, last: no source could be read:"
    " https://news.example.test/feeds/politics/rss.xml?edition=international: HTTP 404", 2,
)  # fmt: skip
WALL = Alarm("refused_share", "red", "100% of 10 pages refused; usual: 0%", 7)


def test_no_alarm_is_no_line() -> None:
    assert reason_line([]) is None


def test_it_names_the_run_the_outcome_and_how_many_more_there_are() -> None:
    assert reason_line([WALL]) == "100% of 10 pages refused; usual: 0%, since run 7"
    assert reason_line([WALL, DEAD], "blocked") == (
        "100% of 10 pages refused; usual: 0%, mostly blocked, since run 7; 1 more alarm"
    )


def test_of_a_long_address_the_path_goes_and_what_follows_it_stays() -> None:
    line = reason_line([DEAD])
    assert line == (
        "never worked: 3 of 3 runs failed, last: no source could be read:"
        " https://news.example.test/…: HTTP 404, since run 2"
    )
    assert shortened(DEAD.reason, 92) == (
        "never worked: 3 of 3 runs failed, last: no source could be read: https://…: HTTP 404"
    )


@given(
    st.text(max_size=400), st.integers(0, 10**9), st.integers(1, 12),
    st.sampled_from([None, "blocked", "connection_error"]),
)  # fmt: skip
def test_a_line_is_one_line_and_short(words: str, run: int, alarms: int, mostly: str) -> None:
    line = reason_line([Alarm("x", "red", f"a {words}", run)] * alarms, mostly)
    assert line is not None
    assert len(line) <= LONGEST
    assert len(line.splitlines()) == 1
    assert not run or f"since run {run}" in line


def test_a_reason_that_quotes_a_page_of_a_site_costs_no_time() -> None:
    began = process_time()
    line = reason_line([Alarm("x", "red", "last: https://a.test/" + "." * 100_000 + "y", 3)])
    assert process_time() - began < 1
    assert line is not None and len(line) <= LONGEST
