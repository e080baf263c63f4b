"""When a run will be done."""

from datetime import UTC, datetime

import pytest

from crawler.extensions.finish_time import SPAN, Pace, done_at

NOW = datetime(2026, 11, 27, 14, 30, tzinfo=UTC)


def test_the_pace_is_that_of_the_last_minutes() -> None:
    pace = Pace(0.0)
    assert pace.rate == 0.0
    pace.note(8, 4.0)
    assert pace.rate == 0.0  # a first page says nothing
    pace.note(100, 10.0)
    assert pace.rate == 10.0
    for second in range(11, 1000):
        pace.note(100 + 2 * (second - 10), float(second))
    assert pace.rate == pytest.approx(2.0)


def test_with_a_line_a_minute_it_spans_as_long() -> None:
    pace = Pace(0.0)
    for minute, done in enumerate((600, 1200, 1800, 1860, 1920, 1980), 1):
        pace.note(done, 60.0 * minute)
    assert pace.rate == 180 / SPAN


@pytest.mark.parametrize(
    ("left", "rate", "said"),
    [
        (1200, 2.0, "done at 14:40 UTC"),
        (72_000, 1.0, "done at 28 Nov 10:30 UTC"),
        (0, 2.0, None),
        (10, 0.0, None),
        (10**9, 0.001, None),
    ],
)
def test_the_time_is_told_where_it_can_be(left: int, rate: float, said: str | None) -> None:
    assert done_at(left, rate, NOW) == said
