"""Persian, Thai and East Asian dates, counted as the Gregorian calendar does."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.calendars import JALALI_MONTHS, from_jalali, gregorian_year, western_digits


@pytest.mark.parametrize(
    ("jalali", "day"),
    [
        ((1369, 1, 1), date(1990, 3, 21)),
        ((1370, 1, 1), date(1991, 3, 21)),
        ((1399, 12, 30), date(2021, 3, 20)),
        ((1403, 12, 30), date(2025, 3, 20)),
        ((1404, 1, 1), date(2025, 3, 21)),
        ((1405, 8, 27), date(2026, 11, 18)),
        ((1408, 12, 30), date(2030, 3, 20)),
        ((1404, 12, 30), None),
        ((1405, 7, 31), None),
        ((1405, 13, 1), None),
        ((1405, 0, 1), None),
        ((1405, 1, 0), None),
    ],
)
def test_a_persian_day_is_a_day(jalali: tuple[int, int, int], day: date | None) -> None:
    assert from_jalali(*jalali, named=True) == day


def test_a_year_of_the_islamic_calendar_is_taken_for_none() -> None:
    assert from_jalali(1448, 6, 8, named=False) is None
    assert from_jalali(1410, 6, 8, named=False) is None
    assert from_jalali(1409, 6, 8, named=False) is not None
    assert from_jalali(2026, 6, 8, named=True) is None


@given(st.integers(1369, 1477))
def test_persian_years_follow_each_other_without_a_gap(year: int) -> None:
    last = from_jalali(year, 12, 30, named=True) or from_jalali(year, 12, 29, named=True)
    following = from_jalali(year + 1, 1, 1, named=True)
    assert last and following and last + timedelta(days=1) == following
    assert following.month == 3 and following.day in (20, 21, 22)


def test_months_of_iran_and_of_afghanistan_are_twelve_each() -> None:
    assert sorted(JALALI_MONTHS.values()) == sorted([*range(1, 13)] * 2)


def test_a_thai_year_is_ahead_by_543_and_a_western_one_is_kept() -> None:
    assert gregorian_year(2569, thai=True) == 2026
    assert gregorian_year(2026, thai=True) == 2026
    assert gregorian_year(2569, thai=False) == 2569


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("令和8年11月18日", "2026年11月18日"),
        ("令和元年5月1日", "2019年5月1日"),
        ("平成 30年1月2日", "2018年1月2日"),
        ("民國115年11月18日", "2026年11月18日"),
        ("二〇二六年十一月十八日", "2026年11月18日"),
        ("二零二六年一月三十一日", "2026年1月31日"),
        ("二〇二六年十月二十日", "2026年10月20日"),
        ("平成の終わり", "平成の終わり"),
    ],
)
def test_eras_and_chinese_numerals_become_digits(text: str, written: str) -> None:
    assert western_digits(text) == written
