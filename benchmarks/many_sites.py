"""The CPU of what cron types every few minutes, with 2,000 sites of which none is due.

    python -m benchmarks.many_sites [--sites 2000] [--database URL] [--check]

Each figure is the CPU of the command, above that of `scrapy list`: what Scrapy's start costs.
"""

import argparse
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from tempfile import TemporaryDirectory
from typing import Final

from sqlalchemy import update

from benchmarks.look_archive import fill
from benchmarks.look_size import Size
from migrations.upgrade import upgrade
from models.clock import utc_now
from models.db.database import Database
from models.sites.registry import SITES
from models.sites.toml_template import write_site_toml

MOST: Final = 1.0  # seconds of CPU above Scrapy's start
TIMES: Final = 3  # the least counts: what else runs on the machine only adds
ARTICLES: Final = 20_000
VERBS: Final = (
    (("sites", "list"), 0),
    (("health",), 3),  # every tenth of the made sites is not well
    (("health", "--prometheus"), 0),
    (("visit",), 0),
)


def main(words: Sequence[str] | None = None) -> int:
    """Prints the CPU of each verb; exit code 1 with `--check` if one costs too much."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--sites", type=int, default=2_000)
    parser.add_argument("--database", metavar="URL", help="an empty one; else a SQLite file")
    parser.add_argument("--check", action="store_true", help=f"fail above {MOST:g} s")
    given = parser.parse_args(words)
    with TemporaryDirectory() as name:
        folder = Path(name)
        url = given.database or f"sqlite:///{folder}/winnow.db"
        _prepare(url, folder / "sites", given.sites)
        environment = {
            **os.environ,
            "SCRAPY_SETTINGS_MODULE": "crawler.settings",
            "WINNOW_DATABASE_URL": url,
            "WINNOW_SITES_DIR": str(folder / "sites"),
            "WINNOW_ARCHIVE_DIR": str(folder / "archive"),
        }
        start = cpu(("list",), 0, environment)
        print(f"{start:6.2f} s  list (start-up)")
        above = {}
        for verb, code in VERBS:
            above[" ".join(verb)] = cpu(verb, code, environment) - start
            print(f"{above[' '.join(verb)]:+6.2f} s  {' '.join(verb)}", flush=True)
    dear = [verb for verb, seconds in above.items() if seconds > MOST]
    if given.check and dear:
        print(f"above {MOST:g} s of CPU: {', '.join(dear)}", file=sys.stderr)
        return 1
    return 0


def cpu(words: Sequence[str], code: int, environment: Mapping[str, str]) -> float:
    """Seconds of CPU of `scrapy WORDS`, of its children too: the least of some calls."""
    took = []
    for _ in range(TIMES):
        before = getrusage(RUSAGE_CHILDREN)
        done = subprocess.run(
            [sys.executable, "-m", "scrapy", *words],
            env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode != code:
            raise SystemExit(
                f"scrapy {' '.join(words)}: exit code {done.returncode}\n{done.stderr}"
            )
        after = getrusage(RUSAGE_CHILDREN)
        took.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return min(took)


def _prepare(url: str, sites: Path, number: int) -> None:
    """A database at head in which no site is due for a day, and a TOML file for each site."""
    now = utc_now()
    database = Database.open(url)
    try:
        upgrade(database)
        fill(database, Size(ARTICLES, number, now))
        with database.transaction() as conn:
            later = now + timedelta(days=1)
            conn.execute(update(SITES).values(next_due_at=later, sources_due_at=later))
    finally:
        database.close()
    for n in range(1, number + 1):
        start = f"https://site-{n}.test/"
        feed = f'start = "{start}"\n[sources]\nfeeds = ["{start}rss"]\n'
        write_site_toml(sites, f"site-{n}", feed)


if __name__ == "__main__":
    sys.exit(main())
