"""Dates are read as they are written: an instant with its zone, or else a day."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.metadata.dates import date_in_url, parse_date


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2024-05-30T08:15:00Z", (2024, 5, 30, 8, 15)),
        ("2024-05-30T08:15:00.123456789+0200", (2024, 5, 30, 6, 15, 0, 123456)),
        ("2024-05-30 08:15:00 +02:00", (2024, 5, 30, 6, 15)),
        ("2024-05-30T08:15-04", (2024, 5, 30, 12, 15)),
        ("2024-05-30T08:15:00+02:00[Europe/Berlin]", (2024, 5, 30, 6, 15)),
        ("20240530T081500Z", (2024, 5, 30, 8, 15)),
        ("Thu, 30 May 2024 08:15:00 GMT", (2024, 5, 30, 8, 15)),
        ("Thu May 30 08:15:00 CEST 2024", (2024, 5, 30, 6, 15)),
        ("May 30th, 2024 at 4:05 p.m. EDT", (2024, 5, 30, 20, 5)),
        ("30. Mai 2024, 12:05 Uhr", None),
        ("1717056900", (2024, 5, 30, 8, 15)),
        ("1717056900000", (2024, 5, 30, 8, 15)),
    ],
)
def test_an_instant_is_kept_exactly(text: str, at: tuple[int, ...] | None):
    moment = parse_date(text)
    assert moment is not None
    if at is None:
        assert moment.precision == "day"
    else:
        assert (moment.precision, moment.at) == ("time", datetime(*at, tzinfo=UTC))


@pytest.mark.parametrize(
    "text",
    ["2024-05-30", "20240530", "2024/5/30", "30.05.2024", "30. 5. 2024", "30 mai 2024",
     "30 de mayo de 2024", "30 мая 2024", "2024年5月30日 14:30", "2024년 5월 30일",
     "2024. 5. 30.", "2024-05-30T08:15:00", "30/05/2024 08:15", "05/30/2024", "2024-05-30T00:00Z"],
)  # fmt: skip
def test_without_time_or_zone_it_is_a_day_at_midnight_utc(text: str):
    moment = parse_date(text)
    assert moment is not None
    assert (moment.precision, moment.at) == ("day", datetime(2024, 5, 30, tzinfo=UTC))


@pytest.mark.parametrize(
    "text",
    ["", "yesterday", "3/4/2024", "2024", "2024-02-30", "12:30", "0001-01-01", "31 Foo 2024"],
)
def test_what_states_no_day_is_no_date(text: str):
    assert parse_date(text) is None


def test_a_day_in_the_path_is_found_and_an_identifier_is_not():
    found = date_in_url("https://e.com/2024/05/30/storm-1234567890.html")
    assert found is not None
    assert found.at == datetime(2024, 5, 30, tzinfo=UTC)
    assert date_in_url("https://e.com/story/120240530991") is None


ZONES = st.integers(-12 * 4, 14 * 4).map(lambda q: timezone(timedelta(minutes=15 * q)))
INSTANTS = st.datetimes(datetime(1990, 1, 2), datetime(2100, 1, 1), timezones=ZONES)


@given(INSTANTS)
def test_every_iso_instant_with_a_zone_is_read_exactly(at: datetime):
    moment = parse_date(at.isoformat())
    assert moment is not None
    assert moment.at == at


@given(st.text(max_size=300))
def test_no_text_raises(text: str):
    moment = parse_date(text)
    assert moment is None or moment.at.tzinfo is UTC
