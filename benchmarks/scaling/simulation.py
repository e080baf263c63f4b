"""Sites, workers and a database, event by event; when a site is due is what `schedule` says.

`visit --fleet` hands out what is due every few minutes, in batches, to the first worker that is
free; the sites of a batch are visited at once, each asked for a page a second. A page waits for a
core of its worker, then for the database. Time is in seconds since the start.
"""

from collections import Counter, deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import count
from random import Random
from statistics import fmean, median
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
from benchmarks.scaling.site import Fetch, SiteState
from benchmarks.scaling.stations import Station
from benchmarks.scaling.workload import SECONDS_A_DAY, SimSite, publications

_COSTS: Final = {"new": NEW, "unchanged": UNCHANGED, "changed": CHANGED}


@dataclass(slots=True)
class Result:
    """What was counted after the days that only warm up."""

    days: float
    counts: Counter[str] = field(default_factory=Counter)  # visits, readings, new, ...
    latencies: list[float] = field(default_factory=list)  # s from publication to stored
    queued: list[float] = field(default_factory=list)  # s from handed out to begun, of batches
    slots: float = 0.0  # share of the time that batches filled
    cpu: float = 0.0  # share of the workers' cores that was busy
    database: float = 0.0  # share of the time that the database committed
    late: int = 0  # sites that were due and not handed out at the end

    def a_day(self, name: str) -> float:
        """So many a day."""
        return self.counts[name] / self.days

    @property
    def latency(self) -> float:
        """Mean, in seconds."""
        return fmean(self.latencies)

    @property
    def median_latency(self) -> float:
        """In seconds."""
        return median(self.latencies)

    @property
    def queue_age(self) -> float:
        """Mean seconds that a batch waits for a worker."""
        return fmean(self.queued) if self.queued else 0.0


class Simulation:
    """One fleet over some sites; `run` it once."""

    def __init__(self, sites: Sequence[SimSite], fleet: Fleet, seed: int = 1) -> None:
        self._fleet = fleet
        self._rng = Random(seed)
        self._sites = [SiteState(site, self._rng) for site in sites]
        self._events: list[tuple[float, int, str, object]] = []
        self._numbers = count()
        self._queue: deque[tuple[float, list[SiteState]]] = deque()
        self._free = [n % fleet.workers for n in range(fleet.slots)]  # whose slot it is
        self._cores = [Station(fleet.cores) for _ in range(fleet.workers)]
        self._database = Station(1)
        self._held = 0.0  # seconds that slots were taken
        self._from = 0.0
        self.result = Result(1.0)

    def run(self, days: int, warm: int = 1) -> Result:
        """Simulates the warming-up and then so many days."""
        for day in range(warm + days):
            self._at(day * SECONDS_A_DAY, "day", day)
        self._at(1.0, "tick", None)
        self._from, end = warm * SECONDS_A_DAY, (warm + days) * SECONDS_A_DAY
        self._at(self._from, "count", days)
        while self._events and self._events[0][0] < end:
            now, _, kind, what = heappop(self._events)
            getattr(self, f"_{kind}")(now, what)
        result, span = self.result, float(days * SECONDS_A_DAY)
        result.slots = self._held / (span * self._fleet.slots)
        busy = sum(cores.busy for cores in self._cores)
        result.cpu = busy / (span * self._fleet.workers * self._fleet.cores)
        result.database = self._database.busy / span
        result.late = sum(len(sites) for _, sites in self._queue)
        return result

    def _at(self, when: float, kind: str, what: object) -> None:
        heappush(self._events, (when, next(self._numbers), kind, what))

    def _count(self, _now: float, days: float) -> None:
        self.result = Result(days)
        self._held = 0.0
        for station in (*self._cores, self._database):
            station.forget()

    def _day(self, _now: float, day: int) -> None:
        for site in self._sites:
            site.publish(publications(self._rng, site.of.per_day, day))

    def _tick(self, now: float, _what: object) -> None:
        """What `visit --fleet` does."""
        due = sorted((s.due, n) for n, s in enumerate(self._sites) if not s.out and s.due <= now)
        chosen = [self._sites[n] for _, n in due]
        for first in range(0, len(chosen), BATCH):
            batch = chosen[first : first + BATCH]
            for site in batch:
                site.out = True
            self._queue.append((now, batch))
        self._at(now + self._fleet.tick, "tick", None)
        self._begin(now)

    def _begin(self, now: float) -> None:
        while self._queue and self._free:
            handed, batch = self._queue.popleft()
            worker = self._free.pop(self._rng.randrange(len(self._free)))
            self.result.queued.append(now - handed)
            under_way = _Batch(worker, now, len(batch))
            for site in batch:
                self._visit(now, site, under_way)

    def _visit(self, now: float, site: SiteState, batch: "_Batch") -> None:
        reads, fetches = site.begin(now)
        self.result.counts.update(visits=1, readings=reads, uploads=bool(fetches))
        asked = now + (SOURCES * DELAY if reads else 0.0)
        visit = _Visit(site, batch, reads, len(fetches) + 1)
        for fetch in fetches:
            asked += DELAY
            come = asked + self._rng.expovariate(1 / ANSWER)
            self._at(come, "page", (visit, fetch))
        self._at(asked, "last", visit)

    def _page(self, now: float, what: "tuple[_Visit, Fetch]") -> None:
        visit, fetch = what
        done = self._cores[visit.batch.worker].serve(
            now, _COSTS[fetch.kind].cpu / self._fleet.speed
        )
        self._at(done, "store", what)

    def _store(self, now: float, what: "tuple[_Visit, Fetch]") -> None:
        visit, fetch = what
        done = self._commit(now, _COSTS[fetch.kind])
        self.result.counts[fetch.kind] += 1
        if fetch.kind == "new":
            self.result.latencies.append(done - fetch.published)
        self._at(done, "part", visit)

    def _last(self, now: float, visit: "_Visit") -> None:
        """The visit's own work, which comes after its last request."""
        cores = self._cores[visit.batch.worker]
        self._at(cores.serve(now, VISIT.cpu / self._fleet.speed), "close", visit)

    def _close(self, now: float, visit: "_Visit") -> None:
        self._at(self._commit(now, VISIT), "part", visit)

    def _commit(self, now: float, cost: Cost) -> float:
        return self._database.serve(now, cost.commits / self._fleet.writes)

    def _part(self, now: float, visit: "_Visit") -> None:
        visit.parts -= 1
        if visit.parts:
            return
        visit.site.end(now, reads=visit.reads)
        visit.batch.sites -= 1
        if not visit.batch.sites:
            self._held += now - max(visit.batch.began, self._from)
            self._free.append(visit.batch.worker)
            self._begin(now)


@dataclass(slots=True)
class _Batch:
    worker: int
    began: float
    sites: int  # under way


@dataclass(slots=True)
class _Visit:
    site: SiteState
    batch: _Batch
    reads: bool
    parts: int  # pages and its own end, still to come
