"""WARC files that go for good, wherever they are."""

from sqlalchemy import Connection

from models.archive import files
from models.archive.blanking import UNFINISHED
from models.archive.fetching import has_same
from models.archive.file_lock import locked
from models.archive.files import Whereabouts
from models.archive.places import ArchivePlaces, store_at
from models.archive.reader import path_in_archive
from models.archive.warc import sync_folder
from models.clock import utc_now
from models.db.database import Database


def remove_file(database: Database, places: ArchivePlaces, name: str) -> int | None:
    """Removes a file; returns its bytes, None if it was not there. Its row stays: see `forget`.

    What a move or an upload left of it at another place goes as well. Raises StoreAway,
    StoreRefused, OSError.
    """
    path = path_in_archive(places.local, name)
    size: int | None = None
    with locked(path) as there:
        row = _announced(database, name)  # after the lock: an upload may just have ended
        if there:
            size = path.stat().st_size
            if places.store and (row is None or row.store is None):
                store = store_at(places.store)
                if has_same(store, name, path):  # of an upload that was killed
                    store.delete(name)
            path.unlink()
            sync_folder(path.parent)
    path.with_name(path.name + UNFINISHED).unlink(missing_ok=True)
    if row is not None:
        for address in sorted({row.store, row.moved_from} - {None}, key=str):
            store = store_at(str(address))
            stored = store.size(name)
            store.delete(name)
            size = size if stored is None else stored
    return size


def _announced(database: Database, name: str) -> Whereabouts | None:
    """Where a file is, once a move of it that is under way can end no more."""

    def announce(conn: Connection) -> Whereabouts | None:
        files.changed(conn, name, utc_now())
        return files.find(conn, name)

    return database.patiently(announce)
