"""When a site is looked at again, and when an article of it is. Pure: times in, times out."""

from dataclasses import dataclass
from datetime import datetime, timedelta
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
USUAL_EARNING: Final = 0.1  # share of revisits that find another text, where ages are as above
PRIOR_REVISITS: Final = 20  # the usual earning weighs as much as so many revisits of the site


@dataclass(frozen=True, slots=True)
class Bounds:
    """How often a site may be looked at, at most and at least."""

    shortest: timedelta = SHORTEST
    longest: timedelta = LONGEST


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
) -> datetime:
    """When the site is due again.

    Each failure in a row doubles the interval, up to `SLOWEST_BACK_OFF`. `asked_to_wait` is
    what the site itself asked for: a Retry-After, the ttl of its feed.
    """
    wait = interval * 2 ** min(failures, 12) if failures else interval
    wait = min(wait, max(SLOWEST_BACK_OFF, interval))
    return now + max(wait, asked_to_wait or timedelta(0))


def next_revisit(
    now: datetime, born: datetime, revisits: int, changed: int, *, site_revisits: int = 0
) -> datetime | None:
    """When an article, `born` then, is worth another look; None: when somebody asks.

    Of the site's `site_revisits`, `changed` found another text: a site that earns more than
    the usual share is looked at sooner, one that earns less later, by at most four times.
    `revisits` is how often this article was asked for again already.
    """
    if revisits >= len(AGES):
        return None
    earning = (changed + USUAL_EARNING * PRIOR_REVISITS) / (site_revisits + PRIOR_REVISITS)
    stretch = min(4.0, max(0.25, USUAL_EARNING / earning)) if earning > 0 else 4.0
    for age in AGES[revisits:]:
        due = born + age * stretch
        if due > now:
            return due
    return None


def _within(interval: timedelta, bounds: Bounds) -> timedelta:
    return max(bounds.shortest, min(interval, bounds.longest))
