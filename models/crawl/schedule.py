"""When a site is looked at again, and when an article of it is. Pure: times in, times out."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

SHORTEST: Final = timedelta(minutes=5)
LONGEST: Final = timedelta(days=1)
UNKNOWN: Final = timedelta(hours=1)  # for a site whose pace is not known yet
SLOWEST_BACK_OFF: Final = timedelta(days=2)

# An article is asked for again at these ages, because most changes come early: corrections
# within the hour, updates within the day, rewrites of running stories within the week.
AGES: Final = (
    timedelta(hours=1),
    timedelta(hours=4),
    timedelta(days=1),
    timedelta(days=3),
    timedelta(days=10),
    timedelta(days=40),
)
_STRETCH: Final = 4.0  # by which a site's revisit yield makes these sooner or later, at most
FARTHEST_REVISIT: Final = AGES[-1] * _STRETCH * 1.25  # a later one is of a clock that was wrong
USUAL_YIELD: Final = 0.1  # share of revisits that find another text, where ages are as above
PRIOR_REVISITS: Final = 20  # the usual yield weighs as much as so many revisits of the site
JITTER: Final = 0.1  # of the interval: sites that are visited together drift apart
LEAST_PAUSE: Final = timedelta(minutes=15)  # between two looks at a page on a source's word
OF_ITS_AGE: Final = 0.1


@dataclass(frozen=True, slots=True)
class Bounds:
    """How often a site may be looked at, at most and at least."""

    shortest: timedelta = SHORTEST
    longest: timedelta = LONGEST


@dataclass(frozen=True, slots=True)
class RevisitYield:
    """What looking again at a site's articles has brought so far."""

    revisits: int = 0
    changed: int = 0  # of these, found another text


def usual_interval(new_articles: int, over: timedelta, bounds: Bounds | None = None) -> timedelta:
    """The time in which the site usually publishes one article.

    `new_articles` were first seen in the last `over`; a site without a history gets `UNKNOWN`.
    """
    bounds = bounds or Bounds()
    if over <= timedelta(0):
        return _within(UNKNOWN, bounds)
    return _within(over / (new_articles + 1), bounds)


def next_visit(
    now: datetime,
    interval: timedelta,
    *,
    failures: int = 0,
    asked_to_wait: timedelta | None = None,
    share: float = 0.0,
    first: bool = False,
) -> datetime:
    """When the site is due again.

    Each failure in a row doubles the interval, up to `SLOWEST_BACK_OFF`. `asked_to_wait` is
    what the site itself asked for: a Retry-After, the ttl of its feed. `share`, 0 to 1 and the
    site's own, spreads sites that were added together: widely after their `first` visit, and
    by at most `JITTER` of the interval from then on.
    """
    wait = interval * 2 ** min(failures, 12) if failures else interval
    wait = min(wait, max(SLOWEST_BACK_OFF, interval))
    spread = (1 + share) / 2 if first and share else 1 + JITTER * share
    asked = min(asked_to_wait or timedelta(0), SLOWEST_BACK_OFF)
    return now + max(wait * spread, min(SHORTEST, wait), asked)


def is_due(next_due_at: datetime | None, now: datetime, longest: timedelta) -> bool:
    """Whether the time has come; `longest` is the longest that the site is ever left alone.

    A time further off than anything could have set is of a clock that was wrong: it is due.
    """
    if next_due_at is None or next_due_at <= now:
        return True
    return next_due_at - now > max(longest, SLOWEST_BACK_OFF) * (1 + 2 * JITTER)


def share_of(name: str) -> float:
    """A number from 0 to 1 that is a site's own and always the same."""
    return int.from_bytes(sha256(name.encode()).digest()[:4]) / 2**32


def next_revisit(
    now: datetime, published_at: datetime, revisit_yield: RevisitYield
) -> datetime | None:
    """When an article of that date is due for a revisit; None: only when somebody asks.

    It is revisited when it reaches one of `AGES`. A site whose revisits find another text more
    often than usual is revisited sooner, one whose yield is lower later, by at most four times.
    """
    found = (revisit_yield.changed + USUAL_YIELD * PRIOR_REVISITS) / (
        revisit_yield.revisits + PRIOR_REVISITS
    )
    stretch = min(_STRETCH, max(1 / _STRETCH, USUAL_YIELD / found)) if found > 0 else _STRETCH
    return next(
        (published_at + age * stretch for age in AGES if published_at + age * stretch > now), None
    )


def revisit_on_hint(now: datetime, published_at: datetime, fetched: datetime) -> datetime:
    """When a page is asked for again that a source says was modified after it was fetched.

    Some sitemaps call every page modified at every visit; most pages have changed the less the
    older they are. So a tenth of the page's age passes between two looks on a source's word.
    """
    pause = max(LEAST_PAUSE, (fetched - published_at) * OF_ITS_AGE)
    return max(now, fetched + pause)


def _within(interval: timedelta, bounds: Bounds) -> timedelta:
    return max(bounds.shortest, min(interval, bounds.longest))
