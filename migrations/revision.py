"""Which revision the database is at, and which it should be. Every run asks; Alembic stays out."""

from pathlib import Path
from typing import Final

from sqlalchemy import column, inspect, select, table

from models.db.database import Database
from models.errors import DatabaseNotReady

MIGRATIONS: Final = Path(__file__).parent
_TABLE: Final = "alembic_version"


def known_revisions() -> list[str]:
    """The revisions that the code knows: files are numbered, so that they list in order."""
    names = sorted(path.name for path in (MIGRATIONS / "versions").glob("[0-9]*_*.py"))
    if not names:
        raise RuntimeError("the package has no migrations")
    return [name.partition("_")[0] for name in names]


def head_revision() -> str:
    """The newest revision that the code knows."""
    return known_revisions()[-1]


def current_revision(database: Database) -> str | None:
    """The revision that the database is at; None where it is empty, or is a file to be made."""
    if database.is_missing:
        return None
    with database.reading() as conn:
        if not inspect(conn).has_table(_TABLE):
            return None
        found = conn.scalar(select(column("version_num")).select_from(table(_TABLE)))
    return None if found is None else str(found)


def require_known(database: Database) -> str | None:
    """The current revision; raises DatabaseNotReady where no upgrade leads from it to head."""
    current, known = current_revision(database), known_revisions()
    if current is None or current in known:
        return current
    if current < known[0]:
        raise DatabaseNotReady(
            f"{database.address} is at revision {current}, older than {known[0]}, the first that"
            " can be upgraded; export from it with the version that made it, and name a new"
            " database in WINNOW_DATABASE_URL"
        )
    raise DatabaseNotReady(
        f"{database.address} is at revision {current}, which this version does not know (its"
        f" newest is {known[-1]}); use the version that made it, or a later one"
    )


def require_current(database: Database) -> None:
    """Raises DatabaseNotReady, naming the next step, unless the database is at head."""
    current, head = require_known(database), head_revision()
    if current != head:
        state = "is empty" if current is None else f"is at revision {current}, not {head}"
        state = "does not exist" if database.is_missing else state
        raise DatabaseNotReady(f"{database.address} {state}; type: scrapy db upgrade")
