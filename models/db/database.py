"""The database: its transactions, and how long we wait for it."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Any, ClassVar, Final, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, inspect, make_url
from sqlalchemy.exc import DBAPIError

from models.db import changes, sqlite_file
from models.db.faults import is_away, is_conflict, is_refusal, reason_of
from models.db.prepared import threshold_in
from models.db.types import MARIADB
from models.errors import DatabaseAway, UsageError

T = TypeVar("T")

ATTEMPTS: Final = 8  # of one transaction that meets deadlocks
LONGEST_WAIT: Final = 3600.0  # seconds, for a database that is away
WITHOUT_SEARCH: Final = "winnow_without_search"  # option of connections: no words are indexed

_FORMS: Final = (
    "write sqlite:///FILE, postgresql+psycopg://USER@HOST/NAME or mysql+pymysql://USER@HOST/NAME"
)
_EXTRAS: Final = {"psycopg": "postgresql", "pymysql": "mariadb"}  # driver -> extra that brings it


class Database:
    """One database: transactions that wait their turn, reads that wait for nobody."""

    patience: ClassVar[float] = 30.0  # seconds, for a server that is away when a run begins

    def __init__(self, engine: Engine, *, reads_only: bool = False, search: bool = True) -> None:
        changes.listen(engine)
        if not search:
            engine = engine.execution_options(**{WITHOUT_SEARCH: True})
        self._reader = engine.execution_options(winnow_readonly=True, **_reading(engine))
        self.engine = self._reader if reads_only else engine

    @classmethod
    def open(cls, url: str, *, reads_only: bool = False, search: bool = True) -> "Database":
        """Raises UsageError where the URL is none or its driver is missing.

        `search`: whether what is stored goes into the search index. `reads_only` is for an account
        that may only read: a SQLite file is not written to, not even to set its mode, and none is
        made.
        """
        try:
            parsed = make_url(url)
            options = _options(parsed.get_backend_name())
            options.setdefault("connect_args", {}).update(threshold_in(parsed))
            if reads_only and sqlite_file.file_of(parsed) is not None:
                options["creator"] = partial(sqlite_file.connect_to_read, parsed)
            engine = create_engine(parsed, pool_pre_ping=True, **options)
        except ModuleNotFoundError as missing:
            extra = _EXTRAS.get(str(missing.name))
            next_step = f"install winnow[{extra}]" if extra else _FORMS
            raise UsageError(
                f"WINNOW_DATABASE_URL: the driver {missing.name!r} is not installed; {next_step}"
            ) from missing
        except UsageError:
            raise
        except Exception as wrong:
            raise UsageError(
                f"WINNOW_DATABASE_URL: {str(wrong).splitlines()[0]}; {_FORMS}"
            ) from wrong
        if engine.dialect.name == "sqlite":
            event.listen(engine, "connect", _sqlite_read if reads_only else _sqlite_connect)
            event.listen(engine, "begin", _sqlite_begin)
        return cls(engine, reads_only=reads_only, search=search)

    @classmethod
    def of(cls, settings: Mapping[str, Any], *, reads_only: bool = False) -> "Database":
        """The database that WINNOW_DATABASE_URL names; WINNOW_SEARCH says whether it is indexed."""
        search = settings.get("WINNOW_SEARCH") != "off"
        return cls.open(settings["WINNOW_DATABASE_URL"], reads_only=reads_only, search=search)

    @property
    def dialect(self) -> str:
        """'sqlite', 'postgresql' or 'mysql' ('mysql' is MariaDB too)."""
        name = self.engine.dialect.name
        return "mysql" if name in MARIADB else name

    @property
    def is_indexed(self) -> bool:
        """Whether what is stored goes into the search index: WINNOW_SEARCH is not off."""
        return not self.engine.get_execution_options().get(WITHOUT_SEARCH)

    @property
    def is_missing(self) -> bool:
        """Whether it is a SQLite file that does not exist: to connect would make an empty one."""
        return sqlite_file.is_missing(self.engine.url)

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """A transaction that may write; on SQLite writers queue at its start."""
        with self.engine.begin() as conn:
            yield conn

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that only reads; on SQLite it waits for no writer.

        Raises FileChanged where it could take no lock, and somebody wrote meanwhile.
        """
        with self._reader.connect() as conn:
            yield conn
            sqlite_file.require_unchanged(conn.connection.driver_connection)

    def patiently(self, work: Callable[[Connection], T], seconds: float = LONGEST_WAIT) -> T:
        """Runs `work` in a transaction; again on a deadlock, and while the database is away.

        A lost connection is waited for as long as `seconds`; a deadlock is tried again up
        to `ATTEMPTS` times. Any other fault is the caller's.
        """
        deadline = time.monotonic() + seconds

        def once() -> T:
            with self.transaction() as conn:
                return work(conn)

        def gives_up(fault: DBAPIError, tries: int) -> bool:
            if is_away(fault):
                return time.monotonic() > deadline
            return not is_conflict(fault) or tries >= ATTEMPTS

        return retry(once, gives_up)

    def when_there(self, ask: Callable[[], T]) -> T:
        """What `ask` returns; again on a deadlock, and while the server is away, for `patience`.

        Raises DatabaseAway if it stays away, and at once if it refuses us or is no database. A
        SQLite file that is not there does not come by waiting. Any other fault is the caller's.
        """
        deadline = time.monotonic() + self.patience

        def gives_up(fault: DBAPIError, tries: int) -> bool:
            if is_conflict(fault):
                return tries >= ATTEMPTS
            comes_back = self.dialect != "sqlite" and is_away(fault) and not is_refusal(fault)
            return not comes_back or time.monotonic() > deadline

        try:
            return retry(ask, gives_up)
        except DBAPIError as fault:
            if not (is_away(fault) or fault.statement is None):  # it answered a statement of ours
                raise
            how = "opened or written" if self.dialect == "sqlite" else "reached"
            raise DatabaseAway(f"{self.address} cannot be {how}: {reason_of(fault)}") from fault

    def write_when_there(self, work: Callable[[Connection], T]) -> T:
        """`work` in a transaction, as soon as the database is there."""

        def once() -> T:
            with self.transaction() as conn:
                return work(conn)

        return self.when_there(once)

    def forget_deleted(self) -> None:
        """Empties SQLite's log of what was written before, as far as nobody reads just then."""
        if self.dialect == "sqlite":
            with self.engine.connect() as conn:
                conn.exec_driver_sql("COMMIT")  # a checkpoint is none of a transaction's
                conn.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
                conn.exec_driver_sql("BEGIN")

    @property
    def address(self) -> str:
        """The URL, without the password."""
        return self.engine.url.render_as_string(hide_password=True)

    def tables(self) -> set[str]:
        """Names of the tables that exist."""
        return set(inspect(self._reader).get_table_names())

    def close(self) -> None:
        """Gives the connections back."""
        self.engine.dispose()


