"""What databases hold: column types that mean the same on all of them, and the tables' base."""

import json
from datetime import UTC as _UTC
from datetime import datetime
from typing import Any, Final

from sqlalchemy import BigInteger, DateTime, Dialect, Integer, LargeBinary, MetaData, Text
from sqlalchemy.dialects import mysql
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator, TypeEngine

from models.text import clean

MARIADB: Final = ("mysql", "mariadb")
# MariaDB's default collations fold case, accents and trailing spaces; ours keep texts apart.
TABLE_OPTIONS: Final = {
    "mysql_charset": "utf8mb4",
    "mysql_collate": "utf8mb4_nopad_bin",
    "mariadb_charset": "utf8mb4",
    "mariadb_collate": "utf8mb4_nopad_bin",
    "mysql_engine": "InnoDB",
    "mariadb_engine": "InnoDB",
}


class UTC(TypeDecorator[datetime]):
    """An aware time, kept as UTC to the microsecond on every database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """MariaDB keeps microseconds only where asked to."""
        if dialect.name in MARIADB:
            return dialect.type_descriptor(mysql.DATETIME(fsp=6))
        return dialect.type_descriptor(DateTime(timezone=True))

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


class CleanText(TypeDecorator[str]):
    """Text of any length: NFC, without NUL, control characters and lone surrogates."""

    impl = Text().with_variant(mysql.LONGTEXT(), *MARIADB)
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """The one place through which all text goes to a database."""
        return None if value is None else clean(value)


class JsonText(TypeDecorator[Any]):
    """JSON as text, which every SQL reader can see; keys sorted, nothing escaped but JSON's own."""

    impl = Text().with_variant(mysql.LONGTEXT(), *MARIADB)
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """Refuses what JSON cannot say (NaN, bytes)."""
        if value is None:
            return None
        return clean(json.dumps(value, ensure_ascii=False, sort_keys=True, allow_nan=False))

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        """The value that was put in."""
        return None if value is None else json.loads(value)


Key = BigInteger().with_variant(Integer, "sqlite")  # SQLite numbers rows itself only as INTEGER
Hash = LargeBinary(32).with_variant(mysql.BINARY(32), *MARIADB)
Bytes = LargeBinary().with_variant(mysql.LONGBLOB(), *MARIADB)


class Base(DeclarativeBase):
    """Every table; names of constraints follow one pattern, so that migrations can drop them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    __table_args__: Any = TABLE_OPTIONS
