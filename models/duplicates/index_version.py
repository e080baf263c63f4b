"""How the keys in a database were made: keys of two kinds are never mixed."""

from typing import Final

from sqlalchemy import Connection, delete, select, update

from models.db.statements import insert_ignore
from models.duplicates.tables import INDEX_VERSION
from models.errors import DatabaseNotReady

# raised by whoever changes anything in pipelines/duplicates/sketch.py that a golden digest notices
VERSION: Final = "1: NFKC casefold, 5-token shingles, bottom 16 of xxh3-64, low 32 bits"
_REMEDY: Final = "type: scrapy db rebuild-duplicates"


def require(conn: Connection) -> None:
    """Notes how keys are made, at the first call; later it must be the same.

    Raises DatabaseNotReady where they were made otherwise, or a rebuild is not finished.
    """
    insert_ignore(conn, INDEX_VERSION, [{"one": 1, "version": VERSION, "rebuilt_to": None}])
    known, rebuilt_to = conn.execute(
        select(INDEX_VERSION.c.version, INDEX_VERSION.c.rebuilt_to)
    ).one()
    if known != VERSION:
        raise DatabaseNotReady(
            f"duplicates were searched with keys '{known}', this version makes '{VERSION}';"
            f" {_REMEDY}"
        )
    if rebuilt_to is not None:
        raise DatabaseNotReady(f"a rebuild of duplicates is not finished; {_REMEDY}")


def begin_rebuild(conn: Connection) -> int | None:
    """Where an unfinished rebuild for `VERSION` goes on; None: it begins, keys must go."""
    row = conn.execute(select(INDEX_VERSION.c.version, INDEX_VERSION.c.rebuilt_to)).first()
    if row is not None and row.version == VERSION and row.rebuilt_to is not None:
        return int(row.rebuilt_to)
    conn.execute(delete(INDEX_VERSION))
    insert_ignore(conn, INDEX_VERSION, [{"one": 1, "version": VERSION, "rebuilt_to": 0}])
    return None


def set_progress(conn: Connection, article_id: int | None) -> None:
    """Notes how far the rebuild is; None: it is finished."""
    conn.execute(update(INDEX_VERSION).values(rebuilt_to=article_id))
