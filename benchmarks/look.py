"""How long each page of `scrapy look` takes in a large database, over HTTP on the loopback.

    python -m benchmarks.look [--articles 100000] [--sites 2000] [--database URL] [--check]

The database is filled first, unless `--keep FILE` names a SQLite file that was filled before.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter, time
from typing import Final

from benchmarks.look_archive import fill
from benchmarks.look_size import Size
from migrations.revision import current_revision
from migrations.upgrade import upgrade
from models.clock import utc_now
from models.db.database import Database
from tests.support.archived_pages import archive_page
from tests.support.look_server import LookServer, look_server

MOST: Final = 300.0  # ms, of a page's median
TIMES: Final = 7  # the first is not counted: it compiles templates and statements
PAGES: Final = (
    "/",
    "/?page=20",
    "/?q=no+new",
    "/site/site-1",
    "/site/site-1?days=90",
    "/site/site-2",
    "/site/site-1/charts/articles.svg?days=90",
    "/site/site-1/charts/words.svg?days=90",
    "/site/site-1/charts/removed.svg?days=90",
    "/cluster/1",
    "/cluster/500",
    "/live",
    "/live/runs",
    "/search?q=harbour",
    "/search?q=no+such+words",
    "/search?q=https://site-1.test/2026/",
    "/search?q=site-3.test",
)


def main(words: Sequence[str] | None = None) -> int:
    """Prints the median of each page; exit code 1 with `--check` if one is too slow."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--sites", type=int, default=2_000)
    parser.add_argument("--database", metavar="URL", help="an empty one; else a SQLite file")
    parser.add_argument("--keep", metavar="FILE", help="a SQLite file; filled if it is not there")
    parser.add_argument("--check", action="store_true", help=f"fail above {MOST:.0f} ms")
    given = parser.parse_args(words)
    with TemporaryDirectory() as folder:
        file = given.keep or f"{folder}/look.db"
        url = given.database or f"sqlite:///{Path(file).resolve()}"
        _prepare(url, given.articles, given.sites)
        inspected = _inspector(url, Path(folder) / "archive")
        with look_server(url, Path(folder)) as server:
            times = {path: measure(server, path) for path in [*PAGES, *inspected]}
    for path, ms in times.items():
        print(f"{ms:8.1f} ms  {path}")
    slow = [path for path, ms in times.items() if ms > MOST]
    if given.check and slow:
        print(f"above {MOST:.0f} ms: {', '.join(slow)}", file=sys.stderr)
        return 1
    return 0


def _prepare(url: str, articles: int, sites: int) -> None:
    """Fills a database that has no tables yet."""
    database = Database.open(url)
    try:
        if current_revision(database) is None:
            began = perf_counter()
            upgrade(database)
            fill(database, Size(articles, sites, utc_now()))
            print(f"filled in {perf_counter() - began:.0f} s")
    finally:
        database.close()


def _inspector(url: str, archive: Path) -> list[str]:
    """The pages of an article whose copy is archived."""
    database = Database.open(url)
    try:
        page = archive_page(database, archive, number=int(time()), site="site-1")
    finally:
        database.close()
    own = f"/page/{page.url_id}"
    return [own, f"{own}/copy/{page.capture_id}", f"{own}/text/3", f"{own}/counts?selector=.lead"]


def measure(server: LookServer, path: str) -> float:
    """Milliseconds of a page, the median of some requests. Raises RuntimeError for a fault."""
    times = []
    for _ in range(TIMES + 1):
        began = perf_counter()
        answer = server.get(path)
        times.append(1000 * (perf_counter() - began))
        if answer.status != 200:
            raise RuntimeError(f"{path}: {answer.status}: {answer.text[:500]}")
    return median(times[1:])


if __name__ == "__main__":
    sys.exit(main())
