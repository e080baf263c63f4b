"""Statements that each database spells in its own way."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Insert, Table

from models.db.types import MARIADB


def insert_ignore(conn: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Inserts rows, leaving alone those whose key is there already."""
    if rows:
        conn.execute(_insert_ignore(conn.dialect.name, table), list(rows))


def upsert(
    conn: Connection, table: Table, rows: Sequence[Mapping[str, Any]], update: Sequence[str]
) -> None:
    """Inserts rows; where the primary key is there already, takes the `update` columns over."""
    if rows:
        conn.execute(_upsert(conn.dialect.name, table, tuple(update)), list(rows))


@lru_cache(maxsize=256)  # building one takes longer than SQLite takes to run it
def _insert_ignore(dialect: str, table: Table) -> Insert:
    if dialect in MARIADB:
        from sqlalchemy.dialects import mysql  # noqa: PLC0415 - a dialect costs each command's start

        column = next(iter(table.primary_key.columns))
        return mysql.insert(table).on_duplicate_key_update({column.name: column})
    ignoring: Insert = _insert(dialect, table).on_conflict_do_nothing()
    return ignoring


@lru_cache(maxsize=256)
def _upsert(dialect: str, table: Table, update: tuple[str, ...]) -> Insert:
    if dialect in MARIADB:
        from sqlalchemy.dialects import mysql  # noqa: PLC0415 - a dialect costs each command's start

        ours = mysql.insert(table)
        return ours.on_duplicate_key_update({c: ours.inserted[c] for c in update})
    theirs = _insert(dialect, table)
    updating: Insert = theirs.on_conflict_do_update(
        index_elements=[column.name for column in table.primary_key.columns],
        set_={c: theirs.excluded[c] for c in update},
    )
    return updating


def _insert(dialect: str, table: Table) -> Any:
    """The INSERT of PostgreSQL or SQLite: they share ON CONFLICT, and no base class."""
    if dialect == "postgresql":
        from sqlalchemy.dialects import postgresql  # noqa: PLC0415 - a dialect costs each command's start

        return postgresql.insert(table)
    from sqlalchemy.dialects import sqlite  # noqa: PLC0415 - a dialect costs each command's start

    return sqlite.insert(table)
