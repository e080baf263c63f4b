"""What one new page costs a site that is small, and one that is large: CPU of a whole run.

    python -m benchmarks.growth [--small 50] [--large 5000] [--runs 20]

Fills a site with small pages, through all stages, then has several runs of one new page each: the
page itself, what is classified again because of it, and what the run does at its end. Prints the
median CPU of such a run, and how much more it is on the large site.
"""

import argparse
import asyncio
import statistics
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from migrations.upgrade import upgrade
from models.db.database import Database
from tests.support.small_site import html, url_of
from tests.support.stage_run import StageRun

_BATCH = 50


class Cost(NamedTuple):
    """Milliseconds of CPU: of the page alone, and of the end of its run."""

    page: float
    end: float


def main() -> int:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--small", type=int, default=50)
    parser.add_argument("--large", type=int, default=5_000)
    parser.add_argument("--runs", type=int, default=20)
    given = parser.parse_args()
    wholes = []
    for articles in (given.small, given.large):
        with TemporaryDirectory() as folder:
            costs = asyncio.run(_measured(Path(folder), articles, given.runs))
        page, end = (statistics.median(values) for values in zip(*costs, strict=True))
        wholes.append(statistics.median(map(sum, costs)))
        print(
            f"{articles:6} articles: {wholes[-1]:6.1f} ms of CPU a run of one new page"
            f" (the page {page:.1f}, the run's end {end:.1f})"
        )
    print(f"the large site against the small: {wholes[1] / wholes[0]:.2f}")
    return 0


async def _measured(folder: Path, articles: int, runs: int) -> list[Cost]:
    url = f"sqlite:///{folder / 'growth.db'}"
    database = Database.open(url)
    upgrade(database)
    database.close()
    filling = await StageRun.begin(url, str(folder), "discover")
    for first in range(0, articles, _BATCH):
        numbers = range(first, min(first + _BATCH, articles))
        for page in await filling.claim({url_of(n): html(n) for n in numbers}):
            await filling.take(page)
    await filling.close_stages()
    await filling.end()
    return [await _one_page(url, folder, articles + n) for n in range(runs)]


async def _one_page(url: str, folder: Path, number: int) -> Cost:
    opened = await StageRun.begin(url, str(folder), "discover")
    (page,) = await opened.claim({url_of(number): html(number)})
    begun = time.process_time()
    await opened.take(page)
    stored = time.process_time()
    await opened.close_stages()
    ended = time.process_time()
    await opened.end()
    return Cost((stored - begun) * 1e3, (ended - stored) * 1e3)


if __name__ == "__main__":
    sys.exit(main())
