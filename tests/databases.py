"""Databases for tests: each test has one of its own, at head, on each kind that answers."""

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from sqlalchemy import make_url, text
from sqlalchemy.exc import OperationalError

from migrations.schema import metadata
from migrations.upgrade import upgrade
from models.db.database import Database
from tests.support.cannot_run import cannot_run

SERVERS = {
    "postgresql": (
        "WINNOW_TEST_POSTGRESQL_URL",
        "postgresql+psycopg://postgres@127.0.0.1/postgres",
    ),
    "mariadb": ("WINNOW_TEST_MARIADB_URL", "mysql+pymysql://root@127.0.0.1/test"),
}
KINDS = ("sqlite", *SERVERS)


@contextmanager
def server(kind: str) -> Iterator[Database]:
    """The server of a kind. Skips where none answers; with CI=true that is a failure."""
    variable, default = SERVERS[kind]
    database = Database.open(os.environ.get(variable, default))
    try:
        with database.reading() as conn:
            conn.execute(text("select 1"))
    except OperationalError as gone:
        cannot_run(f"no {kind} answers ({str(gone.orig).splitlines()[0]}); set {variable}")
    try:
        yield database
    finally:
        database.close()


@contextmanager
def empty_database(kind: str, folder: Path, options: str = "") -> Iterator[str]:
    """The URL of a new database; `options` end its CREATE DATABASE."""
    name = f"winnow_test_{secrets.token_hex(6)}"
    if kind == "sqlite":
        yield f"sqlite:///{folder / name}.db"
        return
    with server(kind) as admin:
        outside_transactions(admin, f"create database {name} {options}")
        if kind == "postgresql":  # the server is never killed, so no commit waits for the disk
            outside_transactions(admin, f"alter database {name} set synchronous_commit = off")
        try:
            url = make_url(admin.engine.url).set(database=name)
            yield url.render_as_string(hide_password=False)
        finally:
            force = " with (force)" if kind == "postgresql" else ""
            outside_transactions(admin, f"drop database {name}{force}")


def outside_transactions(admin: Database, statement: str) -> None:
    engine = admin.engine.execution_options(isolation_level="AUTOCOMMIT")
    with engine.connect() as conn:
        conn.execute(text(statement))


@contextmanager
def own_database(kind: str, folder: Path) -> Iterator[Database]:
    """A database at head that no other test ever uses, as its settings or statistics change."""
    with empty_database(kind, folder) as url:
        raise_to_head(url)
        database = Database.open(url)
        try:
            yield database
        finally:
            database.close()


class AtHead:
    """Databases at head: SQLite's are copies of one file, a server's is emptied after each test."""

    def __init__(self, folder: Path) -> None:
        self._template = folder / "template.db"
        self._folder = folder
        self._made: dict[str, str] = {}
        self._closing = ExitStack()

    @contextmanager
    def database(self, kind: str, folder: Path) -> Iterator[str]:
        """The URL of a database at head, without rows, that no other test uses meanwhile."""
        if kind == "sqlite":
            yield f"sqlite:///{self._copy(folder)}"
            return
        if kind not in self._made:
            url = self._closing.enter_context(empty_database(kind, self._folder))
            raise_to_head(url)
            self._made[kind] = url
        try:
            yield self._made[kind]
        finally:
            _empty(self._made[kind])

    def close(self) -> None:
        self._closing.close()

    def _copy(self, folder: Path) -> Path:
        if not self._template.exists():
            raise_to_head(f"sqlite:///{self._template}")
        return Path(shutil.copy(self._template, folder / "winnow.db"))


def _empty(url: str) -> None:
    """Deletes row by row: to truncate so many tables takes a third of a second on PostgreSQL."""
    database = Database.open(url)
    names = [table.name for table in reversed(metadata.sorted_tables)]
    looks = (f"select '{name}' where exists (select 1 from {name})" for name in names)
    with database.transaction() as conn:
        filled = set(conn.scalars(text(" union all ".join(looks))))
        if database.dialect == "postgresql":
            used = "select sequencename from pg_sequences where last_value is not null"
            for sequence in conn.scalars(text(used)).all():
                conn.execute(text(f"alter sequence {sequence} restart"))
        else:
            conn.execute(text("set foreign_key_checks = 0"))
        for name in names:
            if name in filled:
                conn.execute(text(f"delete from {name}"))
        conn.execute(text("insert into change_counter (one, value) values (1, 0)"))
    database.close()


def raise_to_head(url: str) -> None:
    """Upgrades the database; closing the last connection folds SQLite's journal into its file."""
    database = Database.open(url)
    try:
        upgrade(database)
    finally:
        database.close()
