"""Inserting what may be there already, on each database."""

from typing import Any

from sqlalchemy import Column, Integer, MetaData, String, Table, select

from models.db.database import Database
from models.db.statements import insert_ignore, upsert

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
