"""Dates as sitemaps and feeds write them, with how precise they are."""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

_ZONE_WITHOUT_COLON: Final = re.compile(r"([+-]\d\d)(\d\d)$")
_FRACTION: Final = re.compile(r"\.(\d{1,6})\d*")
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d$")
_UNKNOWN_ZONE: Final = re.compile(r"\s-0000$")


def read_date(text: str | None) -> tuple[datetime | None, str | None]:
    """An aware UTC time and 'time', or midnight UTC and 'day'; (None, None) for what is no date.

    Reads W3C datetimes (ISO 8601) and RFC 822. A clock time without a zone says no more than
    the day; a year or month alone is no date.
    """
    text = (text or "").strip()[:60]
    if not text:
        return None, None
    value = _iso(text) if text[:1].isdigit() and text[4:5] == "-" else _rfc822(text)
    if value is None:
        return None, None
    if value.tzinfo is None or _DAY.match(text):
        return value.replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=UTC), "day"
    try:
        return value.astimezone(UTC), "time"
    except OverflowError:
        return None, None


def _iso(text: str) -> datetime | None:
    text = _ZONE_WITHOUT_COLON.sub(r"\1:\2", text.replace(" ", "T", 1).replace(" ", ""))
    try:
        return datetime.fromisoformat(_FRACTION.sub(r".\1", text))
    except ValueError:
        return None


def _rfc822(text: str) -> datetime | None:
    try:
        value = parsedate_to_datetime(text)
    except (ValueError, IndexError, OverflowError, TypeError):
        return None
    return value.replace(tzinfo=None) if _UNKNOWN_ZONE.search(text) else value
