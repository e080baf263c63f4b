"""What it costs to read a long sitemap again: unchanged, in other bytes, with ten new URLs.

    python -m benchmarks.long_sitemap [--urls 50000] [--database URL]

Prints the CPU time of this process and how many links were written, for the reading and storing
alone: start-up and fetching aside.
"""

import argparse
import asyncio
import resource
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

from scrapy.settings import Settings

from crawler.sources.fetch import FetchedSource
from crawler.sources.ingest import Ingest
from crawler.sources.parsers.links import SourceLink
from crawler.sources.store import SqlSourceStore
from migrations.upgrade import upgrade
from models.clock import utc_now
from models.db.database import Database
from models.db.writer import Writer
from models.items import Link
from models.scheduling.run_lifecycle import begin
from tests.factories import make_site

SOURCE = SourceLink("https://example.test/sitemap.xml", "sitemap")


class Crawler:
    """As much of one as reading needs."""

    settings = Settings({"WINNOW_WORKERS": 0})


class CountingStore(SqlSourceStore):
    """Counts the links that are written."""

    written = 0

    async def add_links(self, links: Sequence[Link], now: datetime) -> int:
        """Adds them."""
        self.written += len(links)
        return await super().add_links(links, now)


def main() -> int:
    """Reads the sitemap in its states, in turn."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--urls", type=int, default=50_000)
    parser.add_argument("--database", metavar="URL", help="an empty one; else a SQLite file")
    given = parser.parse_args()
    with TemporaryDirectory() as folder:
        database = Database.open(given.database or f"sqlite:///{Path(folder) / 'sitemap.db'}")
        upgrade(database)
        writer = Writer(database)
        owner = f"bench:1:{uuid4().hex[:6]}"
        run = writer.write_now(lambda c: begin(c, make_site(), "discover", owner, utc_now()))
        store = CountingStore(run, writer)
        states = {
            "first": sitemap(given.urls - 10),
            "the same bytes": sitemap(given.urls - 10),
            "the same URLs": sitemap(given.urls - 10, "<!-- made at noon -->"),
            "ten new": sitemap(given.urls),
            "all modified": sitemap(given.urls, day=2),
        }
        for name, body in states.items():
            store.written = 0
            before = resource.getrusage(resource.RUSAGE_SELF)
            links = asyncio.run(_read(store, body))
            after = resource.getrusage(resource.RUSAGE_SELF)
            cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
            print(f"{name:16} {cpu:6.2f} s CPU  links {links}, written {store.written}")
        writer.close()
    return 0


def sitemap(urls: int, remark: str = "", day: int = 1) -> bytes:
    """A sitemap of so many stories, the newest first."""
    entries = "\n".join(
        f"<url><loc>https://example.test/2026/a-story-of-some-length-{n}</loc>"
        f"<lastmod>2026-01-{day:02}T0{n % 10}:00:00+00:00</lastmod></url>"
        for n in reversed(range(urls))
    )
    head = '<?xml version="1.0" encoding="UTF-8"?>\n'
    space = "http://www.sitemaps.org/schemas/sitemap/0.9"
    return f'{head}<urlset xmlns="{space}">\n{entries}\n</urlset>\n{remark}'.encode()


async def _read(store: SqlSourceStore, body: bytes) -> int:
    crawler: Any = Crawler
    ingest = Ingest(crawler, make_site().scope, store.add_links)
    fetched = FetchedSource(SOURCE.url, body, None, None, None)
    try:
        number = await store.register(SOURCE, "site")
        result = await ingest.read(SOURCE, fetched, body, await store.seen(number))
        await store.record_success(number, result, fetched)
    finally:
        await ingest.close()
    return result.links


if __name__ == "__main__":
    sys.exit(main())
