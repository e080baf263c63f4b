"""What the index of duplicates costs: CPU to keys, bytes an article, look-ups as it grows."""

import random
import time
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from sqlalchemy import Connection, text

from benchmarks.newsroom import bulk
from models.db.database import Database
from models.db.types import METADATA
from models.duplicates.index import IndexEntry, candidates
from models.duplicates.tables import DONE
from pipelines.duplicates.sketch import KEYS, sketch

BATCH: Final = 5_000
LOOKUPS: Final = 2_000
REPEATED: Final = 0.15  # of the articles are copies that share most keys with an earlier one
TEMPLATED: Final = 0.05  # share keys with thousands of others
TABLES: Final = ("sketch_keys", "cluster_members", "duplicate_pairs", "clusters")


_SIZES: Final = {
    "sqlite": "select coalesce(sum(pgsize), 0) from dbstat where aggregate = true and name in"
    " (select name from sqlite_master where tbl_name = :name)",
    "postgresql": "select pg_total_relation_size(cast(:name as regclass))",
    "mysql": "select data_length + index_length from information_schema.tables"
    " where table_schema = database() and table_name = :name",
}


class Sizes(NamedTuple):
    """One measurement, at so many articles."""

    articles: int
    bytes_an_article: float  # of the tables above with their indexes
    key_bytes_an_article: float  # of sketch_keys alone
    lookup_cpu_ms: float  # of this process; on a server the server's own comes beside it
    lookup_wall_ms: float


def keys_cpu_ms(texts: Sequence[str]) -> float:
    """CPU from text to keys, of a text of 495 words: the best of five passes.

    What else the machine does only ever adds to a pass.
    """
    words = sum(sketch(told).tokens for told in texts)
    passes = []
    for _ in range(5):
        began = time.process_time()
        for told in texts:
            sketch(told)
        passes.append(time.process_time() - began)
    return min(passes) * 1000 * 495 / words


def grow(database: Database, to: Sequence[int], seed: int = 1) -> Iterator[Sizes]:
    """Fills a database with entries up to each number of articles, and measures there."""
    chance = random.Random(seed)
    entries, known, done = _entries(chance), list[IndexEntry](), 0
    for target in to:
        while done < target:
            batch = [next(entries) for _ in range(min(BATCH, target - done))]
            with database.transaction() as conn:
                _insert(conn, batch)
            done += len(batch)
            known += chance.sample(batch, min(50, len(batch)))
        asked = chance.sample(known, min(LOOKUPS // 2, len(known)))
        fresh = _entries(random.Random(target))
        asked += [next(fresh)._replace(article_id=0) for _ in range(len(asked))]
        yield _measure(database, done, asked)


def _entries(chance: random.Random) -> Iterator[IndexEntry]:
    hot = [[chance.getrandbits(31) for _ in range(6)] for _ in range(50)]
    recent: list[tuple[int, ...]] = []
    number = 0
    while True:
        number += 1
        keys = [chance.getrandbits(32) - (1 << 31) for _ in range(KEYS)]
        if recent and chance.random() < REPEATED:
            keys[:12] = chance.choice(recent)[:12]
        elif chance.random() < TEMPLATED:
            keys[:6] = hot[min(int(chance.paretovariate(1.0)) - 1, len(hot) - 1)]
        made = tuple(sorted(set(keys)))
        recent.append(made)
        if len(recent) > 20_000:
            del recent[:10_000]
        yield IndexEntry(number, 1, chance.getrandbits(63), 495, made)


def _insert(conn: Connection, batch: Sequence[IndexEntry]) -> None:
    tables = METADATA.tables
    bulk(conn, batch[0].article_id, ["-"] * len(batch))
    rows = [
        {
            "article_id": entry.article_id,
            "cluster_id": None,
            "state": DONE,
            "revision": 1,
            "body_key": entry.body_key,
            "tokens": entry.tokens,
            "similarity": None,
            "reason": None,
            "near_key": entry.near_key,
        }
        for entry in batch
    ]
    conn.execute(tables["cluster_members"].insert(), rows)
    keys = [{"sketch_key": key, "article_id": e.article_id} for e in batch for key in e.keys]
    conn.execute(tables["sketch_keys"].insert(), keys)


def _measure(database: Database, articles: int, asked: Sequence[IndexEntry]) -> Sizes:
    with database.reading() as conn:
        sizes = [_bytes(conn, table) for table in TABLES]
        for entry in asked:  # once for the caches
            candidates(conn, entry)
        cpu, wall = time.process_time(), time.perf_counter()
        for entry in asked:
            candidates(conn, entry)
        cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    each = 1000 / len(asked)
    return Sizes(articles, sum(sizes) / articles, sizes[0] / articles, cpu * each, wall * each)


def _bytes(conn: Connection, table: str) -> int:
    """Of a table with its indexes."""
    return int(conn.execute(text(_SIZES[conn.dialect.name]), {"name": table}).scalar_one())
