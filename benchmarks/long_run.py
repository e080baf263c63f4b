"""Whether a long run grows: generated pages through all stages of one run.

    python -m benchmarks.long_run [--pages 20000] [--database URL] [--most 1.10]

Prints memory, CPU time and the time of statements a page, every thousandth page; 1 where the
process holds more at the end than `--most` times what it held after the first 2,000 pages. Its
worker, which is replaced after so many pages, is printed only. Spider and fetching aside, all is
as in a crawl: claims, stages, writer, outcome. With `--database` the run is in an archive that
`benchmarks.flat` filled, beside its million articles.
"""

import argparse
import asyncio
import gc
import resource
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import active_children
from multiprocessing.process import BaseProcess
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from scrapy.exceptions import DropItem
from sqlalchemy import Engine, event

from benchmarks.throughput.bodies import generated
from migrations.upgrade import upgrade
from models.db.database import Database
from models.process_memory import resident, trim
from tests.support.stage_run import StageRun

BATCH = 50
EVERY = 1000
FROM = 2000  # pages after which memory is compared
PAGE_BYTES = 20_000  # of which its words are some 6,000


def main() -> int:
    """Crawls and prints; 1 where memory grew."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--pages", type=int, default=20_000)
    parser.add_argument("--database", metavar="URL", help="else a SQLite file that goes afterwards")
    parser.add_argument("--most", type=float, default=1.10)
    given = parser.parse_args()
    with TemporaryDirectory() as folder:
        url = given.database or f"sqlite:///{Path(folder) / 'run.db'}"
        database = Database.open(url)
        upgrade(database)
        database.close()
        held = asyncio.run(_crawl(url, folder, given.pages))
    grew = held[-1][1] / min(size for pages, size in held if pages >= min(FROM, given.pages))
    print(f"memory at the end against after {FROM} pages: {grew:.3f}")
    return int(grew > given.most)


async def _crawl(url: str, folder: str, many: int) -> list[tuple[int, int]]:
    """Pages done and bytes held, now and then."""
    opened = await StageRun.begin(url, folder, "discover", workers=1)
    held: list[tuple[int, int]] = []
    with _statements() as spent:
        cpu = _cpu()
        for first in range(0, many, BATCH):
            pages = (generated(n, PAGE_BYTES) for n in range(first, first + BATCH))
            bodies = {f"https://example.com{page.path}": page.html for page in pages}
            for page in await opened.claim(bodies):
                try:
                    await opened.take(page)
                except DropItem as dropped:
                    print(f"{page.url}: {dropped}", file=sys.stderr)
            if (done := first + BATCH) % EVERY == 0:
                gc.collect()
                trim()
                held.append((done, resident()))
                used, cpu = (_cpu() - cpu) / EVERY * 1e3, _cpu()
                sql, spent[0] = spent[0] / EVERY * 1e3, 0.0
                workers = sum(map(_resident, active_children())) / 2**20
                print(
                    f"{done:6} pages {held[-1][1] / 2**20:7.1f} MB (and workers {workers:.0f});"
                    f" {used:6.1f} ms CPU a page, SQL {sql:5.1f} ms",
                    flush=True,
                )
    await opened.close_stages()
    await opened.end()
    return held


@contextmanager
def _statements() -> Iterator[list[float]]:
    """Seconds that statements took, of all connections."""
    spent, begun = [0.0], [0.0]

    def before(*_: Any) -> None:
        begun[0] = time.thread_time()

    def after(*_: Any) -> None:
        spent[0] += time.thread_time() - begun[0]

    event.listen(Engine, "before_cursor_execute", before)
    event.listen(Engine, "after_cursor_execute", after)
    try:
        yield spent
    finally:
        event.remove(Engine, "before_cursor_execute", before)
        event.remove(Engine, "after_cursor_execute", after)


def _resident(process: BaseProcess) -> int:
    """Bytes that a child holds."""
    return int(Path(f"/proc/{process.pid}/statm").read_text("ascii").split()[1]) << 12


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    sys.exit(main())
