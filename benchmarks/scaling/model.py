"""The model: closed formulas for what the simulation counts, site by site.

A site is read every so often as `schedule` says, rounded up to the next `visit --fleet`; its
articles are looked at again at the ages of its kind; looks that no reading takes along make visits
of their own. From that follow requests, CPU, transactions, and how long an article waits.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, exp
from typing import Final

from benchmarks.scaling.fleet import (
    ANSWER,
    BATCH,
    CHANGED,
    DELAY,
    NEW,
    SOURCES,
    UNCHANGED,
    VISIT,
    Cost,
    Fleet,
)
from benchmarks.scaling.site import PACE_OVER
from benchmarks.scaling.workload import SECONDS_A_DAY, SimSite
from models.crawl.schedule import (
    ALMOST,
    BUSY_AGES,
    GATHER,
    JITTER,
    SHORTEST,
    ages_of,
    usual_interval,
)

ROUNDS: Final = 6  # how often a site is read, and how long that takes, depend on each other
EDITS_A_BUSY_DAY: Final = 3  # what `thrice` makes, in an article's first day
_LAST: Final = 0.4  # of a batch: what the last one of a hand-out counts for
_MANY: Final = 400  # requests: no visit of the model has more


@dataclass(frozen=True, slots=True)
class SiteRates:
    """What one site brings in a day."""

    readings: float
    alone: float  # visits for looks alone
    new: float
    looks: float
    changed: float  # of the looks
    cycle: float  # seconds between two readings
    takes: float  # seconds of a visit that reads
    uploads: float  # visits that bring a page, each a file of the archive

    @property
    def visits(self) -> float:
        """All of them."""
        return self.readings + self.alone


@dataclass(frozen=True, slots=True)
class Load:
    """What all sites together ask of a fleet, in a day, and what comes of it."""

    sites: int
    readings: float
    visits: float
    new: float
    unchanged: float
    changed: float
    latency: float  # mean seconds from publication to stored, while nothing is overloaded
    batch: float  # seconds that a batch takes
    uploads: float  # files of the archive

    def total(self, field: str) -> float:
        """Seconds, transactions, rows or bytes of a day, by the name of the field of `Cost`."""
        parts: tuple[tuple[Cost, float], ...] = (
            (NEW, self.new), (UNCHANGED, self.unchanged),
            (CHANGED, self.changed), (VISIT, self.visits),
        )  # fmt: skip
        return sum(float(getattr(cost, field)) * many for cost, many in parts)

    @property
    def pages(self) -> float:
        """Pages that are fetched."""
        return self.new + self.unchanged + self.changed

    @property
    def requests(self) -> float:
        """The sources' too."""
        return self.pages + SOURCES * self.readings

    def batches(self, tick: float) -> float:
        """Messages; the last of each hand-out is not full."""
        return min(self.visits, self.visits / BATCH + _LAST * SECONDS_A_DAY / tick)

    def slots(self, fleet: Fleet) -> float:
        """Share of the time that batches fill the workers; above 1 the queue grows for ever."""
        return self.batches(fleet.tick) * self.batch / SECONDS_A_DAY / fleet.slots

    def cpu(self, fleet: Fleet) -> float:
        """Share of the workers' cores."""
        return self.total("cpu") / SECONDS_A_DAY / (fleet.workers * fleet.cores * fleet.speed)

    def database(self, fleet: Fleet) -> float:
        """Share of the transactions that the database can commit."""
        return self.total("commits") / SECONDS_A_DAY / fleet.writes

    def queue_age(self, fleet: Fleet) -> float:
        """Mean seconds that a batch waits: each hand-out's batches come at once."""
        waves = self.batches(fleet.tick) * fleet.tick / SECONDS_A_DAY / fleet.slots
        return max(0.0, (waves - 1) / 2 * self.batch)


def load(sites: Sequence[SimSite], fleet: Fleet) -> Load:
    """Adds the sites up."""
    rates = [rates_of(site, fleet.tick) for site in sites]
    new = sum(rate.new for rate in rates)
    waits = sum(rate.new * (rate.cycle / 2 + rate.takes) for rate in rates) / new
    return Load(
        sites=len(rates),
        readings=sum(rate.readings for rate in rates),
        visits=sum(rate.visits for rate in rates),
        new=new,
        unchanged=sum(rate.looks - rate.changed for rate in rates),
        changed=sum(rate.changed for rate in rates),
        latency=waits,
        batch=_batch(rates),
        uploads=sum(rate.uploads for rate in rates),
    )


