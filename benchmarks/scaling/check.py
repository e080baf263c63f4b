"""Whether the model's formulas say what the simulation counts, within `TOLERANCE`."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final, NamedTuple

from benchmarks.scaling.fleet import Fleet
from benchmarks.scaling.model import Load, load
from benchmarks.scaling.simulation import Result, Simulation
from benchmarks.scaling.workload import sites

TOLERANCE: Final = {  # share of what the simulation counts
    "visits a day": 0.10,
    "readings a day": 0.10,
    "new pages a day": 0.10,
    "uploads a day": 0.10,
    "looks a day": 0.10,
    "minutes to stored": 0.15,
    "slots busy": 0.25,
    "cores busy": 0.10,
    "database busy": 0.10,
    "queue age, s": 0.30,
}
ABOUT: Final = {"queue age, s": 15.0}  # smaller differences are ignored


class Case(NamedTuple):
    """A part of a large installation, and the part of a fleet that serves it."""

    name: str
    sites: int
    per_day: float  # articles of all sites
    fleet: Fleet
    days: int = 1


# cores half as fast and a slow database, so that a few hundred sites keep them busy
_ONE: Final = Fleet(1, at_once=8, cores=1, writes=20.0, speed=0.5)
CASES: Final = (
    Case("10,000 sites, one in 33", 300, 300 * 33.3, _ONE),
    Case("100,000 sites, one in 160", 600, 600 * 3.33, _ONE),
    Case("a hand-out a minute", 200, 200 * 33.3, replace(_ONE, tick=60.0)),
)
TOO_MANY: Final = Case("three times too many", 900, 900 * 33.3, _ONE)


class Pair(NamedTuple):
    """What both say of one thing."""

    name: str
    model: float
    simulated: float

    @property
    def agrees(self) -> bool:
        """Within the tolerance."""
        apart = abs(self.model - self.simulated)
        most = TOLERANCE[self.name] * max(abs(self.simulated), 1e-9)
        return apart <= max(most, ABOUT.get(self.name, 0.0))

    def line(self) -> str:
        """For people."""
        ratio = self.model / self.simulated if self.simulated else float("nan")
        said = "" if self.agrees else "  BEYOND THE TOLERANCE"
        return f"  {self.name:18} {self.model:12.2f} {self.simulated:12.2f} {ratio:8.2f}{said}"


def compared(case: Case, seed: int = 1) -> list[Pair]:
    """Runs the case and the formulas."""
    some = sites(case.sites, case.per_day)
    found = Simulation(some, case.fleet, seed).run(case.days)
    return list(_pairs(load(some, case.fleet), found, case.fleet))


def overloaded(case: Case) -> tuple[float, Result]:
    """How busy the model says that the slots are, and what comes of it in the simulation."""
    some = sites(case.sites, case.per_day)
    return load(some, case.fleet).slots(case.fleet), Simulation(some, case.fleet).run(case.days)


def _pairs(model: Load, found: Result, fleet: Fleet) -> Iterator[Pair]:
    yield Pair("visits a day", model.visits, found.a_day("visits"))
    yield Pair("readings a day", model.readings, found.a_day("readings"))
    yield Pair("new pages a day", model.new, found.a_day("new"))
    yield Pair("uploads a day", model.uploads, found.a_day("uploads"))
    looks = found.a_day("unchanged") + found.a_day("changed")
    yield Pair("looks a day", model.unchanged + model.changed, looks)
    yield Pair("minutes to stored", model.latency / 60, found.latency / 60)
    yield Pair("slots busy", model.slots(fleet), found.slots)
    yield Pair("cores busy", model.cpu(fleet), found.cpu)
    yield Pair("database busy", model.database(fleet), found.database)
    yield Pair("queue age, s", model.queue_age(fleet), found.queue_age)
