"""The way from one revision of the database to another, by Alembic."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection, text

from migrations.revision import MIGRATIONS, current_revision, head_revision, require_known
from models.articles import search_index
from models.db.database import Database
from models.errors import UsageError
from models.views.catalog import VIEWS
from models.views.view import View

_LOCK: Final = "winnow_upgrade"
_LOCK_NUMBER: Final = 7_041_966_013_270_417  # the same for PostgreSQL, which locks numbers
_LOCK_SECONDS: Final = 600


def upgrade(
    database: Database, revision: str = "head", progress: Callable[[int], None] = lambda _: None
) -> None:
    """Brings the database to `revision`; two at once take turns. UsageError if unknown.

    At head, articles that are not in the search index are added to it, unless it is off.

    Raises DatabaseNotReady where the database is at a revision that the code does not know.
    """
    before = require_known(database)
    with _alone(database) as conn:
        _run(command.upgrade, conn, revision)
        if database.dialect == "postgresql":
            _comment_views(conn)
    if before != head_revision() == current_revision(database) and database.is_indexed:
        search_index.fill(database, progress)


def downgrade(database: Database, revision: str) -> None:
    """Takes the database back to `revision` ('base': empty); rows go with their tables."""
    require_known(database)
    with _alone(database) as conn:
        _run(command.downgrade, conn, revision)


def _run(step: Callable[[Config, str], None], conn: Connection, revision: str) -> None:
    config = _config()
    config.attributes["connection"] = conn
    try:
        step(config, revision)
    except CommandError as wrong:
        raise UsageError(f"{wrong}; `scrapy db current` names the revisions") from wrong
    if conn.in_transaction():
        conn.commit()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config


@contextmanager
def _alone(database: Database) -> Iterator[Connection]:
    """A connection for which no other upgrade runs, and that may rebuild tables."""
    with database.engine.connect() as conn:
        if database.dialect == "sqlite":
            with _unchecked(conn):
                yield conn
            return
        taken, given_back = _lock_statements(database.dialect)
        if not conn.execute(text(taken)).scalar() and database.dialect == "mysql":
            raise UsageError("another `scrapy db upgrade` is under way; try again when it ends")
        conn.commit()
        try:
            yield conn
        finally:
            conn.rollback()
            conn.execute(text(given_back))
            conn.commit()


def _lock_statements(dialect: str) -> tuple[str, str]:
    if dialect == "postgresql":
        return (
            f"select pg_advisory_lock({_LOCK_NUMBER})",
            f"select pg_advisory_unlock({_LOCK_NUMBER})",
        )
    return (
        f"select get_lock(concat(database(), '.{_LOCK}'), {_LOCK_SECONDS})",
        f"select release_lock(concat(database(), '.{_LOCK}'))",
    )


@contextmanager
def _unchecked(conn: Connection) -> Iterator[None]:
    """SQLite rebuilds a table by dropping it, which would take the rows that point at it."""
    driver = conn.connection.driver_connection
    if driver is None:
        raise RuntimeError("no SQLite connection")
    driver.execute("PRAGMA foreign_keys=OFF")  # heard only outside a transaction
    try:
        yield
    finally:
        conn.rollback()
        driver.execute("PRAGMA foreign_keys=ON")


def _comment_views(conn: Connection) -> None:
    """PostgreSQL alone keeps comments on the columns of views; they are not history."""
    present = set(conn.dialect.get_view_names(conn))
    for view in VIEWS:
        if view.name in present:
            _comment_view(conn, view)
    conn.commit()


def _comment_view(conn: Connection, view: View) -> None:
    known = {column["name"] for column in conn.dialect.get_columns(conn, view.name)}
    conn.exec_driver_sql(f"comment on view {view.name} is {_quoted(view.purpose)}")
    for column in view.columns:
        if column.name in known:
            place = f"{view.name}.{column.name}"
            conn.exec_driver_sql(f"comment on column {place} is {_quoted(column.comment)}")


def _quoted(words: str) -> str:
    return "'" + words.replace("'", "''") + "'"