def rates_of(site: SimSite, tick: float) -> SiteRates:
    """One site, in a steady state."""
    fortnight = round(site.per_day * PACE_OVER.days)
    every = usual_interval(fortnight, PACE_OVER).total_seconds() * (1 + JITTER * site.share)
    second = site.per_day / SECONDS_A_DAY
    takes = SOURCES * DELAY + ANSWER
    cycle, looks, changed = every, 0.0, 0.0
    for _ in range(ROUNDS):
        cycle = ceil((every + takes) / tick) * tick
        looks, changed = _looks(site, cycle)
        alone = _alone(looks * second, cycle, tick, takes)
        pages = cycle * second + looks * second * (cycle / (alone + 1))
        takes = (SOURCES + pages) * DELAY + ANSWER
    readings = SECONDS_A_DAY / cycle
    empty = exp(-second * (cycle + looks * cycle / (alone + 1)))
    return SiteRates(
        readings, readings * alone, site.per_day, looks * site.per_day,
        changed * site.per_day, cycle, SOURCES * DELAY + ANSWER + cycle * second * DELAY / 2,
        readings * (1 - empty + alone),
    )  # fmt: skip


def _alone(rate: float, cycle: float, tick: float, takes: float) -> float:
    """Visits for looks alone between two readings, for looks that fall due at `rate` a second.

    The first look that is due calls for one, others join it for a few minutes, and none begins
    soon after the visit before; one that falls due just before the reading waits for it. So they
    are a renewal process, of which the count in a time is known by mean and variance.
    """
    gather = GATHER.total_seconds()
    room = cycle - gather
    if not rate or room <= 0:
        return 0.0
    joined = gather - (1 - exp(-rate * gather)) / rate  # until the last of them
    least = ceil((SHORTEST.total_seconds() + takes) / tick)
    each = exp(-rate * tick)  # that no look falls due until the next hand-out
    later = exp(rate * joined) * each**least / (1 - each)  # the sum over all that follow
    ticks = least + later
    squares = least**2 + later * (2 * least + 1 + 2 * each / (1 - each))
    variation = squares / ticks**2 - 1
    return max(0.0, room / (ticks * tick) - (1 - variation) / 2)


def _looks(site: SimSite, cycle: float) -> tuple[float, float]:
    """Looks at an article after its first fetch, and how many of them find another text.

    An age is left out if the fetch before comes when it is almost reached.
    """
    ages = [age.total_seconds() for age in ages_of(site.kind.yield_)]
    looks = sum(min(1.0, ALMOST * age / cycle) for age in ages)
    found = site.kind.yield_.changed / max(1, site.kind.yield_.revisits)
    if len(ages) < len(BUSY_AGES):
        return looks, looks * found
    day, before, changed = float(SECONDS_A_DAY), 0.0, 0.0
    for age in [age for age in ages if age >= cycle / 2]:
        share = max(0.0, min(age, day) - before) / day
        changed += 1 - (1 - share) ** EDITS_A_BUSY_DAY
        before = age
    return looks + changed * _ONE_MORE, changed


_ONE_MORE: Final = 0.5  # of a look that found another text: the one in the middle to the next age


def _batch(rates: Sequence[SiteRates]) -> float:
    """Mean seconds that a batch takes: as long as the longest of its visits.

    The requests of a visit are its sources, if it reads them, and pages that come by chance.
    """
    at_most = [0.0] * _MANY  # share of the visits with so many requests at most
    visits = sum(rate.visits for rate in rates)
    for rate in rates:
        pages = (rate.new + rate.looks) / rate.visits
        chance, sum_ = exp(-pages), 0.0
        for many in range(_MANY):
            sum_ += chance
            at_most[many] += sum_ * rate.visits / visits
            chance *= pages / (many + 1)
    reads = sum(rate.readings for rate in rates) / visits
    longest = sum(1 - share**BATCH for share in at_most)
    sources = SOURCES * (1 - (1 - reads) ** BATCH)
    return (longest + sources) * DELAY + ANSWER
