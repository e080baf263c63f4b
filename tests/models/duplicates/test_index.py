"""What a look-up of candidates reads, and what it offers."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from models.db.database import Database
from models.db.types import METADATA
from models.duplicates import index
from models.duplicates.index import CANDIDATES, POSTINGS, IndexEntry, Member, TextVersion
from tests.databases import AtHead
from tests.support.stories import tell, wire_copy

TABLES = METADATA.tables


def entry(article_id: int, keys: Sequence[int], body: int | None = None) -> IndexEntry:
    return IndexEntry(article_id, 1, article_id if body is None else body, 300, tuple(keys))


@pytest.fixture
def stored(sqlite: Database) -> list[int]:
    """Thirty stored articles."""
    return [tell(sqlite, wire_copy(n, 30), path=str(n)) for n in range(30)]


def ids(found: Sequence[Member]) -> list[int]:
    return [member.article_id for member in found]


def add(
    conn: Connection, article_id: int, keys: Sequence[int], body: int | None = None
) -> IndexEntry:
    made = entry(article_id, keys, body)
    index.add(conn, made, ())
    return made


def test_two_shared_keys_make_a_candidate_and_one_does_not(
    sqlite: Database, stored: list[int]
) -> None:
    one, two, three = stored[:3]
    with sqlite.transaction() as conn:
        mine = add(conn, one, [1, 2, 3])
        add(conn, two, [3, 4, 5])
        add(conn, three, [2, 3, 9])
        assert ids(index.candidates(conn, mine)) == [three]


def test_most_shared_keys_come_first_and_few_are_offered(
    sqlite: Database, stored: list[int]
) -> None:
    with sqlite.transaction() as conn:
        mine = add(conn, stored[0], range(16))
        for n, article_id in enumerate(stored[1:]):
            add(conn, article_id, range(2 + n % 10))
        found = ids(index.candidates(conn, mine))
        assert len(found) == CANDIDATES
        shared = [2 + (stored.index(article_id) - 1) % 10 for article_id in found]
        assert shared == sorted(shared, reverse=True)


def test_of_equal_texts_one_is_offered(sqlite: Database, stored: list[int]) -> None:
    with sqlite.transaction() as conn:
        for article_id in stored[1:20]:
            add(conn, article_id, range(16), body=7)
        mine = add(conn, stored[0], range(16), body=7)
        near = add(conn, stored[20], range(16), body=8)
        assert ids(index.candidates(conn, mine)) == [stored[1], stored[20]]
        assert len(index.candidates(conn, near)) == 1


def test_keys_of_the_text_before_are_taken_away(sqlite: Database, stored: list[int]) -> None:
    one, two = stored[:2]
    with sqlite.transaction() as conn:
        add(conn, one, [1, 2, 3])
        index.add(conn, entry(one, [3, 4, 5]), {1, 2})
        assert ids(index.candidates(conn, add(conn, two, [1, 2]))) == []
        assert ids(index.candidates(conn, add(conn, two, [3, 4]))) == [one]


def test_only_the_text_that_was_compared_is_marked_as_indexed(
    sqlite: Database, stored: list[int]
) -> None:
    one = stored[0]
    with sqlite.transaction() as conn:
        made = add(conn, one, [1, 2, 3])
        assert not index.mark_indexed(conn, one, TextVersion(1, 99))
        assert one in index.pending(conn, 0, 100)
        assert index.mark_indexed(conn, one, TextVersion(1, made.body_key))
        assert index.mark_indexed(conn, one, TextVersion(1, made.body_key))
        assert one not in index.pending(conn, 0, 100)
        index.requeue(conn, [one])
        assert one in index.pending(conn, 0, 100)


def _explained(conn: Connection, prefix: str) -> list[str]:
    made = entry(0, range(16))
    given = {f"k{n}": key for n, key in enumerate(made.keys)}
    statement = index._sharing(len(made.keys), True)
    rows = conn.execute(text(f"{prefix} {statement.text}"), {"me": 0, "body": 1, **given}).all()
    return [str(row[-1]) for row in rows]


def test_sqlite_seeks_each_key_and_sorts_no_postings(sqlite: Database) -> None:
    with sqlite.reading() as conn:
        plan = _explained(conn, "explain query plan")
    seeks = [step for step in plan if "sketch_keys" in step]
    assert len(seeks) == 16
    assert all(step.startswith("SEARCH sketch_keys USING PRIMARY KEY (sk") for step in seeks)
    # one sort to count the keys shared, one to put the few candidates in order
    assert sum("TEMP B-TREE" in step for step in plan) == 2


def _fill(conn: Connection, articles: int) -> None:
    """Keys for so many articles: one that all share, and 15 that few do."""
    conn.execute(
        text(
            "insert into sketch_keys (sketch_key, article_id)"
            " select case n when 0 then 5 else hashint4(a * 16 + n) end, a"
            " from generate_series(1, :articles) a, generate_series(0, 15) n"
            " on conflict do nothing"
        ),
        {"articles": articles},
    )


def test_postgresql_reads_four_pages_a_key_however_popular(tmp_path: Path, at_head: AtHead) -> None:
    with at_head.database("postgresql", tmp_path) as url:
        database = Database.open(url)
        with database.transaction() as conn:
            # what is not on the disk yet, `vacuum` takes for not visible to all
            conn.execute(text("set local synchronous_commit = on"))
            _fill(conn, 40_000)
        outside = database.engine.execution_options(isolation_level="AUTOCOMMIT")
        with outside.connect() as conn:
            conn.execute(text("vacuum analyze sketch_keys"))
        with database.reading() as conn:
            posting = index._POSTING.format(n=0, limit=POSTINGS)
            explain = text(f"explain (analyze, buffers, format json) {posting}")
            for key in (5, 6, 1_000_000):
                conn.execute(explain, {"k0": key, "me": 0})  # the first reads the catalogue too
                plan = conn.execute(explain, {"k0": key, "me": 0}).scalar_one()[0]["Plan"]
                assert "Index Only Scan" in str(plan)
                assert "Seq Scan" not in str(plan)
                assert plan["Shared Hit Blocks"] + plan["Shared Read Blocks"] <= 4
        database.close()


def test_mariadb_seeks_each_key_in_the_primary_key(tmp_path: Path, at_head: AtHead) -> None:
    with at_head.database("mariadb", tmp_path) as url:
        database = Database.open(url)
        with database.transaction() as conn:
            keys = [(a % 97, a) for a in range(2000)] + [(1000 + a, a) for a in range(2000)]
            rows = [{"sketch_key": key, "article_id": a} for key, a in keys]
            conn.execute(TABLES["sketch_keys"].insert(), rows)
            conn.execute(text("analyze table sketch_keys"))
            given = {f"k{n}": n for n in range(16)}
            statement = text(f"explain {index._sharing(16, True).text}")
            rows = conn.execute(statement, {"me": 0, "body": 1, **given}).mappings().all()
        read = [row for row in rows if row["table"] == "sketch_keys"]
        assert len(read) == 16
        assert {row["key"] for row in read} == {"PRIMARY"}
        assert not any("filesort" in (row["Extra"] or "") for row in read)
        database.close()
