"""Statements that each database spells in its own way."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Insert, Table
from sqlalchemy.dialects import mysql, postgresql, sqlite

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
        column = next(iter(table.primary_key.columns))
        return mysql.insert(table).on_duplicate_key_update({column.name: column})
    if dialect == "postgresql":
        return postgresql.insert(table).on_conflict_do_nothing()
    return sqlite.insert(table).on_conflict_do_nothing()


@lru_cache(maxsize=256)
def _upsert(dialect: str, table: Table, update: tuple[str, ...]) -> Insert:
    if dialect in MARIADB:
        ours = mysql.insert(table)
        return ours.on_duplicate_key_update({c: ours.inserted[c] for c in update})
    theirs = (postgresql.insert if dialect == "postgresql" else sqlite.insert)(table)
    return theirs.on_conflict_do_update(
        index_elements=[column.name for column in table.primary_key.columns],
        set_={c: theirs.excluded[c] for c in update},
    )
