"""The machines of the model, and what a page and a visit cost them, as they were measured."""

from dataclasses import dataclass, replace
from typing import Final

BATCH: Final = 8  # sites in a message
TICK: Final = 300.0  # seconds between two runs of `visit --fleet`, as cron does it
SOURCES: Final = 3  # requests that read a site's sources: robots.txt, a feed, a sitemap
DELAY: Final = 1.0  # seconds between two requests to a host, the default
ANSWER: Final = 0.4  # seconds until a page has come, on average


@dataclass(frozen=True, slots=True)
class Cost:
    """What one page, or one visit without its pages, takes."""

    cpu: float  # seconds of CPU of a worker
    commits: float  # transactions that write
    rows: float  # inserted, updated or deleted
    reads: float  # transactions that only read
    server_cpu: float  # seconds of CPU of the database server
    wal: float  # bytes of the write-ahead log


# python -m benchmarks.scaling.measure URL --sites 18 --articles 120 --again 40, and for fetching
# 6 ms of `d` in python -m benchmarks.throughput; `changed` is that of pages of which eight in ten
# were revised. A page in a batch of its own: the dearest way to commit
NEW: Final = Cost(0.096, 3.3, 192, 15.5, 0.0085, 93_600)
UNCHANGED: Final = Cost(0.086, 2.3, 65, 9.8, 0.0046, 30_900)
CHANGED: Final = Cost(0.105, 3.1, 217, 14.3, 0.0066, 123_200)
# python -m benchmarks.throughput --cases postgresql-idle --sites 48: one site more
VISIT: Final = Cost(0.079, 2.8, 15, 57.0, 0.010, 4_000)


@dataclass(frozen=True, slots=True)
class Fleet:
    """Workers that are alike, and one database."""

    workers: int
    at_once: int = 64  # sites of each worker
    cores: int = 4  # of each worker
    writes: float = 500.0  # transactions a second that the database commits
    tick: float = TICK
    speed: float = 1.0  # of a core, against those of the measurements

    @property
    def slots(self) -> int:
        """Batches under way at once."""
        return self.workers * max(1, self.at_once // BATCH)

    def part(self, share: float) -> "Fleet":
        """A fleet for so large a share of the sites, with at least one worker."""
        workers = max(1, round(self.workers * share))
        return replace(self, workers=workers, writes=self.writes * share)
