"""Rows by their keys, in one statement that stays the same however many keys there are."""

from collections.abc import Iterable
from typing import Any, Self

from sqlalchemy import (
    BigInteger,
    BindParameter,
    Boolean,
    Column,
    ColumnElement,
    Dialect,
    Select,
    bindparam,
    cast,
    func,
    literal_column,
    select,
    true,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.operators import OperatorType
from sqlalchemy.sql.visitors import InternalTraversal
from sqlalchemy.types import NullType, TypeDecorator


def among(column: ColumnElement[Any], name: str) -> "Among":
    """Whether a column holds one of the keys (whole numbers) that the statement is given as `name`.

    With an IN list the statement differs for each number of keys: SQLAlchemy renders it anew each
    time, and the server never has it prepared. Here all keys are one parameter. Only MariaDB gets a
    list, because its DELETE ignores the index when the keys come from a subquery.
    """
    return Among(column, name)


class Among(ColumnElement[bool]):
    """The expression that `among` returns; each database spells it in its own way."""

    inherit_cache = True
    type = Boolean()
    _traverse_internals = [  # noqa: RUF012 - SQLAlchemy declares it on instances
        ("column", InternalTraversal.dp_clauseelement),
        ("listed", InternalTraversal.dp_clauseelement),
    ]

    def __init__(self, column: ColumnElement[Any], name: str) -> None:
        self.column = column
        self.listed = bindparam(name, type_=_Keys())

    def self_group(self, against: OperatorType | None = None) -> Self:  # noqa: ARG002 - SQLAlchemy's signature
        """Itself: SQLite and MariaDB would get `... = 1`, and use no index for it."""
        return self


def select_each(
    dialect: str, columns: tuple[Column[Any], ...], key: Column[Any], name: str, where: Any
) -> Select[Any]:
    """`columns` of the rows `where` the `key` is among those that are given as `name`.

    For an index whose first column has few distinct values, such as the site. Until PostgreSQL has
    statistics, it uses that column alone and filters all rows of the site: 5 ms on a site of 200
    pages, more with each page. So each key is looked up separately there.
    """
    if dialect != "postgresql":
        return select(*columns).where(where, among(key, name))
    from sqlalchemy.dialects import postgresql  # noqa: PLC0415 - a dialect costs each command's start

    given = cast(bindparam(name, type_=_Keys()), postgresql.ARRAY(BigInteger))
    wanted = func.unnest(given).table_valued("key").render_derived("wanted")
    # OFFSET stops the planner from turning this into a join that scans the table
    found = select(*columns).where(where, key == wanted.c.key).offset(literal_column("0"))
    each = found.lateral("each")
    return select(*each.c).select_from(wanted.join(each, true()))


class _Keys(TypeDecorator[Iterable[int]]):
    """Keys as one text: a JSON array on SQLite, an array's own form on PostgreSQL."""

    # not Text: PostgreSQL would cast the parameter, and plan without knowing the number of keys
    impl = NullType
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str:
        """Refuses what is no list of whole numbers."""
        listed = ",".join([f"{key:d}" for key in value])
        return f"{{{listed}}}" if dialect.name == "postgresql" else f"[{listed}]"


@compiles(Among)
def _in_list(one: Among, compiler: SQLCompiler, **options: Any) -> str:
    keys: BindParameter[Any] = bindparam(one.listed.key, expanding=True)
    return compiler.process(one.column.in_(keys), **options)


@compiles(Among, "sqlite")
def _in_json(one: Among, compiler: SQLCompiler, **options: Any) -> str:
    column, keys = compiler.process(one.column, **options), compiler.process(one.listed, **options)
    return f"{column} IN (SELECT value FROM json_each({keys}))"  # noqa: S608 - no input


@compiles(Among, "postgresql")
def _in_array(one: Among, compiler: SQLCompiler, **options: Any) -> str:
    column, keys = compiler.process(one.column, **options), compiler.process(one.listed, **options)
    return f"{column} = ANY (CAST({keys} AS BIGINT[]))"
