"""Dates of sitemaps and feeds: an instant where a zone is said, else a day, else nothing."""

from datetime import UTC, datetime

import pytest
from crawler.sources.parsers.dates import read_date
from hypothesis import given
from hypothesis import strategies as st

DAY = datetime(2026, 5, 24, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2026-05-24T08:15:00Z", DAY.replace(hour=8, minute=15)),
        ("2026-05-24T10:15:00+02:00", DAY.replace(hour=8, minute=15)),
        ("2026-05-24T10:15:00+0200", DAY.replace(hour=8, minute=15)),
        ("2026-05-24 10:15 +02:00", DAY.replace(hour=8, minute=15)),
        ("2026-05-24T08:15:00.123456789Z", DAY.replace(hour=8, minute=15, microsecond=123456)),
        ("Sun, 24 May 2026 08:15:00 GMT", DAY.replace(hour=8, minute=15)),
        ("Sun, 24 May 2026 10:15:00 +0200", DAY.replace(hour=8, minute=15)),
        ("24 May 2026 08:15:00 Z", DAY.replace(hour=8, minute=15)),
    ],
)
def test_a_time_with_its_zone_is_an_instant(text: str, at: datetime) -> None:
    assert read_date(text) == (at, "time")


@pytest.mark.parametrize(
    "text",
    [
        "2026-05-24",
        " 2026-05-24 ",
        "2026-05-24T08:15:00",
        "2026-05-24 23:59",
        "Sun, 24 May 2026 08:15:00 -0000",
    ],
)
def test_a_time_without_a_zone_says_no_more_than_the_day(text: str) -> None:
    assert read_date(text) == (DAY, "day")


@pytest.mark.parametrize(
    "text",
    [None, "", " ", "2026", "2026-05", "2026-13-01", "2026-02-30", "yesterday", "24.5.2026",
     "0001-01-01T00:00:00+14:00"],
)  # fmt: skip
def test_what_is_no_date_is_none(text: str | None) -> None:
    assert read_date(text) == (None, None)


@given(st.text(max_size=80))
def test_any_text_is_a_date_in_utc_or_none(text: str) -> None:
    at, precision = read_date(text)
    assert (at is None) == (precision is None)
    assert at is None or at.utcoffset() == UTC.utcoffset(None)
    assert precision != "day" or (at is not None and at.hour == at.minute == 0)
