"""Columns of a sparkline: their heights, their order, their words."""

import re
from datetime import date, timedelta

import pytest

from crawler.look.sparkline import HEIGHT, STEP, sparkline
from crawler.reports.daily_counts import DayCounts

DAY = date(2026, 11, 1)


def days(*counts: tuple[int, int, int]) -> list[DayCounts]:
    return [
        DayCounts(DAY + timedelta(days=n), stored=stored, refused=refused, errors=errors)
        for n, (stored, refused, errors) in enumerate(counts)
    ]


def columns(d: str) -> list[tuple[float, float, float]]:
    """x, y of the foot, and height of each."""
    return [
        (float(x), float(y), float(height))
        for x, y, height in re.findall(r"M(\S+) (\S+?)v-([^h]+)h3v\3z", d)
    ]


def test_the_highest_column_fills_the_height_and_parts_stand_on_one_another() -> None:
    drawn = sparkline(days((6, 4, 2), (3, 0, 0)))
    stored, refused, failed = drawn.parts
    assert [part.kind for part in drawn.parts] == ["stored", "refused", "failed"]
    assert columns(stored.d) == [(0, HEIGHT, 12), (STEP, HEIGHT, 6)]
    assert columns(refused.d) == [(0, 12, 8)]
    assert columns(failed.d) == [(0, 4, 4)]
    assert drawn.label == "last 2 days: 9 stored, 4 refused, 2 failed"


def test_a_single_page_is_seen_beside_many() -> None:
    drawn = sparkline(days((100_000, 0, 0), (0, 0, 1)))
    assert columns(drawn.parts[1].d) == [(STEP, HEIGHT, 1)]


def test_days_without_any_draw_nothing() -> None:
    drawn = sparkline(days((0, 0, 0), (0, 0, 0)))
    assert (drawn.parts, drawn.width) == ((), 2 * STEP)


@pytest.mark.parametrize("number", [7, 8, 14, 90])
def test_weeks_end_with_the_last_day(number: int) -> None:
    drawn = sparkline(days(*[(0, 0, 0)] * (number - 1), (5, 0, 0)), 7)
    assert drawn.width == -(-number // 7) * STEP
    assert columns(drawn.parts[0].d) == [(drawn.width - STEP, HEIGHT, HEIGHT)]
