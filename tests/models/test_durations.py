"""Lengths of time as people write them."""

from datetime import timedelta

import pytest

from models.durations import duration, spoken


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("1s", timedelta(seconds=1)),
        ("90s", timedelta(seconds=90)),
        ("50m", timedelta(minutes=50)),
        ("1h", timedelta(hours=1)),
        ("30d", timedelta(days=30)),
        ("4w", timedelta(weeks=4)),
        ("1 h", timedelta(hours=1)),
        ("999999s", timedelta(seconds=999_999)),
    ],
)
def test_a_number_and_a_unit_are_a_length(text: str, length: timedelta) -> None:
    assert duration(text) == length


@pytest.mark.parametrize(
    "rubbish", ["", "h", "1", "0s", "00h", "-1h", "1.5h", "1H", "1000000s", "1h ", " 1h", 5, None]
)
def test_all_else_is_refused_with_what_to_write(rubbish: object) -> None:
    with pytest.raises(ValueError, match=r'write e\.g\. "50m", "1h" or "30d"'):
        duration(rubbish)


@pytest.mark.parametrize(
    ("length", "told"),
    [
        (timedelta(0), "0 s"),
        (timedelta(seconds=0.9), "0 s"),
        (timedelta(seconds=59), "59 s"),
        (timedelta(minutes=4, seconds=10), "4 min 10 s"),
        (timedelta(minutes=20), "20 min"),
        (timedelta(hours=2, minutes=5, seconds=50), "2 h 5 min"),
        (timedelta(hours=1, seconds=50), "1 h"),
        (timedelta(days=3, hours=4), "3 d 4 h"),
        (timedelta(days=400), "400 d"),
    ],
)
def test_a_length_is_told_in_its_two_largest_units(length: timedelta, told: str) -> None:
    assert spoken(length) == told
