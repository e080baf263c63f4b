"""What a page costs a database, through the stages of a crawl: rows, transactions, bytes.

    python -m benchmarks.scaling.measure URL [--sites 20] [--articles 100] [--generated]

`URL` is an empty database of PostgreSQL; nobody else uses its server meanwhile. Each site gets
its articles, then a run without pages, then its last pages again, and these with a sentence more.
Prints of each kind, a page with its share of the run's beginning and end: CPU of this process and
of the server, transactions, rows, bytes of the write-ahead log; and bytes an article of each
table, of its rows and its indexes. Pages go one by one, so that a transaction holds the writes of
one page alone, as on a site that is asked once a second.
"""

import argparse
import asyncio
import re
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from scrapy.exceptions import DropItem
from sqlalchemy import text

from benchmarks.pages import BENCH, Sample, samples
from benchmarks.scaling.server_work import counted
from benchmarks.throughput.bodies import ORIGIN, edition, generated, texts_of
from migrations.upgrade import upgrade
from models.clock import utc_now
from models.db.database import Database
from models.scheduling import run_lifecycle
from tests.factories import make_site
from tests.support.stage_run import StageRun

_SIZES: Final = text(
    "SELECT relname, pg_table_size(oid) AS held, pg_indexes_size(oid) AS indexes"
    " FROM pg_class WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace"
)
_SMALL: Final = 24_000  # bytes of a generated page
_OUTCOMES: Final = text(
    "SELECT kind, outcome, count(*) FROM outcomes JOIN runs USING (run_id) GROUP BY 1, 2"
)
_PARAGRAPH: Final = re.compile(rb"<p(?:\s[^>]*)?>[^<]{40,}")
Bodies = dict[str, bytes]  # by URL


@dataclass(slots=True)
class Work:
    """What some pages took together."""

    runs: int = 0
    pages: int = 0
    cpu: float = 0.0  # seconds, of this process
    server_cpu: float = 0.0  # seconds, of the server's processes; 0 if it is another machine's
    transactions: int = 0  # reads too, each of which is one
    written: int = 0  # transactions that wrote
    inserted: int = 0
    updated: int = 0
    deleted: int = 0
    fetched: int = 0
    wal: int = 0  # bytes

    def line(self, name: str) -> str:
        """A page's share, or a run's where there are no pages, for people."""
        n = self.pages or self.runs
        return (
            f"{name:10} {n:6}: {self.cpu / n * 1e3:6.1f} ms CPU,"
            f" server {self.server_cpu / n * 1e3:5.1f} ms,"
            f" {self.transactions / n:5.2f} transactions ({self.written / n:5.2f} write),"
            f" rows {self.inserted / n:6.1f} inserted"
            f" {self.updated / n:5.1f} updated {self.deleted / n:5.1f} deleted"
            f" {self.fetched / n:7.0f} read, WAL {self.wal / n / 1e3:6.1f} KB"
        )


