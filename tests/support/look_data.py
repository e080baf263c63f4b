"""A small database with something on every page of the look application."""

from benchmarks.look_archive import fill
from benchmarks.look_size import Size
from models.clock import utc_now
from models.db.database import Database

ARTICLES, SITES, CLUSTER = 240, 6, 60


def fill_small(url: str) -> None:
    """Fills a database at head: 240 articles, half of them of site-1; cluster 1 has 60."""
    database = Database.open(url)
    size = Size(ARTICLES, SITES, utc_now(), busy_runs=20, noted_runs=30, cluster=CLUSTER, texts=80)
    try:
        fill(database, size)
    finally:
        database.close()
