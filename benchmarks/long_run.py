"""Whether a long run grows: small pages through all stages of one run, in one process.

    python -m benchmarks.long_run [--pages 20000] [--database URL] [--most 1.10]

Prints memory, CPU time and the time of statements a page, every thousandth page; 1 where the
process holds more at the end than `--most` times what it held after the first 2,000 pages. Spider
and fetching aside, all is as in a crawl: claims, stages, writer, outcome. With `--database` the
run is in an archive that `benchmarks.flat` filled, beside its million articles.
"""

import argparse
import asyncio
import gc
import resource
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from typing import Any

from scrapy.exceptions import DropItem
from scrapy.statscollectors import MemoryStatsCollector
from scrapy.utils.misc import load_object
from scrapy.utils.test import get_crawler
from sqlalchemy import Connection, Engine, event

from crawler import settings
from migrations.upgrade import upgrade
from models.crawl import frontier
from models.crawl.run import Run
from models.db.database import Database
from models.items import Link, Page
from models.process_memory import resident, trim
from models.scheduling import run_lifecycle
from tests.factories import make_site
from tests.support.small_site import html, url_of

BATCH = 50
EVERY = 1000
FROM = 2000  # pages after which memory is compared
LEASE = timedelta(minutes=10)


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
    crawler = get_crawler(
        settings_dict={
            "WINNOW_DATABASE_URL": url, "WINNOW_ARCHIVE_DIR": folder, "WINNOW_WORKERS": 0,
        }
    )  # fmt: skip
    crawler.stats = MemoryStatsCollector(crawler)
    order = sorted(settings.ITEM_PIPELINES, key=settings.ITEM_PIPELINES.__getitem__)
    stages: list[Any] = [load_object(path).from_crawler(crawler) for path in order]
    writer, now = stages[0].writer, datetime.now(UTC)
    begin = partial(run_lifecycle.begin, site=make_site(), kind="discover", owner="bench", now=now)
    run: Run = await writer.write(begin)
    spider: Any = SimpleNamespace(run=run, accepts=False, unarchived=set())
    crawler.spider = spider
    for stage in stages:
        await _done(getattr(stage, "open_spider", lambda: None)())
    held: list[tuple[int, int]] = []
    with _statements() as spent:
        cpu = _cpu()
        for first in range(0, many, BATCH):
            for page in await writer.write(partial(_claimed, run=run, first=first)):
                item: Any = page
                try:
                    for stage in stages:
                        item = await _done(stage.process_item(item))
                except DropItem as dropped:
                    print(f"{page.url}: {dropped}", file=sys.stderr)
            if (pages := first + BATCH) % EVERY == 0:
                gc.collect()
                trim()
                held.append((pages, resident()))
                used, cpu = (_cpu() - cpu) / EVERY * 1e3, _cpu()
                sql, spent[0] = spent[0] / EVERY * 1e3, 0.0
                size = held[-1][1] / 2**20
                print(
                    f"{pages:6} pages {size:7.1f} MB {used:6.1f} ms CPU a page, SQL {sql:5.1f} ms"
                )
    for stage in stages:
        await _done(getattr(stage, "close_spider", lambda: None)())
    end = partial(run_lifecycle.end, run=run, status="done", reason=None, now=datetime.now(UTC))
    await writer.write(end)
    await asyncio.to_thread(writer.close)
    return held


async def _done(result: Any) -> Any:
    return await result if asyncio.iscoroutine(result) else result


def _claimed(conn: Connection, run: Run, first: int) -> list[Page]:
    """The next pages: named by a source, claimed, and fetched."""
    now = datetime.now(UTC)
    bodies = {url_of(n): html(n) for n in range(first, first + BATCH)}
    frontier.add_links(conn, run.site_id, [Link(url, "feed") for url in bodies], now)
    leases = frontier.claim(conn, run.site_id, run.owner, BATCH, now + LEASE, now)
    return [
        Page(
            run_id=run.run_id, url_id=lease.url_id, site=run.site.name, url=lease.url,
            final_url=lease.url, status=200, headers=(("Content-Type", "text/html"),),
            body=bodies[lease.url], fetched_at=now,
        )
        for lease in leases
        if lease.url in bodies
    ]  # fmt: skip


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


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    sys.exit(main())
