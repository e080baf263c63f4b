"""The database: its types, its transactions, and how long we wait for it."""

import json
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC as _UTC
from datetime import datetime
from typing import Any, Final, TypeVar

from sqlalchemy import (
    BigInteger,
    Connection,
    DateTime,
    Dialect,
    Engine,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    create_engine,
    event,
    inspect,
    make_url,
)
from sqlalchemy.dialects import mysql, postgresql, sqlite
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator, TypeEngine

from models.errors import DatabaseNotReady, UsageError
from models.text import clean

T = TypeVar("T")

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
_RETRYABLE: Final = (
    # PostgreSQL serialization failure, deadlock; MariaDB deadlock, lock wait
    "40001", "40P01", "1213", "1205", "database is locked",
)  # fmt: skip


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

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Aware, UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=_UTC) if value.tzinfo is None else value.astimezone(_UTC)


class CleanText(TypeDecorator[str]):
    """Text of any length: NFC, without NUL, control characters and lone surrogates."""

    impl = Text().with_variant(mysql.LONGTEXT(), *MARIADB)
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        """The one place through which all text goes to a database."""
        return None if value is None else clean(value)


class JsonText(TypeDecorator[Any]):
    """JSON as text, which every SQL reader can see; keys sorted, nothing escaped but JSON's own."""

    impl = Text().with_variant(mysql.LONGTEXT(), *MARIADB)
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Refuses what JSON cannot say (NaN, bytes)."""
        if value is None:
            return None
        return clean(json.dumps(value, ensure_ascii=False, sort_keys=True, allow_nan=False))

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:  # noqa: ARG002
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


class Database:
    """One database: transactions that wait their turn, reads that wait for nobody."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._reader = engine.execution_options(winnow_readonly=True)

    @classmethod
    def open(cls, url: str) -> "Database":
        """Raises UsageError where the URL is none or its driver is missing."""
        try:
            parsed = make_url(url)
            engine = create_engine(
                parsed, pool_pre_ping=True, **_options(parsed.get_backend_name())
            )
        except ModuleNotFoundError as missing:
            raise UsageError(
                f"WINNOW_DATABASE_URL: the driver {missing.name!r} is not installed;"
                f" install winnow[{_extra(url)}]"
            ) from missing
        except Exception as wrong:
            raise UsageError(
                f"WINNOW_DATABASE_URL: {str(wrong).splitlines()[0]}; write sqlite:///FILE,"
                " postgresql+psycopg://USER@HOST/NAME or mysql+pymysql://USER@HOST/NAME"
            ) from wrong
        if engine.dialect.name == "sqlite":
            event.listen(engine, "connect", _sqlite_connect)
            event.listen(engine, "begin", _sqlite_begin)
        return cls(engine)

    @property
    def dialect(self) -> str:
        """'sqlite', 'postgresql' or 'mysql' ('mysql' is MariaDB too)."""
        name = self.engine.dialect.name
        return "mysql" if name in MARIADB else name

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """A transaction that may write; on SQLite writers queue at its start."""
        with self.engine.begin() as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that only reads; on SQLite it waits for no writer."""
        with self._reader.connect() as connection:
            yield connection

    def patiently(
        self, work: Callable[[Connection], T], *, for_seconds: float = 3600.0, attempts: int = 8
    ) -> T:
        """Runs `work` in a transaction; again on a deadlock, and while the database is away.

        A lost connection is waited for as long as `for_seconds`; a deadlock is tried again up
        to `attempts` times. Any other fault is the caller's.
        """
        deadline, tries, pause = time.monotonic() + for_seconds, 0, 0.05
        while True:
            try:
                with self.transaction() as connection:
                    return work(connection)
            except (OperationalError, InterfaceError, DBAPIError) as fault:
                tries += 1
                if is_away(fault):
                    if time.monotonic() > deadline:
                        raise
                elif not is_conflict(fault) or tries >= attempts:
                    raise
                time.sleep(pause)
                pause = min(pause * 2, 5.0)

    def tables(self) -> set[str]:
        """Names of the tables that exist."""
        return set(inspect(self.engine).get_table_names())

    def close(self) -> None:
        """Gives the connections back."""
        self.engine.dispose()


def insert_ignore(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Inserts rows, leaving alone those whose key is there already."""
    if not rows:
        return
    name = connection.dialect.name
    if name in MARIADB:
        column = next(iter(table.primary_key.columns))
        statement = mysql.insert(table)
        connection.execute(statement.on_duplicate_key_update({column.name: column}), list(rows))
    elif name == "postgresql":
        connection.execute(postgresql.insert(table).on_conflict_do_nothing(), list(rows))
    else:
        connection.execute(sqlite.insert(table).on_conflict_do_nothing(), list(rows))


