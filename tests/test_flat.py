"""Nothing that is asked of an archive reads a large table: documented queries, views, commands.

Plans and counts of work, no times: an archive of some thousands of rows has the plans of one with
a million. SQLite plans without statistics, and PostgreSQL's are of rows enough to prefer an index.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache

import pytest

from benchmarks.flat_archive import Size, fill
from benchmarks.flat_questions import all_of
from benchmarks.flat_work import measure
from models.db.database import Database
from tests.databases import own_database

KINDS = ("sqlite", "postgresql")
SIZE = Size(articles=24_000, runs=24_000, whole=200)
NAMES = [(kind, name) for kind in KINDS for name in sorted(all_of(SIZE, kind))]
# Steps of SQLite's machine, pages of PostgreSQL: what the largest of them needs at any size is
# that of 300 runs (health check), of 1,000 visits (yield), of all queues (claim). A scan of one
# table is 24,000 rows: at least 100,000 steps.
MOST = {"sqlite": 70_000, "postgresql": 10_000}
# they look at so many rows, and never at more
BOUNDED = {
    "health check": "300 runs, 2,000 articles of them, and the last run's outcomes",
    "runs": "what the run under way did until now is counted", "runs ID": "the same",
    "docs/reading.md: select outcome, count(*) from v1_outcomes where run_id = (se": "one run's",
    "runs --site -n 100": "the same", "v1_runs, first 100": "the same",
}  # fmt: skip
# Some hundred seeks in a table of this size are more work than its pages in a row, in a larger one
# they are not: a page out of order costs as much as the next one here, which tells them apart.
SEEK = "alter database {name} set random_page_cost = 1"


@pytest.fixture(scope="module")
def archive_of(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Database]]:
    """The archive of a kind, filled when a test first asks for it."""
    with ExitStack() as stack:

        @cache
        def made(kind: str) -> Database:
            folder = tmp_path_factory.mktemp("flat")
            database = stack.enter_context(own_database(kind, folder))
            fill(database, SIZE)
            if kind == "postgresql":
                with database.transaction() as conn:
                    conn.exec_driver_sql(SEEK.format(name=database.engine.url.database))
                database.close()
            return database

        yield made


@pytest.mark.parametrize(("kind", "name"), NAMES)
@pytest.mark.slow
def test_no_question_reads_a_large_table(
    archive_of: Callable[[str], Database], kind: str, name: str
) -> None:
    work = measure(archive_of(kind), all_of(SIZE, kind)[name])
    assert work.scans == [], "\n".join(work.plans)
    bound = MOST[kind] * (5 if name in BOUNDED else 1)
    assert work.counted < bound, "\n".join(work.plans)


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_a_scan_would_be_noticed(archive_of: Callable[[str], Database], kind: str) -> None:
    archive = archive_of(kind)

    def scanning(conn: object) -> object:
        said = "select title from v1_articles where title = 'none' order by word_count limit 1"
        return conn.exec_driver_sql(said).all()

    work = measure(archive, scanning)
    assert work.scans != []
    if kind == "sqlite":
        assert work.counted > MOST["sqlite"]


def test_the_pages_of_the_documentation_are_asked() -> None:
    for kind in KINDS:
        assert len([one for one in NAMES if one[0] == kind and "docs/reading.md" in one[1]]) >= 9
