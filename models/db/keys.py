"""Rows by their keys, in one statement that stays the same however many keys there are."""

from collections.abc import Iterable
from typing import Any, Self

from sqlalchemy import BindParameter, Boolean, ColumnElement, Dialect, bindparam
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
