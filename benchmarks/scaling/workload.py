"""The sites of the model: what each publishes, when, how often it edits, how long its pages are.

Fitted to the real pages of `shared/bench/news` (151 articles of 100 publishers), as
`python -m benchmarks.scaling.fit` prints it: sizes and hours. Nothing there says how articles are
shared out among sites, or how often they are edited: PACE_SIGMA and KINDS are assumptions.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import exp
from random import Random
from statistics import NormalDist
from typing import Final, NamedTuple

from benchmarks.revisits import none, one_in_ten, thrice
from models.crawl.schedule import RevisitYield

DUE_OF: Final = 100  # in a folder of files that `start` measures, one site of so many is due


class LogNormal(NamedTuple):
    """A size of which the logarithm has this mean and deviation."""

    mu: float
    sigma: float

    @property
    def mean(self) -> float:
        """Of the size itself."""
        return exp(self.mu + self.sigma**2 / 2)


HTML: Final = LogNormal(12.427, 0.804)  # bytes of a page
GZIP: Final = LogNormal(10.798, 0.723)  # bytes of it compressed, on the wire and in the archive
TEXT: Final = LogNormal(8.414, 0.676)  # characters of an article
# articles by the hour of day at which they say that they were published, their own time
HOURS: Final = (0, 3, 0, 2, 3, 2, 3, 7, 5, 3, 5, 9, 8, 7, 12, 13, 13, 11, 12, 7, 9, 5, 3, 2)
PACE_SIGMA: Final = 1.5  # of the articles a day of a site: a tenth of the sites bring six tenths
SECONDS_A_DAY: Final = 86_400

Edits = Callable[[Random, int], Sequence[float]]  # ages of an article's edits, in hours


class Kind(NamedTuple):
    """Sites that edit alike."""

    edits: Edits
    yield_: RevisitYield  # what looks have brought by the time that is looked at
    tenths: int  # of all sites


KINDS: Final = (
    Kind(one_in_ten, RevisitYield(200, 5), 6),
    Kind(none, RevisitYield(200, 0), 3),
    Kind(thrice, RevisitYield(200, 80), 1),
)


@dataclass(frozen=True, slots=True)
class SimSite:
    """One site of the model."""

    per_day: float  # articles
    share: float  # 0 to 1, of its jitter
    kind: Kind


def sites(many: int, per_day: float) -> list[SimSite]:
    """So many sites with so many articles a day in all, by quantiles: the same ones each time."""
    normal = NormalDist()
    paces = [exp(PACE_SIGMA * normal.inv_cdf((n + 0.5) / many)) for n in range(many)]
    whole = sum(paces)
    kinds = [kind for kind in KINDS for _ in range(kind.tenths)]
    return [
        SimSite(pace / whole * per_day, (n * 0.618034) % 1.0, kinds[n * 7 % len(kinds)])
        for n, pace in enumerate(paces)
    ]


def peak() -> float:
    """How much more is published in the busiest three hours than on average."""
    hours = [sum(HOURS[(n + k) % 24] for k in range(3)) / 3 for n in range(24)]
    return max(hours) * 24 / sum(HOURS)


def publications(rng: Random, per_day: float, day: int) -> list[float]:
    """The seconds, from the start, at which a site publishes on a day, in their order."""
    many, waited = 0, rng.expovariate(1.0)
    while waited < per_day:
        many, waited = many + 1, waited + rng.expovariate(1.0)
    hours = rng.choices(range(24), HOURS, k=many)
    return sorted(day * SECONDS_A_DAY + (hour + rng.random()) * 3600 for hour in hours)
