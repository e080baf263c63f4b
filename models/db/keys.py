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


class among(ColumnElement[bool]):  # noqa: N801 - it is called as a function of SQL is
    """Whether a column holds one of the keys (whole numbers) that the statement is given as `name`.

    An IN list has another text for each number of keys: SQLAlchemy renders each, and no server has
    it prepared. Here all keys are one parameter. MariaDB alone gets a list, as it deletes without
    the index where the keys are a subquery.
    """

    inherit_cache = True
    type = Boolean()
    _traverse_internals = [  # noqa: RUF012 - as SQLAlchemy declares it
        ("column", InternalTraversal.dp_clauseelement),
        ("listed", InternalTraversal.dp_clauseelement),
    ]

    def __init__(self, column: ColumnElement[Any], name: str) -> None:
        self.column = column
        self.listed = bindparam(name, type_=_Keys())

    def self_group(self, against: OperatorType | None = None) -> Self:  # noqa: ARG002 - SQLAlchemy's
        """Itself: SQLite and MariaDB would get `... = 1`, and use no index for it."""
        return self


def select_each(
    dialect: str, columns: tuple[Column[Any], ...], key: Column[Any], name: str, where: Any
) -> Select[Any]:
    """`columns` of the rows `where` the `key` is among those that are given as `name`.

    For an index whose first column has few values, as a site's number has. PostgreSQL takes that
    column alone as long as it has no statistics, and then looks at all rows of the site: 5 ms for
    a site of 200 pages, and more with each page. So there each key is looked up for itself.
    """
    if dialect != "postgresql":
        return select(*columns).where(where, among(key, name))
    from sqlalchemy.dialects import postgresql  # noqa: PLC0415 - a dialect costs each command's start

    given = cast(bindparam(name, type_=_Keys()), postgresql.ARRAY(BigInteger))
    wanted = func.unnest(given).table_valued("key").render_derived("wanted")
    # the OFFSET keeps the planner from making one join of it, which it would scan for
    found = select(*columns).where(where, key == wanted.c.key).offset(literal_column("0"))
    each = found.lateral("each")
    return select(*each.c).select_from(wanted.join(each, true()))


class _Keys(TypeDecorator[Iterable[int]]):
    """Keys as one text: a JSON array on SQLite, an array's own form on PostgreSQL."""

    # no text to SQLAlchemy: PostgreSQL would get text to cast, and plan without the number of keys
    impl = NullType
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str:
        """Refuses what is no list of whole numbers."""
        listed = ",".join([f"{key:d}" for key in value])
        return f"{{{listed}}}" if dialect.name == "postgresql" else f"[{listed}]"


@compiles(among)
def _in_list(one: among, compiler: SQLCompiler, **options: Any) -> str:
    keys: BindParameter[Any] = bindparam(one.listed.key, expanding=True)
    return compiler.process(one.column.in_(keys), **options)


@compiles(among, "sqlite")
def _in_json(one: among, compiler: SQLCompiler, **options: Any) -> str:
    column, keys = compiler.process(one.column, **options), compiler.process(one.listed, **options)
    return f"{column} IN (SELECT value FROM json_each({keys}))"  # noqa: S608 - no input


@compiles(among, "postgresql")
def _in_array(one: among, compiler: SQLCompiler, **options: Any) -> str:
    column, keys = compiler.process(one.column, **options), compiler.process(one.listed, **options)
    return f"{column} = ANY (CAST({keys} AS BIGINT[]))"
