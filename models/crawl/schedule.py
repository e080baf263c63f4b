"""When a site is looked at again, and when an article of it is. Pure: times in, times out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from math import sqrt
from typing import Final

SHORTEST: Final = timedelta(minutes=5)
LONGEST: Final = timedelta(days=1)
UNKNOWN: Final = timedelta(hours=1)  # for a site whose pace is not known yet
SLOWEST_BACK_OFF: Final = timedelta(days=2)

# A new article must not wait for as long as its site takes to write the next one
NEWS_WAITS: Final = timedelta(minutes=90)  # between two looks at the sources of a site at work
SELDOM: Final = 16  # looks in the time of one article, where a site publishes more seldom

# An article is looked at again at these ages, because most changes come early: corrections
# within the hour, updates within the day, rewrites of running stories within the week. So an
# edit at the age of 0.3, 6, 20 or 60 hours is seen within 1, 4, 8 or 24 hours.
AGES: Final = (
    timedelta(hours=1.1),
    timedelta(hours=9.5),
    timedelta(hours=27),
    timedelta(hours=80),
    timedelta(days=40),
)
QUIET_AGES: Final = (AGES[2], AGES[-1])  # of a site that edits next to nothing
BUSY_AGES: Final = (  # of a site that edits much: a look between each two
    timedelta(hours=0.5),
    timedelta(hours=1.1),
    timedelta(hours=3.2),
    timedelta(hours=9.5),
    timedelta(hours=16),
    timedelta(hours=27),
    timedelta(hours=46),
    timedelta(hours=80),
    timedelta(days=12),
    timedelta(days=40),
)
ALMOST: Final = 0.8  # of one of these ages: a fetch so late stands for the look
QUIET: Final = 0.01  # share of looks that find another text: below, a site is quiet ...
BUSY: Final = 0.1  # ... and from here on busy
USUAL_YIELD: Final = 0.06  # of a site of which nothing is known, weighed as so many looks:
PRIOR_REVISITS: Final = 10  # fifty looks that find nothing make a site quiet
FARTHEST_REVISIT: Final = timedelta(days=200)  # a later one is of a clock that was wrong
GATHER: Final = timedelta(minutes=5)  # looks that fall due in this time share a visit
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
    """How often the sources of a site are read that published so many articles in the last `over`.

    In the time in which it usually publishes one; where that is longer than `NEWS_WAITS`, then
    in this, or in a sixteenth of it if that is longer. Without a history: `UNKNOWN`.
    """
    bounds = bounds or Bounds()
    if over <= timedelta(0):
        return _within(UNKNOWN, bounds)
    one = over / (new_articles + 1)
    return _within(min(one, max(NEWS_WAITS, one / SELDOM)), bounds)


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


def ages_of(revisit_yield: RevisitYield) -> tuple[timedelta, ...]:
    """The ages at which the articles of a site are looked at again, by what that brought so far."""
    found = (revisit_yield.changed + USUAL_YIELD * PRIOR_REVISITS) / (
        revisit_yield.revisits + PRIOR_REVISITS
    )
    return QUIET_AGES if found < QUIET else AGES if found < BUSY else BUSY_AGES


def next_revisit(
    now: datetime, published_at: datetime, revisit_yield: RevisitYield, *, revised: bool = False
) -> datetime | None:
    """When an article that was fetched `now` is due for a revisit; None: only when asked for.

    It is due at the next of its site's ages, but for one that it has almost reached. On a busy
    site, an article that was just `revised` is due in the middle between its age and that one.
    """
    age, ages = max(now - published_at, timedelta(0)), ages_of(revisit_yield)
    due = next((one for one in ages if age < one * ALMOST), None)
    if due is None:
        return None
    if revised and ages is BUSY_AGES:
        due = _middle(age, due)
    return max(published_at + due, now + LEAST_PAUSE)


def next_due(sources_due: datetime, revisits: Sequence[datetime], earliest: datetime) -> datetime:
    """When a site is visited again: when its sources are due, or sooner for revisits alone.

    `revisits`: when its next revisits are due, soonest first. One waits for a few minutes if
    others, or the sources, then share its visit. Nothing comes before `earliest`.
    """
    due = sources_due
    if revisits and revisits[0] < sources_due:
        late = revisits[0] + GATHER
        due = sources_due if sources_due <= late else max(r for r in revisits if r <= late)
    return max(due, earliest)


def revisit_on_hint(now: datetime, published_at: datetime, fetched: datetime) -> datetime:
    """When a page is asked for again that a source says was modified after it was fetched.

    Some sitemaps call every page modified at every visit; most pages have changed the less the
    older they are. So a tenth of the page's age passes between two looks on a source's word.
    """
    pause = max(LEAST_PAUSE, (fetched - published_at) * OF_ITS_AGE)
    return max(now, fetched + pause)


def _within(interval: timedelta, bounds: Bounds) -> timedelta:
    return max(bounds.shortest, min(interval, bounds.longest))


def _middle(one: timedelta, other: timedelta) -> timedelta:
    """As many times the one as the other is times it."""
    return timedelta(seconds=sqrt(one.total_seconds() * other.total_seconds()))
