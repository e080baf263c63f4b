"""WARC files of which nothing is needed any more: they go before the rows that name them."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection

from models.archive import files
from models.archive.emptied import emptied_of
from models.archive.files import Whereabouts
from models.archive.known_files import without_copies
from models.archive.places import ArchivePlaces, store_at
from models.archive.reach import away_at
from models.archive.reader import path_in_archive
from models.archive.removing import remove_file
from models.archive.spool_host import host_of
from models.db.database import Database
from models.errors import UsageError


class OldFiles(NamedTuple):
    """Files that go, by name, with what is known of each."""

    rows: dict[str, Whereabouts | None]
    places: ArchivePlaces

    @property
    def sizes(self) -> list[int]:
        """Of those that are there: stored ones by what the database knows, no store is asked."""
        found = (self._size(name, row) for name, row in self.rows.items())
        return [size for size in found if size is not None]

    def _size(self, name: str, row: Whereabouts | None) -> int | None:
        if row is not None and row.bytes is not None:
            return row.bytes
        path = path_in_archive(self.places.local, name)
        return path.stat().st_size if path.is_file() else None


class OldCaptures(NamedTuple):
    """Which captures are old, and may go if nothing needs them."""

    before: datetime
    host: str | None  # whose waiting files are in the local folder, each of them; None: nobody's
    missing: int  # files that wait for their upload by this host, and are not in the folder


def what_is_old(conn: Connection, places: ArchivePlaces, before: datetime) -> OldCaptures:
    """Of the captures in waiting files none is, if one of these is missing.

    It is in another folder, or its disk was lost: its captures must not go before it.
    """
    host = host_of(places.local)
    rows = files.find_all(conn, [one.name for one in files.waiting(conn) if one.host == host])
    missing = sum(away_at(places, name, row) is not None for name, row in rows.items())
    return OldCaptures(before, None if missing else host, missing)


def old_files(conn: Connection, places: ArchivePlaces, whole: Sequence[str]) -> OldFiles:
    """The `whole` files, of which each capture goes, and those in which there is none any more."""
    rows = dict.fromkeys(whole) | dict.fromkeys(emptied_of(conn, places.local))
    empty = [
        file.name
        for file in without_copies(conn)
        if file.is_over and away_at(places, file.name, file.row) is None
    ]
    names = [*rows, *empty]
    return OldFiles(rows | files.find_all(conn, names), places)


def require_places(old: OldFiles, whole: Collection[str]) -> None:
    """Raises UsageError where not even the folders of the `whole` files without a row are there,
    StoreAway, StoreRefused.

    Their rows would go, and the files stay somewhere else for ever.
    """
    local = [name for name in whole if old.rows.get(name) is None]
    folder = old.places.local
    if local and not any(path_in_archive(folder, name).parent.is_dir() for name in local):
        raise UsageError(
            f"no folder of the {len(local)} WARC files that would go is in {folder};"
            f" is {old.places.setting} right?"
        )
    for address in sorted({row.store for row in old.rows.values() if row and row.store}):
        store_at(address).check()


def remove(database: Database, old: OldFiles) -> tuple[int, int]:
    """Removes the files; returns the number of those that were there, and their bytes.

    Raises StoreAway, StoreRefused.
    """
    removed = [remove_file(database, old.places, name) for name in old.rows]
    sizes = [size for size in removed if size is not None]
    return len(sizes), sum(sizes)


def forget(conn: Connection, old: OldFiles) -> None:
    """Removes the rows of these files, of which all captures are gone."""
    files.forget(conn, [name for name, row in old.rows.items() if row is not None])
