"""Lengths of time as people write them: 90s, 50m, 1h, 30d, 4w."""

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
