"""Times of day as publishers write them beside a date, in many languages."""

import re
from datetime import time, timedelta
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from models.months import spans

# Names of the parts of a day in the CLDR (benchmarks/day_periods.py writes the table).
TABLE: Final = Path(__file__).with_name("day_periods.tsv")
WIDEST_ZONE = timedelta(hours=14)
_MOST_TOKENS: Final = 4  # of a part's name: "p m", "de la tarde"
_UNSAID: Final = "-" * 12
# Hours from UTC. IST and CST are left out: they mean other hours in India, Ireland and Israel, in
# China and America.
_ZONES: Final = {
    **{"z": 0, "utc": 0, "gmt": 0, "wet": 0, "west": 1, "bst": 1, "cet": 1, "mez": 1},
    **{"cest": 2, "mesz": 2, "sast": 2, "eet": 2, "eest": 3, "msk": 3},
    **{"wib": 7, "hkt": 8, "jst": 9, "kst": 9, "aest": 10, "aedt": 11, "nzst": 12, "nzdt": 13},
    **{"trt": 3, "tsi": 3, "pkt": 5, "wita": 8, "sgt": 8, "myt": 8, "awst": 8, "brt": -3},
    **{"est": -5, "edt": -4, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8, "pdt": -7},
}
# The sign of the hour, folded: 14h05, 9 Uhr, 14 giờ 05, 14 val. 05 min., 14시 5분, 14時05分
_HOUR_SIGN: Final = "h|uhr|uur|gio|val|시|時|时|点|點"
_CLOCK: Final = re.compile(
    r"(?<![\d:.])(?P<hour>\d{1,2})(?:"
    r"(?P<sign>:|\.(?=\d\d(?![.,]?\d|\s?%))|(?=\s?h?\s?[ap]\.?\s?m\b)|"
    rf"\s?(?:{_HOUR_SIGN})(?![^\W\d_])\.?(?:\s?(?=\d\d?(?:\D|$))|(?=\s*(?:$|[^\w\s]))))"
    r"(?P<minute>\d\d?(?!\d))?(?:[:.](?P<second>\d\d(?!\d))(?:[.,](?P<fraction>\d{1,9}))?)?)"
)
_BEHIND: Final = re.compile(  # what a clock is followed by: 14h05min, 14:05 Uhr, 14.05 น.
    r"\s?(?:분|分|min(?:uten)?\b|h(?:rs?)?\b|uhr\b|uur\b|น|ч\b|sati\b|hodin\b)?[.,]?"
)
_ZONE: Final = re.compile(
    r"[.\s]*[(\[]?\s*(?:(?P<name>[a-z]{1,4})(?![a-z]))?"
    r"(?:\s?(?P<away>[+-])(?P<hours>\d\d?)(?!\d{3})(?::?(?P<minutes>\d\d))?(?![:\d]))?"
)


class ClockFound(NamedTuple):
    """A time of day, and its distance from UTC if that is written."""

    clock: time
    offset: timedelta | None


def clock_behind(text: str, language: str) -> ClockFound | None:
    """The time in a folded text that follows a date; a number that comes first ends the search."""
    found = re.match(r"\D*", text)
    return _read(text, found.end(), language) if found else None


def clock_before(text: str, language: str) -> ClockFound | None:
    """The time in a folded text that leads up to a date, its last number."""
    at = [m.start() for m in _CLOCK.finditer(text)]
    return _read(text, at[-1], language) if at else None


def _read(text: str, at: int, language: str) -> ClockFound | None:
    m = _CLOCK.match(text, at)
    if m is None or (m["sign"] == ":" and (m["minute"] is None or len(m["minute"]) < 2)):
        return None
    hour, unit = int(m["hour"]), _BEHIND.match(text, m.end())
    end = unit.end() if unit else m.end()
    half, behind = _half(text, (m.start(), end), hour, language) if 1 <= hour <= 12 else ("", end)
    hour = hour % 12 + (12 if half == "p" else 0) if half else hour
    micros = int((m["fraction"] or "0")[:6].ljust(6, "0"))
    try:
        clock = time(hour, int(m["minute"] or 0), int(m["second"] or 0), micros)
    except ValueError:
        return None
    return ClockFound(clock, _offset(text, behind))


def _half(text: str, clock: tuple[int, int], hour: int, language: str) -> tuple[str, int]:
    """'a' or 'p' by the name of a part of the day beside the clock, and where reading goes on."""
    start, end = clock
    known = _halves()
    names = {**known["en"], **known.get(language, {})}
    behind, before = spans(text[end:]), spans(text[:start])
    if behind and not _parted(text[end : end + behind[0][1]]):
        for count in range(_MOST_TOKENS, 0, -1):
            name = " ".join(word for word, _, _ in behind[:count])
            if (half := names.get(name, _UNSAID)[hour % 12]) != "-":
                return half, end + behind[min(count, len(behind)) - 1][2]
    if before and not _parted(text[before[-1][2] : start]):
        for count in range(_MOST_TOKENS, 0, -1):
            name = " ".join(word for word, _, _ in before[-count:])
            if (half := names.get(name, _UNSAID)[hour % 12]) != "-":
                return half, end
    return "", end


def _parted(between: str) -> bool:
    return bool(between.strip(" \u00a0\u202f."))


def _offset(text: str, at: int) -> timedelta | None:
    m = _ZONE.match(text, at)
    if m is None:
        return None
    named = _ZONES.get(m["name"]) if m["name"] else None
    if m["away"] and (named == 0 if m["name"] else len(m["hours"]) == 2):
        away = timedelta(hours=int(m["hours"]), minutes=int(m["minutes"] or 0))
        return (-away if m["away"] == "-" else away) if away <= WIDEST_ZONE else None
    return None if named is None else timedelta(hours=named)


@cache
def _halves() -> dict[str, dict[str, str]]:
    names: dict[str, dict[str, str]] = {}
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        language, name, halves = line.split("\t")
        names.setdefault(language, {})[name] = halves
    return names
