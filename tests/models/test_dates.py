"""Dates are read as they are written: an instant with its zone, or else a day."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.dates import (
    EARLIEST,
    Moment,
    believable,
    date_in_url,
    parse_date,
    possible_dates,
    read_date,
)

DAY = datetime(2026, 5, 24, tzinfo=UTC)
AT = DAY.replace(hour=8, minute=15)


def day(at: datetime = DAY) -> Moment:
    return Moment(at.replace(tzinfo=None), None, has_time=False)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2024-05-30T08:15:00Z", (2024, 5, 30, 8, 15)),
        ("2024-05-30T10:15+02:00", (2024, 5, 30, 8, 15)),
        ("2024-05-30 08:15 UTC", (2024, 5, 30, 8, 15)),
        ("20240530T0815 GMT", (2024, 5, 30, 8, 15)),
        ("Thu, 30 May 2024 10:15:00 +0200", (2024, 5, 30, 8, 15)),
        ("30 May 2024 08:15:00 Z", (2024, 5, 30, 8, 15)),
        ("30. Mai 2024, 10:15 MESZ", (2024, 5, 30, 8, 15)),
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
        ("1717056900.0", (2024, 5, 30, 8, 15)),
    ],
)
def test_an_instant_is_kept_exactly(text: str, at: tuple[int, ...] | None) -> None:
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
     "2024. 5. 30.", "2024-05-30T08:15:00", "30/05/2024 08:15", "05/30/2024", "2024-05-30T00:00Z",
     " 2024-05-30 ", "2024-05-30 23:59", "30th May, 2024", "May 30, 2024",
     "Thursday, May 30th 2024", "le 30 mai 2024", "Thu, 30 May 2024 00:00:00 -0000",
     "30 May 2024, 25:00", "2024-05-30 08:15 CST"],  # CST is a zone of America and of China
)  # fmt: skip
def test_without_time_or_zone_it_is_a_day_at_midnight_utc(text: str) -> None:
    moment = parse_date(text)
    assert moment is not None
    assert (moment.precision, moment.at) == ("day", datetime(2024, 5, 30, tzinfo=UTC))


@pytest.mark.parametrize(
    "text",
    ["", " ", "yesterday", "3/4/2024", "2024", "2024-05", "May 2024", "10 things for May 2024",
     "2024-02-30", "2024-13-01",
     "12:30", "0001-01-01", "0001-01-01T00:00:00+14:00", "31 Foo 2024", "1.2.3", "30.05.24",
     "30.5.24", "1899-05-24", "2200-05-24", "x" * 500],
)  # fmt: skip
def test_what_states_no_day_is_no_date(text: str) -> None:
    assert parse_date(text) is None
    assert read_date(text) == (None, None)


@pytest.mark.parametrize(
    ("language", "months"),
    [("de", [4]), ("fr", [4]), ("en-GB", [4]), ("en_NG", [4]), ("tr", [4]), ("vi", [4]),
     ("ar", [4]), ("es-MX", [4]), ("en-US", [3]), ("fil", [3]), ("en-PH", [3]), ("es-PR", [3]),
     ("en", [4, 3]), (None, [4, 3]), ("ja", [4, 3]), ("ko-KR", [4, 3]), ("fr-CA", [4, 3])],
)  # fmt: skip
def test_a_language_tells_whether_the_day_or_the_month_is_first(
    language: str | None, months: list[int]
) -> None:
    found = possible_dates("03/04/2026", language)
    assert [moment.wall.month for moment in found] == months
    assert (parse_date("03/04/2026", language) is None) is (len(months) > 1)


def test_no_language_turns_a_day_into_a_month_that_there_is_not() -> None:
    for language in ("en", "en-US", "de", None):
        found = [parse_date(text, language) for text in ("18/11/2026", "11/18/2026", "18.11.2026")]
        assert [moment and moment.wall.date() for moment in found] == [date(2026, 11, 18)] * 3


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("18-Nov-2026", None),
        ("१८ नवंबर २०२६, 10:15", None),
        ("١٨ نوفمبر ٢٠٢٦", None),
        ("18 تشرين الثاني 2026", "ar"),
        ("۲۷ آبان ۱۴۰۵", "fa"),
        ("۱۴۰۵/۰۸/۲۷", None),
        ("1405/08/27", "fa-IR"),
        ("18 พฤศจิกายน พ.ศ. 2569", None),
        ("18 พ.ย. 69", "th"),
        ("18/11/2569", "th"),
        ("２０２６年１１月１８日", "ja"),
        ("令和8年11月18日", "ja"),
        ("民國115年11月18日", "zh"),
        ("二〇二六年十一月十八日", "zh"),
        ("2026년 11월 18일 오전 10:15", "ko"),
        ("18\u200f/11\u200f/2026", "ar"),
        ("18. listopada 2025.", "pl"),
    ],
)
def test_other_digits_and_calendars_are_read(text: str, language: str | None) -> None:
    moment = parse_date(text, language)
    year = 2025 if "listopada" in text else 2026
    assert moment is not None and moment.wall.date() == date(year, 11, 18)


@pytest.mark.parametrize("text", ["1405/08/27", "1448/06/08", "۱۴۴۸/۰۶/۰۸", "18/11/2569"])
def test_a_year_of_a_calendar_that_nothing_tells_is_no_date(text: str) -> None:
    assert parse_date(text) is None


def test_a_day_and_month_of_the_same_number_are_the_same_in_all_countries() -> None:
    assert parse_date("4/4/2024") == day(datetime(2024, 4, 4, tzinfo=UTC))


@pytest.mark.parametrize(
    ("clock", "wall"),
    [("12:15 am", (0, 15)), ("12:15 pm", (12, 15)), ("1 p.m.", (13, 0)), ("23:59", (23, 59))],
)
def test_noon_and_midnight(clock: str, wall: tuple[int, int]) -> None:
    moment = parse_date(f"2026-05-24 {clock}")
    assert moment is not None
    assert (moment.wall.hour, moment.wall.minute) == wall


@pytest.mark.parametrize(("zone", "zoned"), [("+14:00", True), ("-14:00", True), ("+14:01", False)])
def test_no_zone_is_further_than_fourteen_hours(zone: str, zoned: bool) -> None:
    moment = parse_date(f"2026-05-24T08:15{zone}")
    assert moment is not None
    assert moment.zoned is zoned


def test_a_day_in_the_path_is_found_and_an_identifier_is_not() -> None:
    found = date_in_url("https://e.com/2024/05/30/storm-1234567890.html")
    assert found is not None
    assert found.at == datetime(2024, 5, 30, tzinfo=UTC)
    assert date_in_url("https://e.com/story/120240530991") is None


@pytest.mark.parametrize(
    "path",
    ["/2026/05/24/ferry", "/2026-05-24-ferry", "/ferry-20260524", "/20260524/ferry", "/2026-05-24",
     "/x20260524/", "/2026/02/30/x/2026/05/24/"],
)  # fmt: skip
def test_a_url_may_name_its_day(path: str) -> None:
    assert date_in_url(f"https://example.test{path}") == day()


@pytest.mark.parametrize(
    "path",
    ["/2026/05/", "/2026/02/30/x", "/2026/13/01/", "/2026/00/10/", "/1899/01/01/", "/120260524",
     "/202605241/", "/20260524123"],
)  # fmt: skip
def test_a_url_without_a_whole_day_names_none(path: str) -> None:
    assert date_in_url(f"https://example.test{path}") is None


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
    assert believable(at, newest) is believed


@pytest.mark.parametrize(
    ("text", "iso", "precision"),
    [
        ("2026-05-24", "2026-05-24T00:00:00+00:00", "day"),
        ("2026-05-24T10:00Z", "2026-05-24T10:00:00+00:00", "time"),
        ("2026-05-24T10:00:00.1234567+0200", "2026-05-24T08:00:00.123456+00:00", "time"),
        ("2026-05-24 10:00:00", "2026-05-24T00:00:00+00:00", "day"),
        ("Sun, 24 May 2026 10:00:00 EST", "2026-05-24T15:00:00+00:00", "time"),
        ("Sun, 24 May 26 10:00:00 GMT", "2026-05-24T10:00:00+00:00", "time"),
        ("Sun, 24 May 98 10:00 GMT", "1998-05-24T10:00:00+00:00", "time"),
        ("Sun, 24 May 2026 10:00:00 -0000", "2026-05-24T10:00:00+00:00", "time"),
        ("2026-05", None, None),
        (None, None, None),
    ],
)
def test_dates_of_sitemaps_and_feeds_keep_their_zone_and_precision(
    text: str | None, iso: str | None, precision: str | None
) -> None:
    at, how = read_date(text)
    assert (at and at.isoformat(), how) == (iso, precision)


ZONES = st.integers(-14 * 4, 14 * 4).map(lambda q: timezone(timedelta(minutes=15 * q)))
INSTANTS = st.datetimes(datetime(1990, 1, 2), datetime(2100, 1, 1), timezones=ZONES)


@given(INSTANTS)
def test_every_iso_instant_with_a_zone_is_read_exactly(at: datetime) -> None:
    moment = parse_date(at.isoformat())
    assert moment is not None
    assert moment.at == at


@given(st.text(max_size=300))
def test_any_text_is_a_date_in_utc_or_none(text: str) -> None:
    moment = parse_date(text)
    at, precision = read_date(text)
    assert (at, precision) == ((moment.at, moment.precision) if moment else (None, None))
    assert at is None or at.tzinfo is UTC
    assert precision != "day" or (at is not None and at.hour == at.minute == 0)
