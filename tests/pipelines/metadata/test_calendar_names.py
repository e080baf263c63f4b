"""Names of months and zones mean one thing each."""

import pytest
from pipelines.metadata.calendar_names import MONTHS, ZONES


@pytest.mark.parametrize(
    ("name", "number"),
    [("may", 5), ("märz", 3), ("août", 8), ("listopad", 11), ("декабря", 12), ("jänner", 1)],
)
def test_a_month_is_known_in_the_languages_of_the_news(name: str, number: int) -> None:
    assert MONTHS[name] == number
    assert set(MONTHS.values()) == set(range(1, 13))


def test_a_name_is_kept_as_it_is_looked_up() -> None:
    assert all(name == name.casefold() for name in [*MONTHS, *ZONES])


def test_zones_that_mean_two_things_are_left_out() -> None:
    assert not {"ist", "cst"} & set(ZONES)
    assert (ZONES["gmt"], ZONES["cest"], ZONES["est"]) == (0, 2, -5)
    assert all(-12 <= hours <= 14 for hours in ZONES.values())
