"""How the keys in a database were made: keys of two kinds are never mixed."""

from typing import Final

from sqlalchemy import Connection, delete, select, update

from models.columns import Base
from models.errors import DatabaseNotReady
from models.statements import insert_ignore

VERSIONS: Final = Base.metadata.tables["sketch_version"]
_REMEDY: Final = "type: scrapy db rebuild-duplicates"


def require(c: Connection, version: str) -> None:
    """Notes how keys are made, at the first call; later it must be the same.

    Raises DatabaseNotReady where they were made otherwise, or a rebuild is not finished.
    """
    insert_ignore(c, VERSIONS, [{"one": 1, "version": version, "rebuilt_to": None}])
    known, rebuilt_to = c.execute(select(VERSIONS.c.version, VERSIONS.c.rebuilt_to)).one()
    if known != version:
        raise DatabaseNotReady(
            f"duplicates were searched with keys '{known}', this version makes '{version}';"
            f" {_REMEDY}"
        )
    if rebuilt_to is not None:
        raise DatabaseNotReady(f"a rebuild of duplicates is not finished; {_REMEDY}")


def begin(c: Connection, version: str) -> int | None:
    """Where an unfinished rebuild for this version goes on; None: it begins, keys must go."""
    row = c.execute(select(VERSIONS.c.version, VERSIONS.c.rebuilt_to)).first()
    if row is not None and row.version == version and row.rebuilt_to is not None:
        return int(row.rebuilt_to)
    c.execute(delete(VERSIONS))
    insert_ignore(c, VERSIONS, [{"one": 1, "version": version, "rebuilt_to": 0}])
    return None


def reached(c: Connection, article_id: int | None) -> None:
    """Notes how far the rebuild is; None: it is finished."""
    c.execute(update(VERSIONS).values(rebuilt_to=article_id))
