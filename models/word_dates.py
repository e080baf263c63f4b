"""Days whose month is written as a word, in any of many languages."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Final, NamedTuple

from models.calendars import JALALI_MONTHS, from_jalali, gregorian_year
from models.months import is_between, month_at, spans

_SUFFIX: Final = 4  # letters: 18th, 1er, 18-án, 2026-yil
_TIME_FOLLOWS: Final = re.compile(r"\s+\d\d:\d\d")
_ORDERS: Final = ("dmy", "mdy", "ymd", "ydm")


class DayFound(NamedTuple):
    """A day, and where in the text it stands."""

    day: date
    start: int
    end: int


class _Part(NamedTuple):
    kind: str  # 'd' a number of one or two digits, 'y' one of four, 'm' a month, '' another word
    value: int
    start: int
    end: int
    language: str = ""  # that has the month's name; 'jalali' for a Persian month


def find_word_date(text: str, language: str | None) -> DayFound | None:
    """The first day in a folded text that names its month; `language` as in `months.month_at`."""
    parts = list(_parts(text, language))
    for at in range(len(parts) - 2):
        three = parts[at : at + 3]
        kinds = "".join(part.kind for part in three)
        if kinds == "dmd" and _TIME_FOLLOWS.match(text, three[2].end):
            year = year_of(f"{three[2].value:02}")  # two digits in RFC 822
            three[2] = three[2]._replace(kind="y", value=year)
            kinds = "dmy"
        elif kinds == "dmd" and three[1].language == "th":
            three[2] = three[2]._replace(kind="y", value=2500 + three[2].value)
            kinds = "dmy"
        if kinds in _ORDERS and (day := _day({part.kind: part for part in three})):
            return DayFound(day, three[0].start, three[2].end)
    return None


def year_of(digits: str) -> int:
    """A year of four digits, or of two: from 1969 on, as in the dates of e-mails."""
    year = int(digits)
    return year if len(digits) > 2 else 1900 + year if year >= 69 else 2000 + year


def day_of(year: int, month: int, day: int) -> date | None:
    """The day, if there is one, in the years of which a newspaper could write it."""
    try:
        return date(year, month, day) if 1900 <= year < 2200 else None
    except ValueError:
        return None


def _day(parts: dict[str, _Part]) -> date | None:
    year, month, day = parts["y"].value, parts["m"], parts["d"].value
    if month.language == "jalali":
        return from_jalali(year, month.value, day, named=True)
    return day_of(gregorian_year(year, month.language == "th"), month.value, day)


def _parts(text: str, language: str | None) -> Iterator[_Part]:
    """Numbers, months and other words; words that stand between them are left out."""
    found = spans(text)
    words = [word for word, _, _ in found]
    at = 0
    while at < len(found):
        word, start, end = found[at]
        if named := month_at(words, at, language):
            month, count, spoken = named
            yield _Part("m", month, start, found[at + count - 1][2], spoken)
            at += count
            continue
        if word.isdigit():
            yield _number(word, start, end, text)
        elif jalali := JALALI_MONTHS.get(word):
            yield _Part("m", jalali, start, end, "jalali")
        elif not (is_between(word) or _is_suffix(found, at, text)):
            yield _Part("", 0, start, end)
        at += 1


def _number(word: str, start: int, end: int, text: str) -> _Part:
    of_clock = text[max(0, start - 1) : start] == ":" or text[end : end + 1] == ":"
    kind = "" if of_clock else {1: "d", 2: "d", 4: "y"}.get(len(word), "")
    return _Part(kind, int(word) if kind else 0, start, end)


def _is_suffix(found: list[tuple[str, int, int]], at: int, text: str) -> bool:
    """Whether a word is the short end of the number before it: "18th", "18-án"."""
    if not at:
        return False
    (before, _, end), (word, start, _) = found[at - 1], found[at]
    return before.isdigit() and len(word) <= _SUFFIX and text[end:start] in ("", "-", "'", "’")
