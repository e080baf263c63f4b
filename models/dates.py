"""Dates as publishers write them, read strictly: an instant if the zone is given, else a day."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import lru_cache
from typing import Final

from models.calendars import from_jalali, gregorian_year, western_digits
from models.clock_times import WIDEST_ZONE, ClockFound, clock_before, clock_behind
from models.folding import folded
from models.word_dates import DayFound, day_of, find_word_date

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)  # the first web page: nothing online is older
_SLACK = timedelta(days=2)  # clocks that run fast, and zones ahead of UTC
# Tags by which numbers are written month first, or in an order that nobody can know, as in English
# of no country or where the year is put first; in all other languages the day is first.
_MONTH_FIRST: Final = frozenset(
    {"fil", "en-us", "en-ph", "en-pr", "en-gu", "en-vi", "es-pa", "es-pr"}
)
_EITHER_ORDER: Final = frozenset({"", "en-ca", "fr-ca", "zh", "ja", "ko", "yue", "mn"})
_JALALI_LANGUAGES: Final = frozenset({"fa", "ps", "ckb", "mzn", "lrc"})
_OWN_YEARS: Final = _JALALI_LANGUAGES | {"th"}
_PERSIAN_DIGITS: Final = re.compile("[۰-۹]")
_THAI: Final = re.compile("[\u0e00-\u0e7f]")
_YMD = re.compile(
    "(?<!\\d)(\\d{4})(?:[-/.]|\\. |\\s?[\u5e74\ub144]\\s?)(\\d{1,2})"
    "(?:[-/.]|\\. |\\s?[\u6708\uc6d4]\\s?)(\\d{1,2})(?!\\d)[\u65e5\uc77c]?"
)
# What nearly all machines write: with a zone, and all of it in digits.
_ISO: Final = re.compile(
    "([0-9]{4})-([0-9]{2})-([0-9]{2})[T ]([0-9]{2}):([0-9]{2}):([0-9]{2})"
    "(?:[.](?P<fraction>[0-9]{1,9}))?(?:Z|(?P<away>[+-])(?P<hours>[0-9]{2}):?(?P<minutes>[0-9]{2}))"
)
_COMPACT = re.compile(r"^(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)?|(?=\s|$))")
_DMY = re.compile(r"(?<![\d.])(\d{1,2})([./-])\s?(\d{1,2})\2\s?(\d{4})(?!\d)")
_UNIX = re.compile(r"([^\W\d_]{3})\s+(\d{1,2})\s+([\d:]{5,8}\s+\S{1,6})\s+(\d{4})$")
_EPOCH = re.compile(r"\d{10}(?:\d{3})?(?:\.\d+)?")
_IN_PATH = re.compile(r"(?<!\d)((?:19|20)\d\d)[/_-]?(0[1-9]|1[0-2])[/_-]?([0-2]\d|3[01])(?!\d)")


@dataclass(frozen=True, slots=True)
class Moment:
    """A date as it was written: its wall time, and the offset from UTC if the text states it."""

    wall: datetime  # naive
    offset: timedelta | None
    has_time: bool

    @property
    def zoned(self) -> bool:
        """Whether this is an instant: it has a time, and its zone."""
        return self.has_time and self.offset is not None

    @property
    def precision(self) -> str:
        """'time' for an instant; 'day' where time or zone is not said (a guess would be wrong)."""
        return "time" if self.zoned else "day"

    @property
    def at(self) -> datetime:
        """The instant, aware, in UTC; for a day, its midnight UTC."""
        if self.offset is not None and self.has_time:
            return self.wall.replace(tzinfo=timezone(self.offset)).astimezone(UTC)
        return datetime.combine(self.wall.date(), time(), UTC)


def parse_date(text: str, language: str | None = None) -> Moment | None:
    """The first date that a short text states in full (ISO 8601, RFC 2822, epoch, many forms).

    `language` is that of the page, a tag of BCP 47: it tells in which order 3/4/2024 is written,
    and what a month's name means that two languages share. Without it, 3/4/2024 is no date.
    """
    readings = possible_dates(text, language)
    return readings[0] if len(readings) == 1 else None


def possible_dates(text: str, language: str | None = None) -> tuple[Moment, ...]:
    """As `parse_date`: none, one, or both readings of a day and month in unknown order."""
    tag = (language or "").replace("_", "-").casefold()
    return _possible(text[:200].strip(), tag)


@lru_cache(maxsize=512)  # a page says the same in several fields, and a site's pages in one form
def _possible(text: str, tag: str) -> tuple[Moment, ...]:
    if (iso := _ISO.fullmatch(text)) and (moment := _of_iso(iso, tag)):
        return (moment,)
    if _EPOCH.fullmatch(text):
        return (_from_epoch(float(text)),)
    if unix := _UNIX.search(text):
        text = f"{unix[2]} {unix[1]} {unix[4]} {unix[3]}"
    if compact := _COMPACT.match(text):
        clock = f"T{compact[4]}:{compact[5]}:{compact[6] or '00'}" if compact[4] else " "
        text = f"{compact[1]}-{compact[2]}-{compact[3]}{clock}{text[compact.end() :]}"
    plain = folded(text)
    primary = tag.partition("-")[0]
    persian = primary in _JALALI_LANGUAGES or bool(_PERSIAN_DIGITS.search(text))
    thai = primary == "th" or bool(_THAI.search(text))
    found, plain = _find_days(plain, tag, persian, thai)
    return tuple(
        _at(day, clock_behind(plain[end:], primary) or clock_before(plain[:start], primary))
        for day, start, end in found
    )


def _of_iso(found: re.Match[str], tag: str) -> Moment | None:
    """An instant as machines write it; None where it takes more to tell what is meant."""
    if tag.partition("-")[0] in _OWN_YEARS:
        return None
    year, month, number, hour, minute, second = map(int, found.groups()[:6])
    away = timedelta(hours=int(found["hours"] or 0), minutes=int(found["minutes"] or 0))
    day = day_of(year, month, number)
    if day is None or hour > 23 or max(minute, second) > 59 or away > WIDEST_ZONE:
        return None
    clock = time(hour, minute, second, int((found["fraction"] or "")[:6].ljust(6, "0")))
    return _at(day, ClockFound(clock, -away if found["away"] == "-" else away))


def date_in_url(url: str) -> Moment | None:
    """The day that a URL's path names, if it names one."""
    for match in _IN_PATH.finditer(url[:8_192]):
        if day := day_of(int(match[1]), int(match[2]), int(match[3])):
            return _day_only(day)
    return None


