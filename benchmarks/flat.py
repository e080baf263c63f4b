"""What questions cost in a large archive: each documented query, view and command, and its plan.

    python -m benchmarks.flat [--articles 100000] [--runs N] [--whole N] [--database URL] [--plans]

Makes an archive through the schema of the migrations: `--whole` articles with blocks and keys,
the others with short texts. `--database` is an empty one to fill, or one that an earlier call
filled; left out, a SQLite file that goes afterwards. Prints of each question the CPU time of this
process, the time, the work that the database counted (steps of SQLite's machine, pages of
PostgreSQL), and whether a plan reads a large table from end to end; 1 where one does, or takes
longer than `--most` milliseconds.
"""

import argparse
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import func, select

from benchmarks.flat_archive import Size, fill
from benchmarks.flat_questions import all_of
from benchmarks.flat_work import measure
from migrations.upgrade import upgrade
from models.articles.rows import ARTICLES
from models.crawl.run_rows import RUNS
from models.db.database import Database


def main() -> int:
    """Fills the database where it is empty, asks, and prints."""
    given = _arguments()
    size = Size(given.articles, given.runs or given.articles, given.whole or given.articles // 10)
    failed = 0
    with _opened(given.database) as database:
        upgrade(database)
        with database.reading() as conn:
            held = conn.scalar(select(func.count()).select_from(ARTICLES)) or 0
            runs = conn.scalar(select(func.count()).select_from(RUNS)) or 0
        if held:
            size = Size(held, runs, size.whole)
        else:
            started = time.perf_counter()
            fill(database, size)
            print(f"made in {time.perf_counter() - started:.0f} s", file=sys.stderr)
        print(
            f"{database.dialect}: articles {size.articles:,}, URLs {size.urls:,},"
            f" runs {size.runs:,}"
        )
        print(f"{'question':78} {'CPU ms':>8} {'ms':>8} {'work':>9}  scans")
        server = database.dialect != "sqlite"  # whose CPU time is another process's
        for name, ask in all_of(size, database.dialect).items():
            if given.only and given.only not in name:
                continue
            work = measure(database, ask)
            bad = bool(work.scans) or max(work.cpu_ms, server * work.wall_ms) > given.most
            failed += bad
            print(
                f"{name[:78]:78} {work.cpu_ms:8.1f} {work.wall_ms:8.1f} {work.counted:9}"
                f"  {'; '.join(sorted(set(work.scans)))}{' !' if bad else ''}"
            )
            if given.plans:
                print("\n".join(work.plans))
    print(f"{failed} over the line")
    return int(failed > 0)


@contextmanager
def _opened(url: str | None) -> Iterator[Database]:
    with TemporaryDirectory() as folder:
        database = Database.open(url or f"sqlite:///{Path(folder) / 'flat.db'}")
        try:
            yield database
        finally:
            database.close()


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--runs", type=int, help="as many as articles")
    parser.add_argument("--whole", type=int, help="articles with blocks and keys (a tenth)")
    parser.add_argument("--database", metavar="URL", help="an empty one, or one made before")
    parser.add_argument("--most", type=float, default=20.0, metavar="MS")
    parser.add_argument("--only", metavar="WORDS", help="questions whose name holds them")
    parser.add_argument("--plans", action="store_true", help="print the plans")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
