"""The clock of this machine against the database's; the way to it is no difference."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from models.clock import utc_now
from models.db import server_clock
from models.db.database import Database
from models.db.server_clock import ALLOWED, clock_difference, require_same_clock
from models.errors import ClockDiffers, OwnFault
from tests.factories import NOW

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


def shift(monkeypatch: pytest.MonkeyPatch, by: timedelta) -> None:
    """This machine's clock is ahead by so much."""
    monkeypatch.setattr(server_clock, "utc_now", lambda: utc_now() + by)


@pytest.mark.parametrize("by", [timedelta(0), 250 * SECOND, -3 * MINUTE, timedelta(hours=30)])
def test_the_difference_is_measured_to_the_second(
    database: Database, monkeypatch: pytest.MonkeyPatch, by: timedelta
) -> None:
    shift(monkeypatch, by)
    with database.reading() as conn:
        found = clock_difference(conn)
    if database.dialect == "sqlite":  # its clock is this machine's, whatever that says
        assert found == timedelta(0)
    else:
        assert abs(found - by) < SECOND


def test_a_slow_answer_is_no_difference(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def clock() -> Iterator[datetime]:
        yield utc_now() - 5 * MINUTE  # asked then
        yield utc_now() + 5 * MINUTE  # and answered now

    times = clock()
    monkeypatch.setattr(server_clock, "utc_now", lambda: next(times))
    with database.reading() as conn:
        assert clock_difference(conn) == timedelta(0)


@pytest.mark.parametrize(
    ("by", "said"),
    [
        (ALLOWED, None),
        (-ALLOWED, None),
        (ALLOWED + SECOND, "31 s ahead of"),
        (250 * SECOND, "4 min 10 s ahead of"),
        (-65 * MINUTE, "1 h 5 min behind"),
        (timedelta(days=-2), "2 d behind"),
    ],
)
def test_clocks_that_differ_are_refused_in_one_line(
    sqlite: Database, monkeypatch: pytest.MonkeyPatch, by: timedelta, said: str | None
) -> None:
    monkeypatch.setattr(server_clock, "clock_difference", lambda _: by)
    if said is None:
        require_same_clock(sqlite)
        return
    with pytest.raises(ClockDiffers) as differs:
        require_same_clock(sqlite)
    assert str(differs.value) == (
        f"this machine's clock is {said} the database's; set both by NTP, as"
        " `timedatectl set-ntp true` does, then start again"
    )
    assert isinstance(differs.value, OwnFault)


def test_a_clock_that_is_right_passes_on_each_database(database: Database) -> None:
    require_same_clock(database)


def test_the_least_difference_that_explains_the_answer() -> None:
    difference = server_clock._difference
    assert difference(NOW, NOW, NOW + MINUTE) == timedelta(0)
    assert difference(NOW, NOW + MINUTE, NOW + MINUTE) == timedelta(0)
    assert difference(NOW, NOW - SECOND, NOW + MINUTE) == SECOND
    assert difference(NOW, NOW + 2 * MINUTE, NOW + MINUTE) == -MINUTE
