"""Re-extraction's pages a second against those of the extraction pool alone, on the same pages.

    WINNOW_DATABASE_URL=… WINNOW_SITES_DIR=… WINNOW_ARCHIVE_DIR=… WINNOW_WORKERS=1 \
        python -m benchmarks.reextract SITE

Both are measured in one go, from the first page done to the last, so that starting up counts for
neither. The site is really read again: use a copy of a database that matters.
"""

import asyncio
import os
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path

from sqlalchemy import text

from models import captures
from models.captures import Capture
from models.database import Database
from models.items import Hint
from models.sites import load_site
from pipelines.extract import SECONDS_A_PAGE
from pipelines.extractors.chain import extract
from pipelines.pool import Pool

_CHOSEN = text(
    "SELECT capture_id FROM v1_revisions JOIN v1_articles USING (article_id, revision)"
    " WHERE site = :site ORDER BY capture_id"
)
_DONE = text("SELECT at FROM v1_outcomes WHERE run_id = (SELECT max(run_id) FROM v1_runs)")


def main(site: str) -> int:
    """Prints both rates and their ratio."""
    database = Database.open(os.environ["WINNOW_DATABASE_URL"])
    workers = int(os.environ.get("WINNOW_WORKERS", os.cpu_count() or 1))
    pages = _captures(database, site)
    alone = asyncio.run(_alone(pages, site, workers))
    subprocess.run(
        [sys.executable, "-m", "scrapy", "crawl", "reextract", "-a", f"site={site}"], check=True
    )
    with database.reading() as connection:
        times = sorted(row[0] for row in connection.execute(_DONE))
    river = _rate(len(times), times)
    database.close()
    print(
        f"{len(pages)} pages, {workers} workers: pool alone {alone:.1f}/s,"
        f" re-extraction {river:.1f}/s: {river / alone:.0%}"
    )
    return 0


def _captures(database: Database, site: str) -> list[Capture]:
    folder = Path(os.environ["WINNOW_ARCHIVE_DIR"])
    with database.reading() as connection:
        chosen = [row[0] for row in connection.execute(_CHOSEN, {"site": site})]
        return [captures.read(connection, folder, capture_id) for capture_id in chosen]


async def _alone(pages: list[Capture], site: str, workers: int) -> float:
    """Pages a second of the pool, with all pages in memory."""
    rules = load_site(Path(os.environ["WINNOW_SITES_DIR"]), site).extraction
    pool, done = Pool(workers, SECONDS_A_PAGE, warm=extract.__module__), list[float]()

    async def one(page: Capture) -> None:
        given = (page.body, page.charset, page.final_url, Hint(), rules, page.fetched_at)
        await pool.run(extract, *given)
        done.append(time.monotonic())

    await asyncio.gather(*map(one, pages))
    await asyncio.to_thread(pool.close)
    return (len(done) - 1) / (done[-1] - done[0])


def _rate(count: int, times: list[object]) -> float:
    """Pages a second between the first and the last outcome; SQLite gives times as text."""
    first, last = (_seconds(times[place]) for place in (0, -1))
    return (count - 1) / (last - first)


def _seconds(at: object) -> float:
    moment = at if isinstance(at, datetime) else datetime.fromisoformat(str(at))
    return moment.timestamp()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
