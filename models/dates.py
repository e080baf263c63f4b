"""Dates as publishers write them, read strictly: an instant if the zone is given, else a day."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import cache
from typing import Final

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)  # the first web page: nothing online is older
_SLACK = timedelta(days=2)  # clocks that run fast, and zones ahead of UTC
WIDEST_ZONE = timedelta(hours=14)
# The languages whose names of months are known, the most frequent first. Each name means one month
# in all of them; Croatian is left out, whose "listopad" is October and not November.
_LANGUAGES: Final = (
    "en", "de", "es", "fr", "it", "pt", "nl", "ru", "pl", "tr", "uk", "cs", "el", "sv", "da", "nb",
    "de_AT", "fi", "hu", "ro", "bg", "sk", "sl", "ca", "id", "lt", "lv", "et",
)  # fmt: skip
_COLLOQUIAL: Final = {"feber": 2, "fév": 2, "aoû": 8}  # which the CLDR does not list
# Hours from UTC. IST and CST are left out: they mean other hours in India, Ireland and Israel, in
# China and America.
_ZONES: Final = {
    **{"z": 0, "utc": 0, "gmt": 0, "wet": 0, "west": 1, "bst": 1, "cet": 1, "mez": 1},
    **{"cest": 2, "mesz": 2, "sast": 2, "eet": 2, "eest": 3, "msk": 3},
    **{"wib": 7, "hkt": 8, "jst": 9, "kst": 9, "aest": 10, "aedt": 11, "nzst": 12, "nzdt": 13},
    **{"est": -5, "edt": -4, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7},
}
_YMD = re.compile(
    "(?<!\\d)(\\d{4})(?:[-/.]|\\. |\\s?[\u5e74\ub144]\\s?)(\\d{1,2})"
    "(?:[-/.]|\\. |\\s?[\u6708\uc6d4]\\s?)(\\d{1,2})(?!\\d)[\u65e5\uc77c]?"
)
_COMPACT = re.compile(r"^(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)?|(?=\s|$))")
_DMY = re.compile(r"(?<![\d.])(\d{1,2})([./-])\s?(\d{1,2})\2\s?(\d{4})(?!\d)")
_DAY_MONTH = re.compile(
    r"(?<!\d)(\d{1,2})(?:st|nd|rd|th|er|º|\.)?\s+(?:de\s+)?([^\W\d_]{3,20})\.?,?\s+(?:de\s+)?"
    r"(\d{4}(?!\d)|\d\d(?=\s\d\d:\d\d))"  # two digits in RFC 822
)
_MONTH_DAY = re.compile(r"([^\W\d_]{3,})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})(?!\d)")
_UNIX = re.compile(r"([^\W\d_]{3})\s+(\d{1,2})\s+([\d:]{5,8}\s+\S{1,6})\s+(\d{4})$")
_CLOCK = re.compile(
    r"(?<![\d:.])(\d{1,2})(?::(\d\d)(?::(\d\d)(?:[.,]\d+)?)?|(?=\s*[ap]\.?m))"
    r"\s*([ap]\.?m\.?)?\s*(?:([+-])(\d\d):?(\d\d)?(?![\d:])|([A-Za-z]{1,4})\b)?",
    re.IGNORECASE,
)
_FRACTION = re.compile(r":\d\d[.,](\d{1,6})")
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


def parse_date(text: str) -> Moment | None:
    """The first date that a short text states in full (ISO 8601, RFC 2822, epoch, many forms)."""
    text = text[:200].strip()
    if _EPOCH.fullmatch(text):
        return _from_epoch(float(text))
    if unix := _UNIX.search(text):
        text = f"{unix[2]} {unix[1]} {unix[4]} {unix[3]}"
    if compact := _COMPACT.match(text):
        clock = f"T{compact[4]}:{compact[5]}:{compact[6] or '00'}" if compact[4] else " "
        text = f"{compact[1]}-{compact[2]}-{compact[3]}{clock}{text[compact.end() :]}"
    found = _find_day(text)
    if found is None:
        return None
    day, start, end = found
    return _with_clock(day, text[end:]) or _with_clock(day, text[:start]) or _day_only(day)


def date_in_url(url: str) -> Moment | None:
    """The day that a URL's path names, if it names one."""
    for match in _IN_PATH.finditer(url[:8_192]):
        if day := _day(match[1], match[2], match[3]):
            return _day_only(day)
    return None