def read_date(text: str | None) -> tuple[datetime | None, str | None]:
    """The instant and 'time', or midnight UTC and 'day'; (None, None) for what is no date."""
    moment = parse_date(text or "")
    return (moment.at, moment.precision) if moment else (None, None)


def believable(at: datetime, newest: datetime | None) -> bool:
    """Whether a page could be of that date: the web existed, and it is no later than `newest`."""
    return at >= EARLIEST and (newest is None or at <= newest + _SLACK)


def _find_days(text: str, tag: str, persian: bool, thai: bool) -> tuple[list[DayFound], str]:
    """The first day in a folded text, or both that it may be; and the text they were found in."""
    if not text.isascii():
        text = western_digits(text)
    if m := _YMD.search(text):
        year, month, number = int(m[1]), int(m[2]), int(m[3])
        day = from_jalali(year, month, number, named=False) if persian else None
        day = day or day_of(gregorian_year(year, thai), month, number)
        if day:
            return [DayFound(day, m.start(), m.end())], text
    if any(map(str.isalpha, text)) and (
        found := find_word_date(text, tag.partition("-")[0] or None)
    ):
        return [found], text
    if m := _DMY.search(text):
        days = _by_numbers(int(m[1]), int(m[3]), gregorian_year(int(m[4]), thai), m[2], tag)
        return [DayFound(day, m.start(), m.end()) for day in days], text
    return [], text


def _by_numbers(one: int, two: int, year: int, sign: str, tag: str) -> list[date]:
    """Only with slashes may the month be first: 3/4/2025 is in April here, and in March there."""
    day_first, month_first = day_of(year, two, one), day_of(year, one, two)
    tags = {tag, tag.partition("-")[0]}
    if sign != "/" or one == two:
        return [day_first] if day_first else []
    if month_first and tags & _MONTH_FIRST:
        return [month_first]
    if day_first and tag != "en" and not tags & _EITHER_ORDER:
        return [day_first]
    return [day for day in (day_first, month_first) if day]


def _day_only(day: date) -> Moment:
    return Moment(datetime.combine(day, time()), None, has_time=False)


def _at(day: date, found: ClockFound | None) -> Moment:
    # a day with nought o'clock UTC was written by a machine that had no time to write
    if found is None or (found.clock == time() and found.offset == timedelta(0)):
        return _day_only(day)
    return Moment(datetime.combine(day, found.clock), found.offset, has_time=True)


def _from_epoch(seconds: float) -> Moment:
    at = datetime.fromtimestamp(seconds / 1000 if seconds >= 1e11 else seconds, UTC)
    return Moment(at.replace(tzinfo=None), timedelta(0), has_time=True)
