"""What every `visit` does before its first site: read all sites' files, ask what is due.

    python -m benchmarks.scaling.start [--sites 100000] [--database URL]

Makes a folder of TOML files as `sites add` writes them, and a database in which one site in a
hundred is due. Prints CPU and time of each step, and what all of it holds in memory.
"""

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple, TypeVar

from sqlalchemy import insert

from benchmarks.scaling.workload import DUE_OF
from crawler.operations.visits import due
from migrations.upgrade import upgrade
from models.batches import batched
from models.clock import utc_now
from models.crawl.schedule import Bounds
from models.db.database import Database
from models.process_memory import resident
from models.sites.config import Site, read_site
from models.sites.registry import SITES, KnownSite, known_sites
from models.sites.toml_template import site_toml, write_site_toml

T = TypeVar("T")


class Step(NamedTuple):
    """What one step took, in seconds."""

    name: str
    cpu: float
    wall: float

    def line(self, sites: int) -> str:
        """For people."""
        return (
            f"{self.name:36} {self.cpu:8.2f} s of CPU {self.wall:8.2f} s"
            f" {self.cpu / sites * 1e6:9.1f} µs a site"
        )


def main(words: Sequence[str] | None = None) -> int:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--sites", type=int, default=100_000)
    parser.add_argument("--database", metavar="URL", help="an empty one; else a SQLite file")
    given = parser.parse_args(words)
    with TemporaryDirectory() as name:
        folder = Path(name) / "sites"
        steps = measured(folder, given.database or f"sqlite:///{name}/start.db", given.sites)
        blocks = sum(path.stat().st_blocks for path in folder.iterdir())
        print(f"{given.sites} files take {blocks * 512 / 2**20:.0f} MB of disk")
    for step in steps:
        print(step.line(given.sites))
    print(f"memory of this process: {resident() / 2**20:.0f} MB")
    return 0


def measured(folder: Path, url: str, many: int) -> list[Step]:
    """The steps, in their order; `folder` is made, and `url` an empty database."""
    steps: list[Step] = []
    write_files(folder, many)
    database = Database.open(url)
    try:
        upgrade(database)
        _fill(database, many)
        sites = _timed(steps, "read all files", lambda: _read(folder))
        known = _timed(steps, "ask the database for all sites", lambda: _known(database))
        names = _timed(steps, "find what is due", lambda: due(sites, known, Bounds(), utc_now()))
        _timed(steps, "ask for one site", lambda: _one(database, names[0]))
    finally:
        database.close()
    return steps


def write_files(folder: Path, many: int) -> None:
    """As many TOML files as `sites add` would write."""
    for number in range(many):
        start = f"https://www.site{number}.example/"
        text = site_toml(f"site{number}", start, feeds=[f"{start}feed"], sections=[start])
        write_site_toml(folder, f"site{number}", text)


def _fill(database: Database, many: int) -> None:
    now = utc_now()
    rows = (
        {
            "name": f"site{n}", "start_url": f"https://www.site{n}.example/", "added_at": now,
            "next_due_at": now - timedelta(minutes=1) if n % DUE_OF == 0 else now + timedelta(1),
            "failures": 0,
        }
        for n in range(many)
    )  # fmt: skip
    with database.transaction() as conn:
        for some in batched(rows, 5_000):
            conn.execute(insert(SITES), some)


def _read(folder: Path) -> list[Site]:
    found = (read_site(path)[0] for path in sorted(folder.glob("*.toml")))
    return [site for site in found if site is not None]


def _known(database: Database) -> dict[str, KnownSite]:
    with database.reading() as conn:
        return {site.name: site for site in known_sites(conn)}


def _one(database: Database, name: str) -> KnownSite:
    with database.reading() as conn:
        (found,) = known_sites(conn, name)
        return found


def _timed(steps: list[Step], name: str, work: Callable[[], T]) -> T:
    cpu, wall = time.process_time(), time.perf_counter()
    made = work()
    steps.append(Step(name, time.process_time() - cpu, time.perf_counter() - wall))
    return made


if __name__ == "__main__":
    sys.exit(main())