def retry(work: Callable[[], T], gives_up: Callable[[DBAPIError, int], bool]) -> T:
    """Runs `work` until it succeeds, with a longer pause after each DBAPIError.

    Raises the fault once `gives_up` says so of it and the number of tries so far.
    """
    for tries, pause in enumerate(backoff(), start=1):
        try:
            return work()
        except DBAPIError as fault:
            if gives_up(fault, tries):
                raise
        time.sleep(pause)
    raise RuntimeError("the pauses between tries ended")


def backoff() -> Iterator[float]:
    """Seconds to wait between tries: 0.05, then twice as long each time, at most 5; endless."""
    pause = 0.05
    while True:
        yield pause
        pause = min(pause * 2, 5.0)


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


def _reading(engine: Engine) -> dict[str, Any]:
    """Options of connections that only read.

    On PostgreSQL they run in autocommit. Under READ COMMITTED each statement sees what is committed
    when it begins, inside a transaction or not. This saves a BEGIN and a ROLLBACK for each read,
    and at a ROLLBACK psycopg drops all prepared statements of the connection.
    """
    return {"isolation_level": "AUTOCOMMIT"} if engine.dialect.name == "postgresql" else {}


def _sqlite_read(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # we emit BEGIN ourselves
    connection.execute("PRAGMA busy_timeout=30000")


def _sqlite_connect(connection: Any, record: Any) -> None:
    _sqlite_read(connection, record)
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",  # NORMAL may lose commits at a power cut, and with them change_ids
        "foreign_keys=ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _sqlite_begin(conn: Connection) -> None:
    # a writer takes its lock at BEGIN: read-then-write under WAL fails at once otherwise
    readonly = conn.get_execution_options().get("winnow_readonly")
    conn.exec_driver_sql("BEGIN" if readonly else "BEGIN IMMEDIATE")
