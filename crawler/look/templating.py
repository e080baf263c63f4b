"""The templates, and the words in which they show numbers and times. Pure."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from models.clock import utc_now

FOLDER: Final = Path(__file__).parent
_UNITS: Final = (
    (timedelta(days=365), "year"),
    (timedelta(days=30), "month"),
    (timedelta(days=1), "day"),
    (timedelta(hours=1), "hour"),
    (timedelta(minutes=1), "minute"),
)


@lru_cache(maxsize=1)
def environment() -> Environment:
    """The templates of the application: escaped, and strict about names."""
    made = Environment(
        loader=FileSystemLoader(FOLDER / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {"number": number, "relative": relative, "utc": exact, "percent": percent}
    made.globals["now"] = utc_now
    return made


def number(value: float | None) -> str:
    """1234567 as '1,234,567', with one decimal if it has any; '' for None."""
    if value is None:
        return ""
    whole = int(value)
    return f"{whole:,}" if whole == value else f"{value:,.1f}"


def percent(share: float | None) -> str:
    """0.123 as '12 %'; '' for None."""
    return "" if share is None else f"{100 * share:.0f} %"


def exact(at: datetime | None) -> str:
    """A time in UTC, to the second; '' for None."""
    return "" if at is None else f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def relative(at: datetime | None, now: datetime | None = None) -> str:
    """A time as people say it: '3 hours ago', 'in 2 days', 'now'; '' for None."""
    if at is None:
        return ""
    gap = (now or utc_now()) - at
    for unit, name in _UNITS:
        count = abs(gap) // unit
        if count:
            words = f"{count} {name}{'' if count == 1 else 's'}"
            return f"{words} ago" if gap > timedelta(0) else f"in {words}"
    return "now"
