"""A small database with something on every page of the look application."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.look_archive import fill
from benchmarks.look_size import Size
from models.clock import utc_now
from models.db.database import Database
from tests.databases import AtHead
from tests.support.look_server import LookServer, look_server

ARTICLES, SITES, CLUSTER = 240, 6, 60


def fill_small(url: str) -> None:
    """Fills a database at head: 240 articles, half of them of site-1; cluster 1 has 60."""
    database = Database.open(url)
    size = Size(ARTICLES, SITES, utc_now(), busy_runs=20, noted_runs=30, cluster=CLUSTER, texts=80)
    try:
        fill(database, size)
    finally:
        database.close()


@contextmanager
def small_server(at_head: AtHead, folder: Path) -> Iterator[LookServer]:
    """The server of such a database in SQLite."""
    with at_head.database("sqlite", folder) as url:
        fill_small(url)
        with look_server(url, folder) as served:
            yield served
