"""The reader's cursor under load: writers that commit late, readers that ask for what is new.

    python -m benchmarks.cursor postgresql+psycopg://… [--seconds 60] [--writers 8] [--readers 4]
        [--readers-at URL]

The database is at head; articles of a site of its own are added. `--readers-at` is a replica of
it, which the readers ask. Ends with 1 where a reader missed a change, read one twice, or read one
out of order.
"""

import argparse
import random
import secrets
import sys
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial

from sqlalchemy import Connection, text

from models.db import changes
from models.db.database import Database
from models.items import Article
from tests.factories import known_site, known_url, make_article, store_article

LATE = 0.02  # seconds at most between taking a number and its commit
PAUSE = 0.005  # seconds between two looks of a reader
_NEXT = text(
    "SELECT change_id, article_id, revision FROM v1_changes WHERE change_id > :n ORDER BY change_id"
)


@dataclass(frozen=True, slots=True)
class Tally:
    """The results of a measurement."""

    written: int
    looks: int  # of all readers together
    seconds: float
    faults: tuple[str, ...]


def race(
    url: str, writers: int, readers: int, seconds: float, readers_at: str | None = None
) -> Tally:
    """Writers change an article each for so long; readers follow until the last is done."""
    database = Database.open(url)
    with database.transaction() as conn:
        ours = [_first(conn, n) for n in range(writers)]
        start = _last(conn)
    began, over = time.monotonic(), threading.Event()
    with ThreadPoolExecutor(writers + readers) as pool:
        follow = [pool.submit(_follow, readers_at or url, start, over) for _ in range(readers)]
        write = [pool.submit(_write, url, article, began + seconds) for article in ours]
        written = sum(done.result() for done in write)
        if readers_at is not None:
            _wait_for(readers_at, start + written)
        over.set()
        reports = [done.result() for done in follow]
    with database.reading() as conn:
        truth = [tuple(row) for row in conn.execute(_NEXT, {"n": start})]
    database.close()
    faults = tuple(fault for read, _ in reports for fault in _faults(read, truth, written))
    return Tally(written, sum(looks for _, looks in reports), time.monotonic() - began, faults)


def _first(conn: Connection, number: int) -> Article:
    site_id = known_site(conn, "race")
    url = f"https://race.test/{secrets.token_hex(8)}/{number}"
    article = make_article(url_id=known_url(conn, site_id, url))
    store_article(conn, site_id, article, datetime.now(UTC))
    changes.flush(conn)
    return article


def _last(conn: Connection) -> int:
    last = text("SELECT coalesce(max(change_id), 0) FROM v1_changes")
    return int(conn.execute(last).scalar_one())


def _wait_for(replica: str, last: int) -> None:
    """Until the replica shows the last change, which nobody else adds to."""
    database = Database.open(replica)
    behind = True
    while behind:
        time.sleep(PAUSE)
        with database.reading() as conn:
            behind = _last(conn) < last
    database.close()


def _write(url: str, article: Article, until: float) -> int:
    """Revises the article again and again, some commits late; how many."""
    database, chance, n = Database.open(url), random.Random(article.page.url_id), 0
    while time.monotonic() < until:
        n += 1
        edition = replace(article, text=f"Edition {n} of what {article.page.url_id} has to say.")
        database.patiently(partial(_revise, edition=edition, wait=chance.random()))
        time.sleep(chance.random() * PAUSE)
    database.close()
    return n


def _revise(conn: Connection, edition: Article, wait: float) -> None:
    now = datetime.now(UTC)
    store_article(conn, 0, edition, now)  # the site counts for a first copy alone
    if wait < 0.3:  # numbered already, not committed yet
        changes.flush(conn, now)
        time.sleep(wait * LATE)


def _follow(url: str, cursor: int, over: threading.Event) -> tuple[list[tuple[int, ...]], int]:
    """All that a reader saw, and how often it looked."""
    database, seen, looks = Database.open(url), list[tuple[int, ...]](), 0
    while True:
        last = over.is_set()
        with database.reading() as conn:
            rows = [tuple(row) for row in conn.execute(_NEXT, {"n": cursor})]
        looks += 1
        seen += rows
        cursor = rows[-1][0] if rows else cursor
        if last:
            database.close()
            return seen, looks
        time.sleep(PAUSE)


def _faults(
    seen: Sequence[tuple[int, ...]], truth: Sequence[tuple[int, ...]], written: int
) -> list[str]:
    faults = []
    ids = [row[0] for row in seen]
    if ids != sorted(set(ids)):
        faults.append("out of order, or twice")
    if len(truth) != written:
        faults.append(f"{written} written, {len(truth)} stored")
    if list(seen) != list(truth):
        faults.append(f"{len(set(truth) - set(seen))} missed")
    return faults


def main() -> int:
    """Prints the tally; 1 where there is a fault."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url")
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--writers", type=int, default=8)
    parser.add_argument("--readers", type=int, default=4)
    parser.add_argument("--readers-at", metavar="URL", help="of a replica")
    given = parser.parse_args()
    tally = race(given.url, given.writers, given.readers, given.seconds, given.readers_at)
    print(
        f"{given.writers} writers, {given.readers} readers, {tally.seconds:.0f} s:"
        f" {tally.written} changes, {tally.looks} looks, {len(tally.faults)} faults"
    )
    for fault in tally.faults:
        print(fault)
    return 1 if tally.faults else 0


if __name__ == "__main__":
    sys.exit(main())
