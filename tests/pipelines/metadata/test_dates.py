"""Dates as pages write them: an instant where the zone is said, else a day, else nothing."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pipelines.metadata.dates import (
    EARLIEST,
    Moment,
    believable,
    best_candidate,
    date_in_url,
    parse_date,
)

DAY = datetime(2026, 5, 24, tzinfo=UTC)
AT = DAY.replace(hour=8, minute=15)


def instant(at: datetime = AT, hours: float = 0) -> Moment:
    """A moment whose wall clock is `hours` ahead of UTC."""
    wall = (at + timedelta(hours=hours)).replace(tzinfo=None)
    return Moment(wall, timedelta(hours=hours), has_time=True)


def day(at: datetime = DAY) -> Moment:
    return Moment(at.replace(tzinfo=None), None, has_time=False)


@pytest.mark.parametrize(
    "text",
    [
        "2026-05-24T08:15:00Z",
        "2026-05-24T10:15+02:00",
        "2026-05-24T10:15:00.000+0200",
        "2026-05-24 08:15 UTC",
        "20260524T081500Z",
        "20260524T0815 GMT",
        "Sun, 24 May 2026 08:15:00 GMT",
        "Sun May 24 08:15:00 UTC 2026",
        "May 24, 2026 at 4:15 a.m. EDT",
        "24. Mai 2026, 10:15 MESZ",
        "1779610500",
        "1779610500000",
        "1779610500.0",
    ],
)
def test_a_time_with_its_zone_is_an_instant(text: str) -> None:
    found = parse_date(text)
    assert found is not None
    assert (found.at, found.precision, found.zoned) == (AT, "time", True)


@pytest.mark.parametrize(
    "text",
    [
        "2026-05-24",
        "2026/5/24",
        "24.05.2026",
        "24. 5. 2026",
        "24/05/2026",
        "05/24/2026",
        "24 May 2026",
        "24th May, 2026",
        "May 24, 2026",
        "Sunday, May 24th 2026",
        "24 de mayo de 2026",
        "le 24 mai 2026",
        "24 мая 2026",
        "2026年5月24日",
        "2026년 5월 24일",
        "20260524",
        "2026-05-24 8:15",  # no zone
        "2026-05-24 08:15 CST",  # of America or of China
        "2026-05-24T00:00:00Z",  # a machine that had no time to write
        "24 May 2026, 25:00",
    ],
)
def test_without_time_or_zone_it_is_a_day(text: str) -> None:
    found = parse_date(text)
    assert found is not None
    assert (found.at, found.precision) == (DAY, "day")


@pytest.mark.parametrize(
    "text",
    ["", "yesterday", "May 2026", "2026-02-30", "2026-13-01", "3/4/2026", "1.2.3", "24.05.26",
     "1899-05-24", "2200-05-24", "24 Foo 2026", "x" * 500],
)  # fmt: skip
def test_what_states_no_day_in_full_is_none(text: str) -> None:
    assert parse_date(text) is None


def test_the_same_number_twice_is_no_question_of_countries() -> None:
    assert parse_date("4/4/2026") == day(DAY.replace(month=4, day=4))


@pytest.mark.parametrize(
    ("clock", "wall"),
    [("12:15 am", (0, 15)), ("12:15 pm", (12, 15)), ("1 p.m.", (13, 0)), ("23:59", (23, 59))],
)
def test_noon_and_midnight(clock: str, wall: tuple[int, int]) -> None:
    found = parse_date(f"2026-05-24 {clock}")
    assert found is not None
    assert (found.wall.hour, found.wall.minute) == wall


@pytest.mark.parametrize(("zone", "zoned"), [("+14:00", True), ("-14:00", True), ("+14:01", False)])
def test_no_zone_is_further_than_fourteen_hours(zone: str, zoned: bool) -> None:
    found = parse_date(f"2026-05-24T08:15{zone}")
    assert found is not None
    assert found.zoned is zoned


@given(st.text(max_size=250))
def test_any_text_is_a_moment_or_none(text: str) -> None:
    found = parse_date(text)
    assert found is None or found.at.tzinfo is UTC


@given(st.datetimes(datetime(1990, 1, 2), datetime(2199, 1, 1)), st.integers(-56, 56))
def test_what_iso_8601_writes_comes_back(wall: datetime, quarters: int) -> None:
    offset = timedelta(minutes=15 * quarters)
    found = parse_date(f"{wall.replace(microsecond=0).isoformat()}{_zone(offset)}")
    assert found is not None
    if found.zoned:
        assert found.at == wall.replace(microsecond=0, tzinfo=UTC) - offset


def _zone(offset: timedelta) -> str:
    minutes = int(offset.total_seconds() // 60)
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("/2026/05/24/ferry", day()),
        ("/ferry-20260524", day()),
        ("/2026-05-24", day()),
        ("/2026/02/30/x/2026/05/24/", day()),
        ("/2026/05/", None),
        ("/120260524", None),
        ("/20260524123", None),
    ],
)
def test_a_url_may_name_its_day(path: str, found: Moment | None) -> None:
    assert date_in_url(f"https://example.test{path}") == found


@pytest.mark.parametrize(
    ("at", "newest", "believed"),
    [
        (EARLIEST, None, True),
        (EARLIEST - timedelta(seconds=1), None, False),
        (AT + timedelta(days=2), AT, True),
        (AT + timedelta(days=2, seconds=1), AT, False),
        (AT + timedelta(days=900), None, True),
    ],
)
def test_a_page_is_as_old_as_the_web_and_no_younger_than_its_fetch(
    at: datetime, newest: datetime | None, believed: bool
) -> None:
    assert believable(instant(at), newest) is believed


@pytest.mark.parametrize(
    ("second", "best"),
    [
        (instant(), "second"),
        (instant(DAY + timedelta(hours=23), 2), "second"),  # the day where it was written
        (instant(DAY - timedelta(hours=1), 2), "second"),
        (instant(DAY + timedelta(days=2)), "first"),
        (day(), "first"),
    ],
)
def test_a_day_is_completed_by_an_instant_of_that_day(second: Moment, best: str) -> None:
    found = best_candidate([("first", day()), ("second", second)])
    assert found is not None and found[0] == best


@pytest.mark.parametrize(
    ("minutes", "best"), [(0, "second"), (120, "second"), (45, "second"), (840, "second"),
                          (855, "first"), (10, "first")]
)  # fmt: skip
def test_a_wall_clock_is_completed_by_an_instant_a_zone_away(minutes: int, best: str) -> None:
    clock = Moment(AT.replace(tzinfo=None), None, has_time=True)
    second = instant(AT + timedelta(minutes=minutes))
    found = best_candidate([("first", clock), ("second", second)])
    assert found is not None and found[0] == best


def test_the_first_instant_is_best_and_nothing_is_none() -> None:
    assert best_candidate([("first", instant()), ("second", day())]) == ("first", instant())
    assert best_candidate([]) is None