def read_date(text: str | None) -> tuple[datetime | None, str | None]:
    """The instant and 'time', or midnight UTC and 'day'; (None, None) for what is no date."""
    moment = parse_date(text or "")
    return (moment.at, moment.precision) if moment else (None, None)


def believable(at: datetime, newest: datetime | None) -> bool:
    """Whether a page could be of that date: the web existed, and it is no later than `newest`."""
    return at >= EARLIEST and (newest is None or at <= newest + _SLACK)


def _find_day(text: str) -> tuple[date, int, int] | None:
    for pattern, read in _FORMS:
        match = pattern.search(text)
        if match and (day := read(match)):
            return day, match.start(), match.end()
    return None


def _day_first(m: re.Match[str]) -> date | None:
    one, two = int(m[1]), int(m[3])
    if m[2] == "/" and one <= 12 and two <= 12 and one != two:
        return None  # 3/4/2025 is April in one country and March in another
    return _day(m[4], m[1], m[3]) if m[2] == "/" and two > 12 else _day(m[4], m[3], m[1])


def _month_named(year: str, month: str, day: str) -> date | None:
    return _day(year, month_number(month), day)


def month_number(name: str) -> int | None:
    """1 to 12 for the name or abbreviation of a month in one of the languages, in any case."""
    folded = name.casefold()
    found = (names[folded] for names in map(_months, _LANGUAGES) if folded in names)
    return next(found, _COLLOQUIAL.get(folded))


@cache
def _months(language: str) -> Mapping[str, int]:
    from babel import Locale  # noqa: PLC0415 - most dates are numbers

    return {
        name.casefold().rstrip("."): month
        for context in Locale.parse(language).months.values()
        for width in ("wide", "abbreviated")
        for month, name in context.get(width, {}).items()
    }


def _day(year: str, month: str | int | None, day: str) -> date | None:
    if len(year) == 2:
        year = f"19{year}" if year >= "69" else f"20{year}"
    try:
        return date(int(year), int(month or 0), int(day)) if "1900" <= year < "2200" else None
    except ValueError:
        return None


_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], date | None]], ...] = (
    (_YMD, lambda m: _day(m[1], m[2], m[3])),
    (_DAY_MONTH, lambda m: _month_named(m[3], m[2], m[1])),
    (_MONTH_DAY, lambda m: _month_named(m[3], m[1], m[2])),
    (_DMY, _day_first),
)


def _day_only(day: date) -> Moment:
    return Moment(datetime.combine(day, time()), None, has_time=False)


def _with_clock(day: date, rest: str) -> Moment | None:
    m = _CLOCK.search(rest)
    if m is None:
        return None
    hour = int(m[1])
    if m[4]:
        hour = hour % 12 + (12 if m[4][0] in "pP" else 0)
    fraction = _FRACTION.search(m[0])
    micros = int(fraction[1].ljust(6, "0")) if fraction else 0
    try:
        clock = time(hour, int(m[2] or 0), int(m[3] or 0), micros)
    except ValueError:
        return None
    offset = _offset(m)
    if offset == timedelta(0) and clock == time():
        return _day_only(day)  # a day, written by a machine that had no time to write
    return Moment(datetime.combine(day, clock), offset, has_time=True)


def _offset(m: re.Match[str]) -> timedelta | None:
    if m[5]:
        away = timedelta(hours=int(m[6]), minutes=int(m[7] or 0))
        return (-away if m[5] == "-" else away) if away <= WIDEST_ZONE else None
    hours = _ZONES.get((m[8] or "").casefold())
    return None if hours is None else timedelta(hours=hours)


def _from_epoch(seconds: float) -> Moment:
    at = datetime.fromtimestamp(seconds / 1000 if seconds >= 1e11 else seconds, UTC)
    return Moment(at.replace(tzinfo=None), timedelta(0), has_time=True)
