"""Which revision the database is at, and which it should be. Every run asks; Alembic stays out."""

from pathlib import Path
from typing import Final

from sqlalchemy import inspect, text

from models.db.database import Database
from models.errors import DatabaseNotReady

MIGRATIONS: Final = Path(__file__).parent
_TABLE: Final = "alembic_version"


def head_revision() -> str:
    """The newest revision that the code knows: files are numbered, so that they list in order."""
    names = sorted(path.name for path in (MIGRATIONS / "versions").glob("[0-9]*_*.py"))
    if not names:
        raise RuntimeError("the package has no migrations")
    return names[-1].partition("_")[0]


def current_revision(database: Database) -> str | None:
    """The revision that the database is at; None where it is empty."""
    with database.reading() as conn:
        if not inspect(conn).has_table(_TABLE):
            return None
        found = conn.execute(text(f"select version_num from {_TABLE}")).scalar()  # noqa: S608 - no input
    return None if found is None else str(found)


def require_current(database: Database) -> None:
    """Raises DatabaseNotReady, naming the command to type, unless the database is at head."""
    current, head = current_revision(database), head_revision()
    if current == head:
        return
    state = "is empty" if current is None else f"is at revision {current}, not {head}"
    address = database.engine.url.render_as_string(hide_password=True)
    raise DatabaseNotReady(f"{address} {state}; type: scrapy db upgrade")
