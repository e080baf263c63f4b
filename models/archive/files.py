"""Where the WARC files of an archive on object storage are.

A file without a row is in the local folder of the archive, as all are without object storage.
"""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import BigInteger, Connection, Index, String, delete, insert, select, update

from models.batches import batched
from models.db.statements import upsert
from models.db.types import UTC, CleanText, column, table

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
    column(
        "moved_from", String(500), nullable=True,
        comment="address that it was moved from, while it may still be there; null: none",
    ),
    column(
        "changed_at", UTC, nullable=True,
        comment="when records were last taken out of the uploaded file; null: never",
    ),
    column(
        "fault", CleanText, nullable=True,
        comment="why the store did not take it the last time; null: it did, or was not asked",
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
    row = {"warc_file": name, "store": store, "bytes": size, "opened_at": now, "fault": None}
    upsert(conn, WARC_FILES, [row], ["store", "bytes", "fault"])


def refused(conn: Connection, name: str, why: str) -> None:
    """Notes why a file could not be uploaded: `health` says so if it goes on."""
    ours = WARC_FILES.c.warc_file == name
    conn.execute(update(WARC_FILES).where(ours).values(fault=why))


def moved(conn: Connection, names: Collection[str], now: datetime) -> None:
    """Notes that the local copies of files are gone: nothing is left to do."""
    for some in batched(sorted(names), _SOME):
        ours = WARC_FILES.c.warc_file.in_(some)
        conn.execute(update(WARC_FILES).where(ours).values(moved_at=now))


def changed(conn: Connection, name: str, now: datetime) -> None:
    """Notes that an uploaded file was replaced: who copies its old bytes now begins again."""
    ours = WARC_FILES.c.warc_file == name
    conn.execute(update(WARC_FILES).where(ours).values(changed_at=now))


class Whereabouts(NamedTuple):
    """What is known of a file: its row."""

    run_id: int | None
    host: str | None
    store: str | None
    bytes: int | None
    moved_at: datetime | None
    moved_from: str | None
    changed_at: datetime | None


def find(conn: Connection, name: str) -> Whereabouts | None:
    """The row of a file; None: it is in the local folder."""
    query = select(*(WARC_FILES.c[field] for field in Whereabouts._fields))
    row = conn.execute(query.where(WARC_FILES.c.warc_file == name)).one_or_none()
    return None if row is None else Whereabouts(*row)


def find_all(conn: Connection, names: Collection[str]) -> dict[str, Whereabouts | None]:
    """The rows of files that have one."""
    found: dict[str, Whereabouts | None] = {}
    for some in batched(sorted(names), _SOME):
        query = select(WARC_FILES.c.warc_file, *(WARC_FILES.c[n] for n in Whereabouts._fields))
        rows = conn.execute(query.where(WARC_FILES.c.warc_file.in_(some)))
        found |= {row.warc_file: Whereabouts(*row[1:]) for row in rows}
    return found


class NewPlace(NamedTuple):
    """Where a file was copied to."""

    store: str | None  # None: the local folder
    bytes: int


def relocate(conn: Connection, name: str, was: Whereabouts, place: NewPlace, now: datetime) -> bool:
    """Notes that an uploaded file is read at another place from now on, and is still at the old.

    False, and nothing noted, if it was moved, changed or removed since `was` was read: what was
    copied may be old. Afterwards the file goes where it was, then `left` is called.
    """
    row = WARC_FILES.c
    same = update(WARC_FILES).where(
        row.warc_file == name, row.store == was.store, row.changed_at == was.changed_at
    )
    place_now = {"store": place.store, "bytes": place.bytes, "moved_at": now}
    if place.store is None:
        place_now["host"] = None  # both are null: it is a file of the local folder
    return conn.execute(same.values(**place_now, moved_from=was.store)).rowcount == 1


def left(conn: Connection, name: str) -> None:
    """Notes that a file is gone where it was moved from; one in the local folder has no row."""
    ours = WARC_FILES.c.warc_file == name
    is_local = WARC_FILES.c.store.is_(None) & WARC_FILES.c.moved_from.is_not(None)
    conn.execute(delete(WARC_FILES).where(ours, is_local))
    conn.execute(update(WARC_FILES).where(ours).values(moved_from=None))


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
