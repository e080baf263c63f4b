"""What a round of visits is at, in lines that fit whatever terminal there is."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.reports.live_status import (
    LINES,
    LiveStatus,
    RunningVisit,
    lines,
    seconds_left,
    usual_seconds,
)

SECONDS = st.floats(0, 400_000)
VISITS = st.lists(
    st.builds(RunningVisit, st.text(max_size=120), SECONDS, st.none() | SECONDS), max_size=40
)


@st.composite
def statuses(draw: st.DrawFn) -> LiveStatus:
    running = tuple(draw(VISITS))
    done = draw(st.integers(0, 30_000))
    failed = draw(st.integers(0, done))
    return LiveStatus(
        sites=done + len(running) + draw(st.integers(0, 30_000)),
        done=done,
        failed=failed,
        red=draw(st.integers(0, done - failed)),
        seconds=draw(SECONDS),
        running=running,
        left=draw(st.none() | SECONDS),
        stopping=draw(st.booleans()),
    )


@given(statuses(), st.integers(1, 300), st.integers(0, 60))
def test_no_line_is_as_wide_as_the_terminal_and_numbers_are_whole(
    status: LiveStatus, columns: int, rows: int
) -> None:
    shown = lines(status, columns, rows)
    assert len(shown) <= min(rows, LINES + 1)
    assert all(len(line) < columns for line in shown)
    assert all(line.isascii() and line.isprintable() for line in shown)
    first = f"{status.done} of {status.sites} done"
    if len(first) < columns and rows:
        assert shown[0].startswith(first)
        for what, number in (("failed", status.failed), ("red", status.red)):
            assert re.findall(rf"(\d+) {what}\b", shown[0]) in ([], [str(number)])
    else:
        assert shown == []
    if shown and columns >= 40 and rows > LINES:
        hidden = [
            int(number) for line in shown for number in re.findall(r"^  and (\d+) more$", line)
        ]
        sites = len(shown) - 1 - len(hidden)
        assert sites + sum(hidden) == len(status.running)


@given(VISITS, st.lists(st.none() | SECONDS, max_size=40), st.integers(1, 50))
def test_an_end_is_foretold_from_what_is_known(
    running: list[RunningVisit], waiting: list[float | None], jobs: int
) -> None:
    left = seconds_left(running, waiting, jobs)
    known = [*(visit.usual for visit in running), *waiting]
    if left is None:
        few = sum(usual is not None for usual in known) < 0.8 * len(known) or not known
        assert few or any(visit.is_slow for visit in running)
    else:
        longest = max([usual for usual in waiting if usual is not None], default=0.0)
        assert left >= longest


STATUS = LiveStatus(
    sites=500,
    done=38,
    failed=2,
    red=1,
    seconds=250.4,
    running=(
        RunningVisit("calm", 31.0, 30.0),
        RunningVisit("herald", 75.9, 12.0),
        RunningVisit("fresh", 3700.0, None),
    ),
    left=700.0,
)


def test_a_person_reads_how_far_it_is_what_runs_and_what_is_slow() -> None:
    assert lines(STATUS, 80, 24) == [
        "38 of 500 done, 2 failed, 1 red, 1 slow, 3 running, 4:10, about 12 min left",
        "  herald  1:15  slow, usually 0:12",
        "  fresh  1:01:40",
        "  calm  0:31",
    ]


def test_a_narrow_terminal_shows_what_matters_most() -> None:
    assert lines(STATUS, 30, 24) == [
        "38 of 500 done, 2 failed", "  herald  1:15  slow", "  fresh  1:01:40", "  calm  0:31",
    ]  # fmt: skip
    long = replace(STATUS, running=(RunningVisit("a-paper-of-a-small-town", 5.0, None),))
    assert lines(long, 20, 24) == ["38 of 500 done", "  a-paper-...  0:05"]
    assert lines(STATUS, 15, 24)[0] == "38 of 500 done"
    assert lines(STATUS, 14, 24) == []


def test_a_low_terminal_and_many_visits_say_how_many_more_there_are() -> None:
    many = replace(STATUS, running=tuple(RunningVisit(f"s{n}", n, None) for n in range(32)))
    shown = lines(many, 80, 24)
    assert shown[1:3] == ["  s31  0:31", "  s30  0:30"]
    assert (len(shown), shown[-1]) == (LINES + 1, "  and 25 more")
    assert lines(many, 80, 3)[1:] == ["  s31  0:31", "  and 31 more"]
    assert len(lines(many, 80, 1)) == 1


def test_a_name_cannot_move_the_cursor() -> None:
    evil = replace(STATUS, running=(RunningVisit("a\x1b[2J\r\u4e2d", 5.0, None),))
    assert lines(evil, 80, 24)[1] == "  a?[2J??  0:05"


@pytest.mark.parametrize(
    ("seconds", "usual", "is_slow"),
    [
        (1000.0, None, False), (24.0, 12.0, False), (24.1, 12.0, True), (9.0, 1.0, False),
        (11.1, 1.0, True), (119.0, 60.0, False), (121.0, 60.0, True),
    ],
)  # fmt: skip
def test_slow_is_what_takes_far_longer_than_usual(
    seconds: float, usual: float | None, is_slow: bool
) -> None:
    assert RunningVisit("x", seconds, usual).is_slow is is_slow


def test_few_earlier_visits_tell_nothing() -> None:
    assert usual_seconds([1, 2, 3, 400]) is None
    assert usual_seconds([1, 2, 3, 400, 2]) == 2
    assert usual_seconds([]) is None


def test_the_end_is_foretold_only_where_the_sites_are_known() -> None:
    running = [RunningVisit("a", 4.0, 10.0), RunningVisit("b", 30.0, 25.0)]
    assert seconds_left(running, [20.0] * 10, jobs=2) == pytest.approx((6 + 200) / 2)
    assert seconds_left(running, [20.0] * 10, jobs=2, pace=2.0) == pytest.approx(
        (16 + 20 + 400) / 2
    )
    assert seconds_left(running, [20.0] * 8 + [None] * 2, jobs=2) is not None
    assert seconds_left(running, [20.0] * 7 + [None] * 3, jobs=2) is None
    assert seconds_left([RunningVisit("a", 90.0, 10.0)], [20.0] * 10, jobs=2) is None
    assert seconds_left([], [], jobs=2) is None
    assert seconds_left([], [90.0, 1.0], jobs=9) == 90.0, "the longest is waited for"


@pytest.mark.parametrize(
    ("left", "said"),
    [(None, ""), (4.0, ""), (6.0, "about 10 s left"), (44.0, "about 40 s left"),
     (100.0, "about 2 min left"), (7500.0, "about 2 h left"), (5400.0, "about 1 h 30 min left")],
)  # fmt: skip
def test_an_estimate_is_as_rough_as_it_is(left: float | None, said: str) -> None:
    shown = lines(replace(STATUS, left=left), 120, 24)[0]
    assert shown.partition("4:10")[2].removeprefix(", ") == said
    assert "left" not in lines(replace(STATUS, left=left, stopping=True), 120, 24)[0]
