"""The schema: every table and column says what it holds, and a closed set refuses other words."""

from typing import Any

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Connection,
    Float,
    Integer,
    String,
    Table,
    insert,
    text,
)
from sqlalchemy.exc import DBAPIError

from migrations.schema import metadata
from models.db.database import Database
from models.db.types import UTC, Bytes, CleanText, Hash, JsonText
from models.outcomes import Outcome
from tests.factories import NOW

CHECKS = [
    (table, check)
    for table in metadata.sorted_tables
    for check in table.constraints
    if isinstance(check, CheckConstraint)
]
SAMPLES: dict[type, object] = {
    Boolean: False, Float: 0.5, Integer: 1, JsonText: {}, Bytes: b"0", Hash: b"0" * 32, UTC: NOW,
    CleanText: "x", String: "x",
}  # fmt: skip
FREE = {  # foreign keys have no say here
    "sqlite": "select 1",
    "postgresql": "set local session_replication_role = replica",
    "mysql": "set foreign_key_checks = 0",
}


def test_every_table_and_column_has_a_comment() -> None:
    silent = [table.name for table in metadata.tables.values() if not table.comment]
    silent += [
        str(column)
        for table in metadata.tables.values()
        for column in table.columns
        if not column.comment
    ]
    assert silent == []


def test_a_comment_names_the_words_of_its_closed_set() -> None:
    for table, check in CHECKS:
        column, words = table.columns[_column_of(table, check)], _words(check)
        if words != list(Outcome):  # too many for a comment
            assert [str(w) for w in words if str(w) not in str(column.comment)] == [], column


def test_a_closed_set_takes_each_of_its_words_and_refuses_another(database: Database) -> None:
    with database.engine.connect() as conn:
        if database.dialect == "sqlite":
            conn.exec_driver_sql("commit")
            conn.exec_driver_sql("PRAGMA foreign_keys=OFF")
            conn.exec_driver_sql("begin immediate")
        conn.execute(text(FREE[database.dialect]))
        for table, check in CHECKS:
            column = table.columns[_column_of(table, check)]
            for word in _words(check):
                assert _takes(conn, table, column, word), f"{column} refuses {word}"
            wrong = 7 if isinstance(_words(check)[0], int) else "x"
            assert not _takes(conn, table, column, wrong), f"{column} takes {wrong}"
        conn.rollback()
        if database.dialect == "sqlite":
            conn.detach()  # without foreign keys it serves nobody else


def _takes(conn: Connection, table: Table, column: Column[Any], word: object) -> bool:
    """Whether a row with that word can be inserted; it is gone again afterwards."""
    savepoint = conn.begin_nested()
    try:
        conn.execute(insert(table), [{**_row(table), column.name: word}])
    except DBAPIError as refused:
        assert f"ck_{table.name}_{column.name}" in str(refused.orig)
        return False
    finally:
        savepoint.rollback()
    return True


def _row(table: Table) -> dict[str, Any]:
    """The smallest row that all CHECKs of the table let in."""
    row = {column.name: _sample(column) for column in table.columns if not column.nullable}
    for owner, check in CHECKS:
        if owner is table and _column_of(table, check) in row:
            row[_column_of(table, check)] = _words(check)[0]
    return row


def _sample(column: Column[Any]) -> Any:
    return next(sample for kind, sample in SAMPLES.items() if isinstance(column.type, kind))


def _column_of(table: Table, check: CheckConstraint) -> str:
    return str(check.name).removeprefix(f"ck_{table.name}_")


def _words(check: CheckConstraint) -> list[str | int]:
    listed = (
        str(check.sqltext.compile(compile_kwargs={"literal_binds": True}))
        .partition("(")[2]
        .removesuffix(")")
        .split(", ")
    )
    return [word.strip("'") if word.startswith("'") else int(word) for word in listed]
