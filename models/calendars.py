"""Days of calendars that newspapers use beside the Gregorian one."""

import re
from datetime import date, timedelta
from typing import Final

# Of Iran and of Afghanistan, as models.months.folded writes them.
JALALI_MONTHS: Final = {
    name: month
    for names in (
        "فروردین اردیبهشت خرداد تیر مرداد شهریور مهر ابان اذر دی بهمن اسفند",
        "حمل ثور جوزا سرطان اسد سنبله میزان عقرب قوس جدی دلو حوت",
    )
    for month, name in enumerate(names.split(), 1)
}
_BUDDHIST: Final = 543  # years ahead
_BUDDHIST_YEARS: Final = range(2533, 2743)  # 1990 to 2199
# 1990 to 2030. Later ones could be years of the Islamic calendar, whose 1410 began in 1989.
_PLAINLY_JALALI: Final = range(1369, 1410)
_JALALI_YEARS: Final = range(1369, 1479)  # to 2100
_JALALI_CYCLE: Final = 33  # years, of which these are leap years:
_JALALI_LEAPS: Final = (1, 5, 9, 13, 17, 22, 26, 30)
_NOWRUZ_1370: Final = date(1991, 3, 21)
# The year before the first of each era, in Japan and in Taiwan.
_ERAS: Final = {"令和": 2018, "平成": 1988, "昭和": 1925, "民國": 1911, "民国": 1911}
_ERA: Final = re.compile(rf"({'|'.join(_ERAS)})\s?(\d{{1,3}}|元)(?=\s?年)")
_HAN_DATE: Final = re.compile(
    "([〇零一二三四五六七八九]{4})年([一二三四五六七八九十]{1,3})月"
    "([一二三四五六七八九十]{1,3})[日号號]"
)
_HAN: Final = {sign: value for value, sign in enumerate("〇一二三四五六七八九十")} | {"零": 0}


def gregorian_year(year: int, thai: bool) -> int:
    """The year as the Gregorian calendar counts it; `thai`: it stands in a Thai date."""
    return year - _BUDDHIST if thai and year in _BUDDHIST_YEARS else year


def from_jalali(year: int, month: int, day: int, named: bool) -> date | None:
    """The day of a Persian date; None if there is none, or the year could be of another calendar.

    `named`: its month is written as a word, so that the calendar is plain.
    """
    if year not in (_JALALI_YEARS if named else _PLAINLY_JALALI) or not 1 <= month <= 12:
        return None
    if not 1 <= day <= _month_days(year, month):
        return None
    days = sum(366 if _is_leap(y) else 365 for y in range(1370, year))
    if year < 1370:
        days = -(366 if _is_leap(year) else 365)
    passed = sum(_month_days(year, m) for m in range(1, month))
    return _NOWRUZ_1370 + timedelta(days=days + passed + day - 1)


def western_digits(text: str) -> str:
    """An East Asian date with its era's year, or in Chinese numerals, written in digits."""
    text = _HAN_DATE.sub(lambda m: f"{_digits(m[1])}年{_number(m[2])}月{_number(m[3])}日", text)
    return _ERA.sub(lambda m: str(_ERAS[m[1]] + (1 if m[2] == "元" else int(m[2]))), text)


def _is_leap(year: int) -> bool:
    return year % _JALALI_CYCLE in _JALALI_LEAPS


def _month_days(year: int, month: int) -> int:
    if month <= 6:
        return 31
    return 30 if month <= 11 or _is_leap(year) else 29


def _digits(numerals: str) -> str:
    return "".join(str(_HAN[sign]) for sign in numerals)


def _number(numerals: str) -> int:
    """Up to 99: tens, the sign for ten, ones."""
    tens, ten, ones = numerals.rpartition("十")
    return 10 * (_HAN.get(tens, 1) if ten else 0) + (_HAN.get(ones, 0) if ones else 0)
