"""What databases hold: how a table is declared, and column types that mean the same on all.

A table is a SQLAlchemy Core `Table`, made by `table` out of `column`s, in the module of the store
that writes it; the constant is the table's name, plural, in upper case:

    CHANGE_KINDS: Final = ("new", "revised")

    CHANGES: Final = table(
        "changes",
        column("change_id", Key, primary_key=True, autoincrement=False, comment="grows"),
        column("article_id", ForeignKey("articles.article_id"), index=True, comment="whose"),
        column("kind", String(10), comment="new | revised"),
        column("seen_at", UTC, nullable=True, comment="when a reader took it; null: not yet"),
        one_of("kind", CHANGE_KINDS),
        Index("ix_changes_kind_seen_at", "kind", "seen_at"),
        comment="What a reader of articles would want to know.",
    )

A column is NOT NULL unless it says `nullable=True`. A table and each of its columns has a comment:
plain English, units, and the words of a closed set, which `one_of` makes a CHECK. The set stands
once in the code; a migration adds a word to it by `migrations.column_types.set_words`.

There are no ORM classes: whoever reads a table imports its constant and writes `CHANGES.c.kind`.
Rows are read as SQLAlchemy's `Row`, by attribute; a store that hands many of them out gives them a
class of its own. A store is a module of functions that take `conn` first.
"""

import json
from collections.abc import Iterable
from datetime import UTC as _UTC
from datetime import datetime
from functools import partial
from importlib import import_module
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    Dialect,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
)
from sqlalchemy import column as plain_column
from sqlalchemy.schema import SchemaItem
from sqlalchemy.types import TypeDecorator, TypeEngine

from models.text import clean

MARIADB: Final = ("mysql", "mariadb")


def _of(package: str, dialect: Dialect, name: str, *args: Any, **options: Any) -> TypeEngine[Any]:
    """A type that only one database has; its package is loaded by whoever connects there."""
    types = import_module(f"sqlalchemy.dialects.{package}")
    return dialect.type_descriptor(getattr(types, name)(*args, **options))


_of_mariadb: Final = partial(_of, "mysql")
_of_postgresql: Final = partial(_of, "postgresql")


class UTC(TypeDecorator[datetime]):
    """An aware time, kept as UTC to the microsecond on every database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """MariaDB keeps microseconds only where asked to."""
        if dialect.name in MARIADB:
            return _of_mariadb(dialect, "DATETIME", fsp=6)
        return super().load_dialect_impl(dialect)

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuses naive times."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive datetime {value!r}: times are UTC here, say so")
        value = value.astimezone(_UTC)
        return value if dialect.name == "postgresql" else value.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Aware, UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=_UTC) if value.tzinfo is None else value.astimezone(_UTC)


class _LongText(TypeDecorator[Any]):
    """Text of any length: MariaDB's TEXT ends at 64 KiB."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """MariaDB's longest kind."""
        if dialect.name in MARIADB:
            return _of_mariadb(dialect, "LONGTEXT")
        return super().load_dialect_impl(dialect)


class SearchTerms(_LongText):
    """Terms as the database searches them: their places on PostgreSQL, a text elsewhere."""

    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """PostgreSQL's tsvector."""
        if dialect.name == "postgresql":
            return _of_postgresql(dialect, "TSVECTOR")
        return super().load_dialect_impl(dialect)


class CleanText(_LongText):
    """Text of any length: NFC, without NUL, control characters and lone surrogates."""

    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """The one place through which all text goes to a database."""
        return None if value is None else clean(value)


class JsonText(_LongText):
    """JSON as text, which every SQL reader can see; keys sorted, nothing escaped but JSON's own."""

    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """Refuses what JSON cannot say (NaN, bytes)."""
        if value is None:
            return None
        return clean(json.dumps(value, ensure_ascii=False, sort_keys=True, allow_nan=False))

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        """The value that was put in."""
        return None if value is None else json.loads(value)


class Hash(TypeDecorator[bytes]):
    """32 bytes, and an index may be on them."""

    impl = LargeBinary(32)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """On MariaDB a BLOB has no index."""
        if dialect.name in MARIADB:
            return _of_mariadb(dialect, "BINARY", 32)
        return super().load_dialect_impl(dialect)


class Bytes(TypeDecorator[bytes]):
    """Bytes of any number: MariaDB's BLOB ends at 64 KiB."""

    impl = LargeBinary
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """MariaDB's longest kind."""
        if dialect.name in MARIADB:
            return _of_mariadb(dialect, "LONGBLOB")
        return super().load_dialect_impl(dialect)


Key = BigInteger().with_variant(Integer, "sqlite")  # SQLite numbers rows itself only as INTEGER


# Names of constraints follow one pattern, so that migrations can drop them.
METADATA: Final = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def table(name: str, *parts: SchemaItem, comment: str, rowid: bool = True) -> Table:
    """A table of the schema: columns, indexes and constraints in order.

    `rowid=False`: SQLite keeps the rows in the primary key itself, as the others do anyway.
    Collations are said where tables are made, in `migrations.column_types`.
    """
    options: dict[str, Any] = {} if rowid else {"sqlite_with_rowid": False}
    return Table(name, METADATA, *parts, comment=comment, **options)


def column(
    name: str, *kind: Any, comment: str, nullable: bool = False, **options: Any
) -> Column[Any]:
    """A column: its type, or a ForeignKey whose column's type it takes; NOT NULL unless told."""
    return Column(name, *kind, comment=comment, nullable=nullable, **options)


def one_of(name: str, words: Iterable[str | int]) -> CheckConstraint:
    """The CHECK that a column holds one of these, or null where it may; ck_TABLE_NAME."""
    # an expression, not a string: `change` is a word of MariaDB's own, and is quoted there
    return CheckConstraint(
        plain_column(name).in_([w if isinstance(w, int) else str(w) for w in words]), name=name
    )
