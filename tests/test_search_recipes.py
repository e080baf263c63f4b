"""The queries of docs/reading.md for the search index, on each database."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection

from models.db.database import Database
from tests.factories import known_site, known_url, make_article, make_page, store_article

MANUAL = (Path(__file__).parents[1] / "docs/reading.md").read_text("utf-8")
SECTION = MANUAL.partition("## Which articles say something")[2].partition("\n## ")[0]
NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL", "mysql": "MariaDB"}
TEXTS = (
    "The harbour is well known for its storms.",
    "The harbour is well known for its storms and its bridge.",
    "The harbour is known well for its storms.",
    "昨日東京都は技術を発表した。",
    "京都の東",
    "In the EU.",
    "The new EU.",
)


@pytest.fixture
def conn(database: Database) -> Iterator[Connection]:
    with database.transaction() as conn:
        site_id = known_site(conn)
        for n, words in enumerate(TEXTS):
            page = f"https://example.test/{n}"
            url_id = known_url(conn, site_id, page)
            article = make_article(words, title=None, url_id=url_id, page=make_page(url=page))
            store_article(conn, site_id, article)
    with database.reading() as reading:
        yield reading


def found(conn: Connection, statement: str) -> set[int]:
    return {int(row.url[-1]) for row in conn.exec_driver_sql(statement.rstrip(";\n"))}


def recipe(database: Database) -> str:
    name = NAMES[database.dialect]
    blocks = re.findall(rf"```sql\n-- {name}\n(.*?)```", SECTION, re.S)
    assert len(blocks) == 1
    return blocks[0]


def test_the_query_of_the_manual_finds_its_words(database: Database, conn: Connection) -> None:
    assert found(conn, recipe(database)) == {0}


@pytest.mark.parametrize(("column", "expected"), [(0, {3}), (1, {3, 4}), (2, {5})])
def test_other_scripts_and_short_words_as_the_manual_writes_them(
    database: Database, conn: Connection, column: int, expected: set[int]
) -> None:
    rows = dict(re.findall(r"^\| (\w+) \| (.+) \|$", SECTION, re.M))
    cell = rows[NAMES[database.dialect]].split(" | ")[column].strip("`")
    quoted = rf"$${cell}$$" if database.dialect == "postgresql" else f"'{cell}'"
    pattern = r"\$\$.*\$\$" if database.dialect == "postgresql" else r"'.*'"
    statement = re.sub(pattern, lambda _: quoted, recipe(database))
    assert found(conn, statement) == expected


def test_a_frequent_word_as_the_manual_looks_for_it(database: Database, conn: Connection) -> None:
    name = NAMES[database.dialect]
    blocks = re.findall(rf"```sql\n-- {name}, a frequent word.*?\n(.*?)```", SECTION, re.S)
    assert len(blocks) == (database.dialect != "sqlite")
    for block in blocks:
        assert found(conn, block) == {0, 1, 2}


def test_a_long_article_is_found_on_postgresql_as_the_manual_says(database: Database) -> None:
    if database.dialect != "postgresql":
        return
    with database.transaction() as conn:
        site_id = known_site(conn)
        url_id = known_url(conn, site_id, "https://example.test/9")
        words = f"{'known of old. ' * 300} It is well known."
        article = make_article(words, url_id=url_id, page=make_page(url="https://example.test/9"))
        store_article(conn, site_id, article)
    phrase = "'well' <-> 'known'"
    alternative = re.search(r"`(\| \('well'.*?)`", SECTION)[1]
    with database.reading() as conn:
        for query, expected in ((phrase, set()), (f"{phrase} {alternative}", {9})):
            asked = re.sub(r"\$\$.*\$\$", lambda _, q=query: f"$${q}$$", recipe(database))
            assert found(conn, asked) == expected
