"""Dates of one page side by side: the best one, completed, and the zone it is written in."""

from datetime import UTC, datetime, timedelta

import pytest

from models.dates import Moment
from pipelines.metadata.instants import Candidate, best_of, offset_of

DAY = datetime(2026, 5, 24, tzinfo=UTC)
AT = DAY.replace(hour=8, minute=15)


def best(*candidates: Candidate) -> Candidate | None:
    return best_of(candidates)


def instant(at: datetime = AT, hours: float = 0) -> Moment:
    """A moment whose wall clock is `hours` ahead of UTC."""
    wall = (at + timedelta(hours=hours)).replace(tzinfo=None)
    return Moment(wall, timedelta(hours=hours), has_time=True)


def day(at: datetime = DAY) -> Moment:
    return Moment(at.replace(tzinfo=None), None, has_time=False)


@pytest.mark.parametrize(
    ("second", "source"),
    [
        (instant(), "second"),
        (instant(DAY + timedelta(hours=23), 2), "second"),  # the day where it was written
        (instant(DAY - timedelta(hours=1), 2), "second"),
        (instant(DAY + timedelta(days=2)), "first"),
        (day(), "first"),
    ],
)
def test_a_day_is_completed_by_an_instant_of_that_day(second: Moment, source: str) -> None:
    found = best(("first", day()), ("second", second))
    assert found is not None and found[0] == source


@pytest.mark.parametrize(
    ("minutes", "source"), [(0, "second"), (120, "second"), (45, "second"), (840, "second"),
                            (855, "first"), (10, "first")]
)  # fmt: skip
def test_a_wall_clock_is_completed_by_an_instant_a_zone_away(minutes: int, source: str) -> None:
    clock = Moment(AT.replace(tzinfo=None), None, has_time=True)
    found = best(("first", clock), ("second", instant(AT + timedelta(minutes=minutes))))
    assert found is not None and found[0] == source


def test_the_first_instant_is_best_and_nothing_is_none() -> None:
    assert best(("first", instant()), ("second", day())) == ("first", instant())
    assert best() is None


def clock(at: datetime = AT, hours: float = 0) -> Moment:
    return Moment(instant(at, hours).wall, None, has_time=True)


@pytest.mark.parametrize(
    ("moments", "offset"),
    [
        ([instant(hours=2)], 120),
        ([instant(hours=-3.5)], -210),
        ([instant()], 0),
        ([instant(), instant(hours=5.5)], 330),
        ([instant(), clock(hours=9)], 540),
        ([instant(), instant(AT + timedelta(hours=1), 2)], 0),
        ([instant(), clock(AT + timedelta(minutes=47))], 0),
        ([instant(hours=2), clock(hours=9)], 120),
        ([clock()], None),
        ([day()], None),
    ],
)
def test_the_zone_is_that_in_which_the_page_writes_its_minute(
    moments: list[Moment], offset: int | None
) -> None:
    candidates = [("meta", moment) for moment in moments]
    assert offset_of(candidates[0], candidates) == offset


def test_a_feed_has_lost_its_zone_unless_the_page_has_a_clock() -> None:
    told = ("feed", instant())
    assert offset_of(told, [told]) is None
    assert offset_of(told, [("time", clock(hours=2)), told]) == 120
