"""Rows chosen by their keys: the same rows as by an IN list, by one statement and its index."""

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    MetaData,
    Table,
    bindparam,
    create_engine,
    delete,
    event,
    insert,
    select,
    text,
)
from sqlalchemy.exc import StatementError

from models.db.database import Database
from models.db.keys import among, select_each

LARGEST = 2**63 - 1
KEPT = (-LARGEST - 1, -1, 0, 1, 2, 4_999, 5_001, LARGEST)
TABLE = Table(
    "keyed", MetaData(),
    Column("site", BigInteger, primary_key=True, autoincrement=False),
    Column("key", BigInteger, primary_key=True, autoincrement=False),
)  # fmt: skip
CHOSEN = (TABLE.c.site == bindparam("site"), among(TABLE.c.key, "keys"))
READ = select(TABLE.c.key).where(*CHOSEN)
DELETE = delete(TABLE).where(*CHOSEN)


def filled(conn: Connection, keys: Sequence[int]) -> None:
    TABLE.create(conn)
    conn.execute(insert(TABLE), [{"site": site, "key": key} for site in (1, 2) for key in keys])


def chosen(conn: Connection, keys: Sequence[int]) -> list[int]:
    return sorted(conn.scalars(READ, {"site": 1, "keys": keys}))


def test_rows_of_none_of_some_and_of_thousands_of_keys(database: Database) -> None:
    with database.transaction() as conn:
        try:
            filled(conn, KEPT)
            assert chosen(conn, []) == []
            assert chosen(conn, [3, 17]) == []
            assert chosen(conn, [LARGEST]) == [LARGEST]
            assert chosen(conn, [-1, -1, LARGEST, -LARGEST - 1]) == [-LARGEST - 1, -1, LARGEST]
            assert chosen(conn, range(5_000)) == [0, 1, 2, 4_999]
            conn.execute(DELETE, {"site": 1, "keys": []})
            conn.execute(DELETE, {"site": 1, "keys": [1, -1]})
            left = sorted(map(tuple, conn.execute(select(TABLE))))
        finally:
            TABLE.drop(conn)
    ours = [(1, key) for key in KEPT if key not in (1, -1)]
    assert left == [*ours, *((2, key) for key in KEPT)]


@given(
    st.frozensets(st.integers(-LARGEST - 1, LARGEST), min_size=1),
    st.lists(st.integers(-LARGEST - 1, LARGEST)),
    st.data(),
)
@pytest.mark.slow
def test_any_keys_choose_what_they_name(
    kept: frozenset[int], others: list[int], data: st.DataObject
) -> None:
    named = data.draw(st.lists(st.sampled_from(sorted(kept)))) + others
    with create_engine("sqlite://").begin() as conn:
        filled(conn, sorted(kept))
        assert chosen(conn, named) == sorted(kept & set(named))


@pytest.mark.parametrize("keys", [None, ["1); drop"], [1.5], 7])
def test_what_is_no_list_of_whole_numbers_is_refused(keys: Any) -> None:
    with create_engine("sqlite://").begin() as conn:
        filled(conn, KEPT)
        with pytest.raises(StatementError):
            chosen(conn, keys)


def test_the_statement_is_the_same_for_any_number_of_keys(database: Database) -> None:
    asked: set[str] = set()

    def note(_c: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        asked.add(statement)

    with database.transaction() as conn:
        try:
            filled(conn, KEPT)
            event.listen(conn, "before_cursor_execute", note)
            for number in (0, 1, 2, 400):
                conn.execute(READ, {"site": 1, "keys": range(number)})
        finally:
            event.remove(conn, "before_cursor_execute", note)
            TABLE.drop(conn)
    assert len(asked) == (4 if database.dialect == "mysql" else 1)  # MariaDB gets a list


def each(dialect: str) -> Any:
    return select_each(
        dialect, (TABLE.c.key,), TABLE.c.key, "keys", TABLE.c.site == bindparam("site")
    )


def test_each_key_is_looked_up_also_where_the_database_has_no_statistics(
    database: Database,
) -> None:
    statement = each(database.engine.dialect.name)
    asked: list[tuple[str, Any]] = []

    def note(_c: Any, _cursor: Any, said: str, given: Any, *_more: Any) -> None:
        asked.append((said, given))

    with database.transaction() as conn:
        try:
            filled(conn, [*KEPT, *range(10, 4_000)])
            for keys in ([], [3, 5_003], [LARGEST, -1, 17], range(5_000)):
                given = {"site": 1, "keys": keys}
                assert sorted(conn.scalars(statement, given)) == chosen(conn, keys)
            event.listen(conn, "before_cursor_execute", note)
            conn.execute(statement, {"site": 1, "keys": range(100, 200)})
            event.remove(conn, "before_cursor_execute", note)
            plan = conn.exec_driver_sql(f"{EXPLAIN[database.dialect]} {asked[0][0]}", asked[0][1])
            steps = "\n".join(str(tuple(row)) for row in plan)
        finally:
            TABLE.drop(conn)
    alone = "Index Cond: ((site = '1'::bigint) AND (key = wanted.key))"
    assert (alone if database.dialect == "postgresql" else SEEK[database.dialect]) in steps, steps


EXPLAIN = {"sqlite": "explain query plan", "postgresql": "explain", "mysql": "explain"}
SEEK = {
    "sqlite": "INDEX sqlite_autoindex_keyed_1 (site=? AND key=?)",
    "postgresql": "Index Cond: ((site = '1'::bigint) AND (key = ANY",
    "mysql": "'range', 'PRIMARY', 'PRIMARY', '16'",
}


@pytest.mark.parametrize("statement", [READ, DELETE])
def test_the_index_finds_each_key(database: Database, statement: Any) -> None:
    asked: list[tuple[str, Any]] = []

    def note(_c: Any, _cursor: Any, said: str, given: Any, *_more: Any) -> None:
        asked.append((said, given))

    with database.transaction() as conn:
        try:
            filled(conn, range(5_000))
            if database.dialect != "sqlite":
                conn.execute(text("analyze" + " table" * (database.dialect == "mysql") + " keyed"))
            event.listen(conn, "before_cursor_execute", note)
            conn.execute(statement, {"site": 1, "keys": [7, 9, 4_000]})
            event.remove(conn, "before_cursor_execute", note)
            plan = conn.exec_driver_sql(f"{EXPLAIN[database.dialect]} {asked[0][0]}", asked[0][1])
            steps = "\n".join(str(tuple(row)) for row in plan)
        finally:
            TABLE.drop(conn)
    assert SEEK[database.dialect] in steps, steps
