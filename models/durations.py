"""Lengths of time as people write them (90s, 50m, 1h, 30d, 4w) and as they are told."""

import re
from datetime import timedelta
from typing import Final

_DURATION: Final = re.compile(r"(\d{1,6})\s*([smhdw])")
_UNITS: Final = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def duration(value: object) -> timedelta:
    """The length of time written as `value`; the ValueError says what to write instead."""
    match = _DURATION.fullmatch(value) if isinstance(value, str) else None
    if match is None or int(match[1]) == 0:
        raise ValueError(f'{value!r} is no length of time; write e.g. "50m", "1h" or "30d"')
    return timedelta(**{_UNITS[match[2]]: int(match[1])})


def spoken(length: timedelta) -> str:
    """A length in its two largest units: '0 s', '4 min 10 s', '2 h 5 min', '3 d'."""
    seconds = int(length.total_seconds())
    days, hours, minutes = seconds // 86_400, seconds // 3600 % 24, seconds // 60 % 60
    numbers = {"d": days, "h": hours, "min": minutes, "s": seconds % 60}
    largest = next((n for n, number in enumerate(numbers.values()) if number), 3)
    two = list(numbers.items())[largest : largest + 2]
    return " ".join(f"{number} {unit}" for unit, number in two if number) or "0 s"
