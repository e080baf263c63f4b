"""Where the WARC files of an archive on object storage are.

A file without a row is in the local folder of the archive, as all are without object storage.
"""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import BigInteger, Connection, Index, String, delete, insert, select, update

from models.batches import batched
from models.db.statements import upsert
from models.db.types import UTC, column, table

WARC_FILES: Final = table(
    "warc_files",
    column(
        "warc_file", String(255), primary_key=True, comment="path, relative to the archive's root"
    ),
    column("run_id", BigInteger, nullable=True, comment="run that wrote it; null: not known"),
    column("host", String(255), nullable=True, comment="host whose spool it is in, or was"),
    column(
        "store", String(500), nullable=True,
        comment="address that it was uploaded to; null: it is in the spool of its host",
    ),
    column("bytes", BigInteger, nullable=True, comment="of the uploaded file"),
    column("opened_at", UTC, comment="when it was opened, or moved if it has no older row"),
    column(
        "moved_at", UTC, nullable=True,
        comment="when the local file was removed after the upload; null: it was not yet",
    ),
    Index("ix_warc_files_moved_at", "moved_at"),  # what waits has none
    comment="WARC files on object storage, or on their way there; all others are local.",
)  # fmt: skip

Work = Callable[[Connection], None]

_SOME: Final = 500  # names a statement


class SpooledFile(NamedTuple):
    """A file that was not uploaded yet, or of which the local copy may still be there."""

    name: str
    run_id: int | None
    host: str | None
    opened_at: datetime
    store: str | None = None  # that it was uploaded to


def opened(conn: Connection, name: str, run_id: int, host: str, now: datetime) -> None:
    """Notes a file that is opened in the spool of a host, before its first record."""
    row = {"warc_file": name, "run_id": run_id, "host": host, "opened_at": now}
    conn.execute(insert(WARC_FILES), row)


def stored(conn: Connection, name: str, store: str, size: int, now: datetime) -> None:
    """Notes that a file is in a store, verified; one that was local so far gets a row.

    From now on it is read there. Its local copy goes next, then `moved` is called.
    """
    row = {"warc_file": name, "store": store, "bytes": size, "opened_at": now}
    upsert(conn, WARC_FILES, [row], ["store", "bytes"])


def moved(conn: Connection, names: Collection[str], now: datetime) -> None:
    """Notes that the local copies of files are gone: nothing is left to do."""
    for some in batched(sorted(names), _SOME):
        ours = WARC_FILES.c.warc_file.in_(some)
        conn.execute(update(WARC_FILES).where(ours).values(moved_at=now))


def resized(conn: Connection, name: str, size: int) -> None:
    """Notes that a stored file was replaced."""
    ours = WARC_FILES.c.warc_file == name
    conn.execute(update(WARC_FILES).where(ours).values(bytes=size))


def forget(conn: Connection, names: Collection[str]) -> None:
    """Removes the rows of files that are no more, or are in the local folder again."""
    for some in batched(sorted(names), _SOME):
        conn.execute(delete(WARC_FILES).where(WARC_FILES.c.warc_file.in_(some)))


def waiting(conn: Connection) -> list[SpooledFile]:
    """All files that are not moved yet, of all hosts; those that are written among them."""
    names = ("warc_file", "run_id", "host", "opened_at", "store")
    query = select(*(WARC_FILES.c[name] for name in names)).where(WARC_FILES.c.moved_at.is_(None))
    return [SpooledFile(*row) for row in conn.execute(query.order_by(WARC_FILES.c.warc_file))]


def stores(conn: Connection, names: Sequence[str]) -> dict[str, str | None]:
    """Where each file is that has a row: its store's address, None for its host's spool."""
    found: dict[str, str | None] = {}
    for some in batched(names, _SOME):
        query = select(WARC_FILES.c.warc_file, WARC_FILES.c.store)
        rows = conn.execute(query.where(WARC_FILES.c.warc_file.in_(some)))
        found |= {row.warc_file: row.store for row in rows}
    return found
