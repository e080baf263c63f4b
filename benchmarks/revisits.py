"""How soon an edit is seen and what that costs, by the pure rules of the schedule.

    python -m benchmarks.revisits [--days 40] [--seed 1]

Simulates sites that publish 1, 12 and 200 articles a day: their visits, their articles, and the
edits that their publishers make. An edit is seen when its page is next fetched, be it for the
first time. Requests are those for articles, until the last look at each; sources are counted by
themselves.
"""

import argparse
import random
import sys
from bisect import bisect_right, insort
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from statistics import median

from models.crawl.schedule import (
    GATHER,
    Bounds,
    RevisitYield,
    next_due,
    next_revisit,
    next_visit,
    share_of,
    usual_interval,
)

START = datetime(2026, 1, 1, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
CRON = timedelta(minutes=5)  # between two runs of `scrapy visit`
TAIL = timedelta(days=42)  # until the last article had its last look
PACE_OVER = timedelta(days=14)
EDIT_AGES = (0.3, 6.0, 20.0, 60.0)  # hours
LIMITS = {0.3: 1.0, 6.0: 4.0, 20.0: 8.0, 60.0: 24.0}  # hours: the median lag is asked to be less

Edits = Callable[[random.Random, int], Sequence[float]]  # ages of an article's edits, in hours


@dataclass(slots=True)
class Publication:
    """An article of the simulated site."""

    published_at: datetime
    edits: Sequence[float]  # ages in hours
    fetched_at: datetime | None = None  # last
    requests: int = 0


@dataclass(slots=True)
class Result:
    """What came of a simulation."""

    stories: list[Publication]
    lags: dict[float, list[float]] = field(default_factory=dict)  # hours, by the edit's age
    visits: int = 0
    readings: int = 0  # visits that read the sources

    def requests(self, since: timedelta = timedelta(0)) -> float:
        """Requests an article, of those published `since` so long after the start."""
        counted = [s.requests for s in self.stories if s.published_at >= START + since]
        return sum(counted) / len(counted)

    def lag(self, age: float) -> float:
        """The median, in hours, of the time until an edit at that age was seen."""
        return median(self.lags[age])

    def all_lags(self) -> list[float]:
        """Of all edits, in hours."""
        return [lag for lags in self.lags.values() for lag in lags]


def none(_random: random.Random, _number: int) -> Sequence[float]:
    """No article is ever edited."""
    return ()


def one_in_ten(_random: random.Random, number: int) -> Sequence[float]:
    """One article in ten is edited once, at one of the ages."""
    return () if number % 10 else (EDIT_AGES[number // 10 % len(EDIT_AGES)],)


def thrice(rng: random.Random, _number: int) -> Sequence[float]:
    """Every article is edited three times on its first day."""
    return sorted(round(rng.uniform(0.2, 24), 2) for _ in range(3))


def simulate(per_day: float, edits: Edits, days: int = 40, seed: int = 1) -> Result:
    """The visits of a site that publishes so many articles a day, at any hour."""
    rng = random.Random(seed)
    hours = sorted(rng.uniform(0, 24 * days) for _ in range(round(per_day * days)))
    stories = [Publication(START + h * HOUR, edits(rng, n)) for n, h in enumerate(hours)]
    return _Site(Result(stories)).run(START + days * DAY + TAIL)


class _Site:
    """A site under simulation, with what Winnow's database would hold of it."""

    def __init__(self, result: Result) -> None:
        self.result = result
        self.found = 0  # stories, in the order of publication
        self.recent = 0  # the first of the stories that count for the pace
        self.due: list[tuple[datetime, int]] = []  # revisits, soonest first
        self.brought = RevisitYield()

    def run(self, end: datetime) -> Result:
        now, sources_due, first = START, START, True
        while now < end:
            self.result.visits += 1
            brought = self.brought  # as it was when the run began
            if sources_due <= now:
                self.result.readings += 1
                self._read_sources(now, brought)
                sources_due = next_visit(
                    now, self._interval(now), share=share_of("simulated"), first=first
                )
                first = False
            self._revisit(now, brought)
            gathered = [at for at, _ in self.due[:50] if at <= self.due[0][0] + GATHER]
            due = next_due(sources_due, gathered, now + Bounds().shortest)
            now = START + -((START - due) // CRON) * CRON  # cron's next run
        return self.result

    def _interval(self, now: datetime) -> timedelta:
        while (
            self.recent < self.found
            and self.result.stories[self.recent].published_at <= now - PACE_OVER
        ):
            self.recent += 1
        recent = self.found - self.recent
        over = max(min(now - START, PACE_OVER), DAY)
        return usual_interval(recent, over if recent or now - START > DAY else timedelta(0))

    def _read_sources(self, now: datetime, brought: RevisitYield) -> None:
        stories = self.result.stories
        while self.found < len(stories) and stories[self.found].published_at <= now:
            self._fetch(self.found, now, brought)
            self.found += 1

    def _revisit(self, now: datetime, brought: RevisitYield) -> None:
        come = bisect_right(self.due, (now, len(self.result.stories)))
        numbers, self.due = [number for _, number in self.due[:come]], self.due[come:]
        for number in numbers:
            self._fetch(number, now, brought)

    def _fetch(self, number: int, now: datetime, brought: RevisitYield) -> None:
        story = self.result.stories[number]
        before = story.fetched_at
        new = [
            age for age in story.edits
            if (before is None or story.published_at + age * HOUR > before)
            and story.published_at + age * HOUR <= now
        ]  # fmt: skip
        for age in new:
            lag = (now - story.published_at) / HOUR - age
            self.result.lags.setdefault(age, []).append(lag)
        if before is not None:
            self.brought = RevisitYield(self.brought.revisits + 1, self.brought.changed + bool(new))
        story.fetched_at = now
        story.requests += 1
        again = next_revisit(
            now, story.published_at, brought, revised=before is not None and bool(new)
        )
        if again is not None:
            insort(self.due, (again, number))


def main(words: Sequence[str] | None = None) -> int:
    """Prints the table; ends with 1 where a floor is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(words)
    missed = False
    print(
        "articles/day  edits       lag in hours of an edit at     requests an article  visits/day"
    )
    print(
        "                           0.3     6    20    60 h      all days  second half  (sources)"
    )
    for edits, most in ((one_in_ten, 6.0), (none, 3.0), (thrice, None)):
        for per_day in (1, 12, 200):
            result = simulate(per_day, edits, options.days, options.seed)
            late = result.requests(timedelta(days=options.days / 2))
            if edits is one_in_ten:
                lags = [result.lag(age) for age in EDIT_AGES]
                missed |= any(lag >= LIMITS[age] for age, lag in zip(EDIT_AGES, lags, strict=True))
                shown = "".join(f"{lag:6.1f}" for lag in lags)
            else:
                found = result.all_lags()
                shown = f"   median {median(found):5.1f}       " if found else " " * 24
            missed |= most is not None and late > most
            days = options.days + TAIL / DAY
            print(
                f"{per_day:12}  {edits.__name__:10} {shown}  {result.requests():12.1f}"
                f"  {late:11.1f}  {result.visits / days:9.0f} ({result.readings / days:.0f})"
            )
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
