"""The manuals' SQL runs on each database that it is for; tests/test_flat.py says what it costs."""

import re
import secrets
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache
from pathlib import Path

import pytest
from sqlalchemy import make_url

from benchmarks.flat_questions import manual_queries
from models.db.database import Database
from tests.databases import KINDS, AtHead, outside_transactions, raise_to_head, server
from tests.support.look_data import fill_small
from tests.support.manual_blocks import blocks

DIALECTS = {"sqlite": "sqlite", "postgresql": "postgresql", "mariadb": "mysql"}
[README] = [block.text for block in blocks("sql") if block.manual == "README.md"]
QUERIES = [
    (kind, query)
    for kind in KINDS
    for query in (README, *(query for _, query in manual_queries(DIALECTS[kind])))
    if "v1_search" not in query  # tests/test_search_recipes.py
]
FILLED_IN = {"'example'": "'site-1'", "= 17": "= 1", "48211": "0"}
NO_ROWS = "v1_changes"  # the made archive has no change feed; tests/test_cursor.py reads it
[ADMINISTRATION] = [block for block in blocks("sql") if "create database" in block.text]
WHOLE_SERVER = "set global"  # what other tests on the same server would notice


@pytest.fixture(scope="module")
def archive_of(
    tmp_path_factory: pytest.TempPathFactory, at_head: AtHead
) -> Iterator[Callable[[str], Database]]:
    """The archive of a kind, filled when a test first asks for it."""
    with ExitStack() as stack:

        @cache
        def made(kind: str) -> Database:
            folder = tmp_path_factory.mktemp("sql")
            url = stack.enter_context(at_head.database(kind, folder))
            fill_small(url)
            database = Database.open(url)
            stack.callback(database.close)
            return database

        yield made


@pytest.mark.parametrize(
    ("kind", "query"),
    QUERIES,
    ids=lambda value: value if value in KINDS else " ".join(value.split())[:60],
)
def test_a_query_runs(archive_of: Callable[[str], Database], kind: str, query: str) -> None:
    newest = "select max(published_at) from v1_articles where site = 'site-1'"
    with archive_of(kind).reading() as conn:
        day = str(conn.exec_driver_sql(newest).scalar_one())[:10]
        for written, ours in {**FILLED_IN, "2026-11-22": day, "2026-11-23": "2100-01-01"}.items():
            query = query.replace(written, ours)
        rows = conn.exec_driver_sql(query).all()
    assert NO_ROWS in query or rows


def test_each_database_has_as_many_queries() -> None:
    numbers = {kind: len([one for one, _ in QUERIES if one == kind]) for kind in KINDS}
    assert len(set(numbers.values())) == 1
    assert numbers["sqlite"] >= 11


@pytest.mark.parametrize("kind", ["postgresql", "mariadb"])
def test_a_database_is_made_as_the_manual_says(kind: str, tmp_path: Path) -> None:
    heading = {"postgresql": "PostgreSQL", "mariadb": "MariaDB"}[kind]
    part = re.search(rf"^-- {heading}.*\n((?:.+\n)+)", ADMINISTRATION.text, re.MULTILINE)
    assert part, heading
    name = f"winnow_test_{secrets.token_hex(6)}"
    said = re.sub(r"--.*", "", part[1]).replace("winnow", name)
    made = [one.strip() for one in said.split(";") if one.strip()]
    assert len(made) >= 2
    with server(kind) as admin:
        try:
            for statement in made:
                if not statement.startswith(WHOLE_SERVER):
                    outside_transactions(admin, statement)
            url = make_url(admin.engine.url).set(database=name, username=name, password="...")
            raise_to_head(url.render_as_string(hide_password=False))
        finally:
            outside_transactions(admin, f"drop database if exists {name}")
            word = "role" if kind == "postgresql" else "user"
            outside_transactions(admin, f"drop {word} if exists {name}")