def main(words: Sequence[str] | None = None) -> int:
    """Fills the database and prints; 2 where it is not one of PostgreSQL."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("url", metavar="URL")
    parser.add_argument("--sites", type=int, default=20)
    parser.add_argument("--articles", type=int, default=100, help="of each site")
    parser.add_argument("--again", type=int, default=20, help="of them, looked at again")
    parser.add_argument("--runs", type=int, default=0, help="runs more, without pages")
    parser.add_argument("--generated", action="store_true", help="even if real pages are here")
    given = parser.parse_args(words)
    database = Database.open(given.url)
    if database.dialect != "postgresql":
        parser.error("the counts are those of PostgreSQL")
    upgrade(database)
    pages_of = _generated if given.generated or not BENCH.is_dir() else _real()
    work: dict[str, Work] = defaultdict(Work)
    with TemporaryDirectory() as folder:
        for number in range(given.sites):
            bodies = pages_of(number, given.articles)
            again = dict(list(bodies.items())[len(bodies) - given.again :])
            changed = {url: _edited(body, url) for url, body in again.items()}
            changed = {url: body for url, body in changed.items() if body != again[url]}
            runs = {"new": bodies, "no page": {}, "unchanged": again, "changed": changed}
            for kind, some in runs.items():
                asyncio.run(_run(database, work[kind], folder, f"site{number}", kind, some))
            print(f"site {number + 1} of {given.sites}", file=sys.stderr, flush=True)
        held = sum(path.stat().st_size for path in Path(folder).rglob("*.warc.gz"))
    for kind, done in work.items():
        print(done.line(kind))
    with database.reading() as conn:
        found = [f"{kind} {outcome} {n}" for kind, outcome, n in conn.execute(_OUTCOMES)]
    print("outcomes:", ", ".join(found))
    captures = sum(done.pages for done in work.values())
    print(f"archive: {held / captures / 1e3:.1f} KB a capture")
    _print_sizes(database, work["new"].pages)
    if given.runs:
        print(f"{_bytes_of_runs(database, given.runs):.0f} bytes a run without pages")
    database.close()
    return 0


async def _run(
    database: Database, work: Work, folder: str, site: str, kind: str, bodies: Bodies
) -> None:
    """One run over the pages, its beginning and end counted too."""
    before, cpu = counted(database), time.process_time()
    url = database.engine.url.render_as_string(hide_password=False)
    opened = await StageRun.begin(
        url, folder, "discover" if kind == "new" else "recrawl", site=site
    )
    pages = await opened.claim(bodies)
    for page in pages:
        try:
            await opened.take(page)
        except DropItem as dropped:
            print(f"{page.url}: {dropped}", file=sys.stderr)
    await opened.close_stages()
    await opened.end()
    work.cpu += time.process_time() - cpu
    for name, more in counted(database).items():
        setattr(work, name, getattr(work, name) + more - before[name])
    work.pages += len(pages)
    work.runs += 1


def _print_sizes(database: Database, articles: int) -> None:
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
        conn.exec_driver_sql("vacuum analyze")
        rows = [
            (str(name), int(held), int(indexes)) for name, held, indexes in conn.execute(_SIZES)
        ]
    rows.sort(key=lambda row: -row[1] - row[2])
    print(f"{'bytes an article':24} {'rows':>8} {'indexes':>8}")
    for name, held, indexes in rows:
        if (held + indexes) / articles >= 1:
            print(f"{name:24} {held / articles:8.0f} {indexes / articles:8.0f}")
    held, indexes = sum(row[1] for row in rows), sum(row[2] for row in rows)
    print(f"{'all':24} {held / articles:8.0f} {indexes / articles:8.0f}")


def _bytes_of_runs(database: Database, many: int) -> float:
    """What a run leaves behind that found nothing."""
    size = text("SELECT pg_total_relation_size('runs') + pg_total_relation_size('run_counts')")
    with database.reading() as conn:
        before = conn.scalar(size) or 0
    for number in range(many):
        begin = partial(
            run_lifecycle.begin, site=make_site("site0"), kind="visit", owner=f"host:{number}:ab",
            now=utc_now(),
        )  # fmt: skip
        run = database.write_when_there(begin)
        end = partial(run_lifecycle.end, run=run, status="done", reason=None, now=utc_now())
        database.write_when_there(end)
    with database.reading() as conn:
        return ((conn.scalar(size) or 0) - before) / many


def _generated(site: int, articles: int) -> Bodies:
    pages = (generated(site * 100_000 + n, _SMALL, f"site{site}") for n in range(articles))
    return {f"https://site{site}.test{page.path}": page.html for page in pages}


def _real() -> Callable[[int, int], Bodies]:
    """Editions of the real pages of one publisher as each site."""
    publishers: dict[str, list[Sample]] = defaultdict(list)
    for sample in samples("sites"):
        publishers[sample.site].append(sample)
    kinds = list(publishers.values())
    said = texts_of([page for pages in kinds for page in pages])

    def made(site: int, articles: int) -> Bodies:
        return dict(_editions(kinds[site % len(kinds)], site, articles, said))

    return made


def _editions(
    pages: Sequence[Sample], site: int, articles: int, said: Counter[bytes]
) -> Iterator[tuple[str, bytes]]:
    origin = f"https://site{site}.test"
    for n in range(articles):
        body = edition(pages[n % len(pages)], 1 + site * 10_000 + n // len(pages), said)
        yield f"{origin}{body.path}", body.html.replace(ORIGIN.encode(), origin.encode())


def _edited(body: bytes, url: str) -> bytes:
    """The page with a sentence more in its longest paragraph; as it is where it has none."""
    longest = max(_PARAGRAPH.finditer(body), key=lambda found: len(found[0]), default=None)
    if longest is None:
        return body
    said = f" The editors have added what was said of {url.rpartition('-')[2]} at noon."
    return body[: longest.end()] + said.encode() + body[longest.end() :]


if __name__ == "__main__":
    sys.exit(main())
