"""Inserting what may be there already, on each database."""

from typing import Any

from sqlalchemy import BigInteger, Column, Integer, MetaData, String, Table, select

from models.db.database import Database
from models.db.statements import insert_ignore, insert_numbers, update_row, upsert

TABLE = Table(
    "stated", MetaData(), Column("a", Integer, primary_key=True, autoincrement=False),
    Column("b", Integer, primary_key=True, autoincrement=False),
    Column("name", String(20)), Column("other", String(20)),
)  # fmt: skip


def rows(*values: tuple[int, int, str, str]) -> list[dict[str, Any]]:
    return [dict(zip(TABLE.columns.keys(), one, strict=True)) for one in values]


def test_what_is_there_is_left_alone_or_changed_in_the_columns_named(database: Database) -> None:
    with database.transaction() as conn:
        TABLE.create(conn, checkfirst=True)
        try:
            insert_ignore(conn, TABLE, [])
            upsert(conn, TABLE, [], ["name"])
            insert_ignore(conn, TABLE, rows((1, 1, "one", "x"), (1, 2, "two", "x")))
            insert_ignore(conn, TABLE, rows((1, 1, "changed", "y"), (2, 1, "three", "y")))
            upsert(conn, TABLE, rows((1, 2, "changed", "z"), (3, 1, "four", "z")), ["name"])
            found = [tuple(row) for row in conn.execute(select(TABLE).order_by("a", "b"))]
        finally:
            TABLE.drop(conn)
    assert found == [
        (1, 1, "one", "x"), (1, 2, "changed", "x"), (2, 1, "three", "y"), (3, 1, "four", "z"),
    ]  # fmt: skip


NUMBERS = Table(
    "counted", MetaData(), Column("a", Integer, primary_key=True, autoincrement=False),
    Column("b", Integer), Column("c", BigInteger),
)  # fmt: skip


def test_rows_of_numbers_go_in_as_they_are_and_leave_alone_what_is_there(
    database: Database,
) -> None:
    with database.transaction() as conn:
        NUMBERS.create(conn, checkfirst=True)
        try:
            insert_numbers(conn, NUMBERS, [])
            insert_numbers(conn, NUMBERS, [(1, 2**31 - 1, None), (2, 20, 200)])
            insert_numbers(conn, NUMBERS, [(2, 21, 201), (3, None, -(2**63)), (3, 1, 2)])
            found = [tuple(row) for row in conn.execute(select(NUMBERS).order_by("a"))]
        finally:
            NUMBERS.drop(conn)
    assert found == [(1, 2**31 - 1, None), (2, 20, 200), (3, None, -(2**63))]


def test_a_row_is_changed_in_the_columns_given_and_none_is_told(database: Database) -> None:
    with database.transaction() as conn:
        TABLE.create(conn, checkfirst=True)
        try:
            insert_ignore(conn, TABLE, rows((1, 1, "one", "x"), (1, 2, "two", "x")))
            changed = update_row(conn, TABLE, {"a": 1, "b": 2}, {"name": "new", "other": None})
            missed = update_row(conn, TABLE, {"a": 9, "b": 2}, {"name": "new"})
            found = [tuple(row) for row in conn.execute(select(TABLE).order_by("a", "b"))]
        finally:
            TABLE.drop(conn)
    assert (changed, missed) == (True, False)
    assert found == [(1, 1, "one", "x"), (1, 2, "new", None)]
