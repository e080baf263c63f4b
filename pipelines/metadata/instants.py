"""Candidates for a date compared: which one completes another, and in which zone it is written."""

from collections.abc import Sequence
from datetime import timedelta

from models.clock_times import WIDEST_ZONE
from models.dates import Moment

Candidate = tuple[str, Moment]  # source, date
_ZERO, _MINUTE = timedelta(0), timedelta(minutes=1)
_ON_PAGE = frozenset({"jsonld", "meta", "time", "text"})


def best_of(candidates: Sequence[Candidate]) -> Candidate | None:
    """The first; or, if it lacks time or zone, the first later one that completes it."""
    if not candidates or candidates[0][1].zoned:
        return candidates[0] if candidates else None
    first = candidates[0]
    return next((c for c in candidates if c[1].zoned and _completes(c[1], first[1])), first)


def _completes(instant: Moment, rough: Moment) -> bool:
    if not rough.has_time:
        return rough.wall.date() in (instant.wall.date(), instant.at.date())
    apart = instant.at.replace(tzinfo=None) - rough.wall
    quarters = apart / timedelta(minutes=15)
    same_minute = abs(quarters - round(quarters)) < 0.1  # zones differ by quarters of an hour
    return abs(apart) <= WIDEST_ZONE and same_minute


def offset_of(best: Candidate, candidates: Sequence[Candidate]) -> int | None:
    """The zone in which the page writes its time, in minutes.

    Machines write UTC: then another field of the page may have the same minute in another zone,
    or as a clock without one. What a feed or sitemap says has lost its zone.
    """
    source, moment = best
    if not moment.zoned or moment.offset is None:
        return None
    minutes = [
        *(m.offset for _, m in candidates if m.zoned and abs(m.at - moment.at) < _MINUTE),
        *(_apart(m, moment) for _, m in candidates if m.has_time and not m.zoned),
    ]
    written = [moment.offset, *(offset for offset in minutes if offset is not None)]
    first = next((offset for offset in written if offset), _ZERO)
    if not first and source not in _ON_PAGE:
        return None
    return round(first / _MINUTE)


def _apart(clock: Moment, instant: Moment) -> timedelta | None:
    """How far a clock without a zone is ahead of the instant that it shows; None for another."""
    if not _completes(instant, clock):
        return None
    quarter = timedelta(minutes=15)
    return round((clock.wall - instant.at.replace(tzinfo=None)) / quarter) * quarter