def upsert(
    connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]], update: Sequence[str]
) -> None:
    """Inserts rows; where the primary key is there already, takes the `update` columns over."""
    if not rows:
        return
    name = connection.dialect.name
    keys = [column.name for column in table.primary_key.columns]
    if name in MARIADB:
        ours = mysql.insert(table)
        connection.execute(
            ours.on_duplicate_key_update({c: ours.inserted[c] for c in update}), list(rows)
        )
        return
    kind = postgresql.insert if name == "postgresql" else sqlite.insert
    theirs = kind(table)
    connection.execute(
        theirs.on_conflict_do_update(
            index_elements=keys, set_={c: theirs.excluded[c] for c in update}
        ),
        list(rows),
    )


def is_away(fault: DBAPIError) -> bool:
    """Whether the database could not be reached, or went away under the statement."""
    if fault.connection_invalidated:
        return True
    text = str(fault.orig)
    return any(
        sign in text
        for sign in (
            "connection refused", "Connection refused", "Can't connect", "could not connect",
            "server closed the connection", "the database system is", "Lost connection",
            "terminating connection", "gone away", "connection failed", "unable to open database",
            "Too many connections", "too many clients",
        )
    )  # fmt: skip


def is_conflict(fault: DBAPIError) -> bool:
    """Whether trying again may help: a deadlock, a lost race, a lock that took too long."""
    state = getattr(fault.orig, "sqlstate", None) or str(
        (getattr(fault.orig, "args", None) or [""])[0]
    )
    return any(sign in state or sign in str(fault.orig) for sign in _RETRYABLE)


def require_head(database: Database, current: str | None, head: str) -> None:
    """Raises DatabaseNotReady unless the database is at head."""
    if current == head:
        return
    state = "is empty" if current is None else f"is at revision {current}, not {head}"
    raise DatabaseNotReady(
        f"{database.engine.url.render_as_string(hide_password=True)} {state};"
        " type: scrapy db upgrade"
    )


def _options(backend: str) -> dict[str, Any]:
    if backend == "sqlite":
        return {}
    if backend in MARIADB:
        # READ COMMITTED: a writer that waited for a lock must see what the one before it wrote
        return {
            "isolation_level": "READ COMMITTED",
            "connect_args": {"charset": "utf8mb4", "connect_timeout": 10},
        }
    return {"isolation_level": "READ COMMITTED", "connect_args": {"connect_timeout": 10}}


def _extra(url: str) -> str:
    return "postgresql" if url.startswith("postgresql") else "mariadb"


def _sqlite_connect(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # we emit BEGIN ourselves
    for pragma in (
        "journal_mode=WAL",
        "synchronous=NORMAL",
        "foreign_keys=ON",
        "busy_timeout=30000",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _sqlite_begin(connection: Connection) -> None:
    # a writer takes its lock at BEGIN: read-then-write under WAL fails at once otherwise
    readonly = connection.get_execution_options().get("winnow_readonly")
    connection.exec_driver_sql("BEGIN" if readonly else "BEGIN IMMEDIATE")
