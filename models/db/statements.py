"""Statements that each database spells in its own way."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    Connection,
    Dialect,
    Insert,
    Table,
    Update,
    bindparam,
    func,
    select,
)
from sqlalchemy import update as update_of

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


def insert_numbers(conn: Connection, table: Table, rows: Sequence[Sequence[int | None]]) -> None:
    """`insert_ignore` of whole rows, in the order of the columns, where all are numbers.

    A page has a hundred such rows, and this skips SQLAlchemy's work on each value. PostgreSQL gets
    each column as one array, because sending it a row takes as long as storing it.
    """
    if not rows:
        return
    if conn.dialect.name == "postgresql":
        columns = zip(table.c.keys(), zip(*rows, strict=True), strict=True)
        given = {name: _array_of(column) for name, column in columns}
        conn.exec_driver_sql(_insert_arrays(conn.dialect, table), given)
        return
    statement, order = _compiled(conn.dialect, table)
    if order is None:
        names = table.c.keys()
        conn.exec_driver_sql(statement, [dict(zip(names, row, strict=True)) for row in rows])
    else:
        conn.exec_driver_sql(statement, [tuple(row[n] for n in order) for row in rows])


def update_row(
    conn: Connection, table: Table, key: Mapping[str, Any], values: Mapping[str, Any]
) -> bool:
    """Changes columns of the rows whose `key` columns have these values; False if there is none."""
    given = {f"of_{name}": value for name, value in key.items()}
    given |= {f"to_{name}": value for name, value in values.items()}
    return conn.execute(_update(table, tuple(key), tuple(sorted(values))), given).rowcount > 0


@lru_cache(maxsize=64)
def _compiled(dialect: Dialect, table: Table) -> tuple[str, tuple[int, ...] | None]:
    """The statement as its driver takes it; the places of its values, None if they have names."""
    statement = _insert_ignore(dialect.name, table)
    compiled = statement.values({c.name: bindparam(c.name) for c in table.c}).compile(
        dialect=dialect
    )
    if not compiled.positional or compiled.positiontup is None:
        return str(compiled), None
    names = table.c.keys()
    return str(compiled), tuple(names.index(name) for name in compiled.positiontup)


@lru_cache(maxsize=64)
def _insert_arrays(dialect: Dialect, table: Table) -> str:
    from sqlalchemy.dialects import postgresql  # noqa: PLC0415 - a dialect costs each command's start

    names = table.c.keys()
    arrays = (bindparam(name, type_=postgresql.ARRAY(BigInteger)) for name in names)
    given = func.unnest(*arrays).table_valued(*names).render_derived("given")
    rows = postgresql.insert(table).from_select(names, select(*given.c), include_defaults=False)
    return str(rows.on_conflict_do_nothing().compile(dialect=dialect))


def _array_of(numbers: Sequence[int | None]) -> str:
    """An array as PostgreSQL reads it."""
    return f"{{{','.join(['NULL' if n is None else f'{n:d}' for n in numbers])}}}"


@lru_cache(maxsize=256)  # building one takes longer than SQLite takes to run it
def _update(table: Table, key: tuple[str, ...], names: tuple[str, ...]) -> Update:
    these = (table.c[name] == bindparam(f"of_{name}") for name in key)
    return update_of(table).where(*these).values({name: bindparam(f"to_{name}") for name in names})


@lru_cache(maxsize=256)
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
