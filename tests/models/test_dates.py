"""Dates are read as they are written: an instant with its zone, or else a day."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import dates
from models.dates import date_in_url, month_number, parse_date, read_date

MONTHS = (  # that pages of the benchmark have used, and their like
    "jan january januar jänner janvier enero gennaio janeiro januari styczeń stycznia "
    "leden ledna ocak января січня ene gen ιανουαρίου",
    "feb february februar feber février febrero febbraio fevereiro februari luty lutego "
    "únor února şubat февраля лютого fév févr fev",
    "mar march märz mars marzo março maart marts marzec marca březen března mart марта "
    "березня mär mrt",
    "apr april avril abril aprile kwiecień kwietnia duben dubna nisan апреля квітня avr abr",
    "may mai mayo maggio maio mei maj květen května mayıs мая травня mag",
    "jun june juni juin junio giugno junho czerwiec czerwca červen června haziran июня червня giu",
    "jul july juli juillet julio luglio julho lipiec lipca červenec července temmuz июля "
    "липня juil lug",
    "aug august août agosto augustus augusti sierpień sierpnia srpen srpna ağustos августа "
    "серпня aoû ago",
    "sep sept september septembre septiembre settembre setembro wrzesień września září "
    "eylül сентября вересня set",
    "oct october oktober octobre octubre ottobre outubro październik października říjen "
    "října ekim октября жовтня okt ott out",
    "nov november novembre noviembre novembro listopad listopada listopadu kasım ноября листопада",
    "dec december dezember décembre diciembre dicembre dezembro grudzień grudnia prosinec "
    "prosince aralık декабря грудня dez déc dic",
)


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


def test_months_are_known_by_name_and_abbreviation_in_many_languages():
    for number, names in enumerate(MONTHS, 1):
        for name in names.split():
            assert month_number(name) == number, name
            assert month_number(name.upper()) == number or not name.isascii(), name
    assert month_number("monday") is None


def test_every_name_of_a_month_means_one_month():
    known = [pair for language in dates._LANGUAGES for pair in dates._months(language).items()]
    assert len({name for name, _ in known}) == len(set(known))


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
):
    at, how = read_date(text)
    assert (at and at.isoformat(), how) == (iso, precision)


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
