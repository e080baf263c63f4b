"""Re-extraction's pages a second against those of the extraction pool alone, on the same pages.

    uv run python -m benchmarks.reextract [--sets sites,news,zyte] [--workers 2]
        [--database sqlite|postgresql|mariadb] [--turns 3]

Real pages are put into an archive and a database of their own, which go afterwards. `scrapy crawl
reextract` then reads them, each time between two passes of the pool alone over the same bytes:

- `anew`: no article is known of them, all is stored;
- `in full`: all is known, and passes the whole pipeline all the same, as after a better extractor
  came or the site was told to forget;
- `as before`: each page reads as it did.

A pass counts from its first page done to its last, so that starting up counts for neither.
"""

import argparse
import asyncio
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple

from sqlalchemy import text, update

from benchmarks.newsroom import NOW, SERVERS, database
from benchmarks.pages import samples
from models.archive import captures
from models.archive.captures import CaptureArchive
from models.articles.extractions import EXTRACTIONS
from models.crawl import frontier
from models.db.database import Database
from models.db.owners import new_owner
from models.items import Hint, Link, Page
from models.scheduling import run_lifecycle
from models.sites.config import load_site
from pipelines.page_pool import SECONDS_A_PAGE
from pipelines.page_reader import extract
from pipelines.pool import Pool
from pipelines.reading import WARM

SITE: Final = "bench"
_HOST: Final = "https://bench.test"
_DONE: Final = text("SELECT at FROM v1_outcomes WHERE run_id = (SELECT max(run_id) FROM v1_runs)")
_AS_BEFORE: Final = "as before"


class Bench(NamedTuple):
    """A site with an archive and nothing read of it, and the environment to work on it."""

    folder: Path
    environment: dict[str, str]
    pages: list[Page]
    workers: int


@contextmanager
def bench(kind: str, sets: Sequence[str], workers: int, most: int = 10**6) -> Iterator[Bench]:
    """Archives the pages of these sets, `most` at most, as one site's."""
    with TemporaryDirectory() as name, database(kind, Path(name), SERVERS) as url:
        folder = Path(name)
        (folder / "sites").mkdir()
        (folder / "sites" / f"{SITE}.toml").write_text(f'start = "{_HOST}/"\n', encoding="utf-8")
        environment = {
            **os.environ,
            "SCRAPY_SETTINGS_MODULE": "crawler.settings",
            "WINNOW_DATABASE_URL": url,
            "WINNOW_SITES_DIR": str(folder / "sites"),
            "WINNOW_ARCHIVE_DIR": str(folder / "archive"),
            "WINNOW_WORKERS": str(workers),
        }
        opened = Database.open(url)
        pages = _archived(opened, folder, sets, most)
        opened.close()
        yield Bench(folder, environment, pages, workers)


def _archived(opened: Database, folder: Path, sets: Sequence[str], most: int) -> list[Page]:
    """The sets' pages as fetched copies: files, and rows that say where they are."""
    found = ((name, sample) for name in sets for sample in samples(name))
    bodies = {f"{_HOST}/{name}/{sample.id}": sample.body for name, sample in islice(found, most)}
    archive = CaptureArchive(folder / "archive", 1)
    with opened.transaction() as conn:
        run = run_lifecycle.begin(
            conn, load_site(folder / "sites", SITE), "discover", new_owner(), NOW
        )
        frontier.add_links(conn, run.site_id, [Link(url, "sitemap") for url in bodies], NOW)
        numbers = {row.url: row.url_id for row in frontier.urls_of(
            conn, run.site_id, articles=False, limit=10**6)}  # fmt: skip
        pages = [_page(run.run_id, numbers[url], url, body) for url, body in bodies.items()]
        for page in pages:
            captures.keep(conn, page, archive.append(page))
        archive.close()
        run_lifecycle.end(conn, run, "done", None, NOW)
    return pages


def _page(run_id: int, url_id: int, url: str, body: bytes) -> Page:
    kind = (("Content-Type", "text/html"),)
    return Page(run_id, url_id, SITE, url, url, 200, kind, body, NOW)


async def pool_alone(given: Bench) -> float:
    """Pages a second of the pool, with all pages in memory."""
    rules = load_site(given.folder / "sites", SITE).extraction
    pool, done = Pool(given.workers, SECONDS_A_PAGE, WARM), list[float]()

    async def one(page: Page) -> None:
        what = (page.body, page.charset, page.final_url, Hint(), rules, page.fetched_at)
        await pool.run(extract, *what)
        done.append(time.monotonic())

    await asyncio.gather(*map(one, given.pages))
    await asyncio.to_thread(pool.close)
    return (len(done) - 1) / (done[-1] - done[0])


def reextraction(given: Bench) -> float:
    """Pages a second of the verb, between its first outcome and its last."""
    command = [sys.executable, "-m", "scrapy", "crawl", "reextract", "-a", f"site={SITE}"]
    subprocess.run(command, env=given.environment, check=True)
    return pace(given)


def pace(given: Bench) -> float:
    """Pages a second of the last run, between its first outcome and its last."""
    opened = Database.open(given.environment["WINNOW_DATABASE_URL"])
    with opened.reading() as conn:
        times = sorted(_seconds(row[0]) for row in conn.execute(_DONE))
    opened.close()
    return (len(times) - 1) / (times[-1] - times[0])


def forget(given: Bench) -> None:
    """Has every page pass the whole pipeline again."""
    opened = Database.open(given.environment["WINNOW_DATABASE_URL"])
    with opened.transaction() as conn:
        conn.execute(update(EXTRACTIONS).values(observed=None))
    opened.close()


def _seconds(at: object) -> float:
    """SQLite gives a view's times as text."""
    moment = at if isinstance(at, datetime) else datetime.fromisoformat(str(at))
    return moment.timestamp()


def main() -> int:
    """Prints a line for each turn."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--sets", default="sites,news,zyte")
    options.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    options.add_argument("--database", default="sqlite", choices=("sqlite", *SERVERS))
    options.add_argument("--turns", type=int, default=3, help="how often `as before` is measured")
    asked = options.parse_args()
    with bench(asked.database, asked.sets.split(","), asked.workers) as given:
        alone = [asyncio.run(pool_alone(given))]
        for turn in ("anew", "in full", *[_AS_BEFORE] * asked.turns):
            if turn == "in full":
                forget(given)
            rate = reextraction(given)
            alone.append(asyncio.run(pool_alone(given)))
            beside = statistics.mean(alone[-2:])
            print(
                f"{turn}: {len(given.pages)} pages, {given.workers} workers:"
                f" pool alone {beside:.1f}/s, re-extraction {rate:.1f}/s: {rate / beside:.0%}",
                flush=True,
            )
    return 0


if __name__ == "__main__":
    sys.exit(main())
