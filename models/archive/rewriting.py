"""Records taken out of WARC files, wherever these are: a stored file is replaced as a whole.

The file is fetched to the local disk, blanked there as a local one is, and put in the place of the
stored one, so that nobody's offsets change. A kill leaves the one or the other.
"""

from collections.abc import Callable, Collection
from pathlib import Path
from typing import Final, NamedTuple

from sqlalchemy import Connection

from models.archive import files
from models.archive.blanking import UNFINISHED, Blanked, Place, blank
from models.archive.fetching import fetch, has_same
from models.archive.file_lock import locked
from models.archive.files import Whereabouts
from models.archive.places import ArchivePlaces, store_at
from models.archive.reach import require_here
from models.archive.reader import path_in_archive
from models.archive.warc import sync_folder
from models.clock import utc_now
from models.db.database import Database
from models.errors import ArchiveError

_TRIES: Final = 5  # of a file that is moved meanwhile


class Records(NamedTuple):
    """Which records go, see `blank`."""

    goes: Callable[[str], bool]
    known: Collection[Place] = ()


class Rewriter:
    """Takes records out of files; `work` is a folder for what is fetched."""

    def __init__(self, database: Database, places: ArchivePlaces, work: Path) -> None:
        self._database, self._places, self._work = database, places, work
        self.missing: list[str] = []  # files that a store should have, and has not

    def blank(self, name: str, going: Records) -> Blanked:
        """Takes them out of a file, which nobody writes meanwhile; a file that is gone has none.

        Gone can be one of a local archive; one that waits for its upload is somewhere. Raises
        ArchiveElsewhere, ArchiveError, StoreAway, StoreRefused, OSError.
        """
        for _ in range(_TRIES):
            row = self._row(name)
            if row is not None and row.store is not None:
                self._drop_local(name, row)
                found = self._stored(name, row, row.store, going)
            else:
                found = self._local(name, row, going)
            if found is not None:
                return found
        raise ArchiveError(f"{name} is moved again and again; type the command once more")

    def _local(self, name: str, row: Whereabouts | None, going: Records) -> Blanked | None:
        """None if the file was moved meanwhile. Raises ArchiveElsewhere."""
        path, address = path_in_archive(self._places.local, name), self._places.store
        with locked(path) as there:
            if self._row(name) != row:
                return None
            require_here(self._places, name, row)
            if there and address and has_same(store_at(address), name, path):
                store_at(address).delete(name)  # of an upload that was killed: it comes again
            if there or not address or store_at(address).size(name) is None:
                return blank(path, *going)
        return self._stored(name, None, address, going)

    def _stored(
        self, name: str, row: Whereabouts | None, address: str, going: Records
    ) -> Blanked | None:
        """None if the file was moved meanwhile; one without a row is of no move.

        One that is missing in its store holds nothing, and is noted as missing.
        """
        store, fetched = store_at(address), self._work / "fetched"
        if store.size(name) is None:
            if self._row(name) != row:
                return None
            self.missing.append(f"{address}/{name}")
            return Blanked(0)
        fetch(store, name, fetched)
        if self._places.store not in {None, address}:
            target = store_at(str(self._places.store))
            if has_same(target, name, fetched):  # of a move that was killed
                target.delete(name)
        found = blank(fetched, *going)
        if found.records:
            store.replace(name, fetched)
        fetched.unlink()
        now = self._database.patiently(
            lambda conn: self._replaced(conn, name, has_changed=found.records > 0)
        )
        if row is None or (now is not None and now.store == address):
            return found
        if found.records:
            store.delete(name)  # it was moved away from there
        return None

    @staticmethod
    def _replaced(conn: Connection, name: str, *, has_changed: bool) -> Whereabouts | None:
        """Where the file is, once a move that copied its old bytes can end no more."""
        if has_changed:
            files.changed(conn, name, utc_now())
        return files.find(conn, name)

    def _drop_local(self, name: str, row: Whereabouts) -> None:
        """Removes what an upload left on this disk, and a move where the file was."""
        path = path_in_archive(self._places.local, name)
        path.with_name(path.name + UNFINISHED).unlink(missing_ok=True)
        with locked(path) as there:
            if there:
                path.unlink()
                sync_folder(path.parent)
            elif (now := self._row(name)) == row:  # else its upload ended just now
                require_here(self._places, name, now)
        if row.moved_from not in {None, row.store}:
            store_at(str(row.moved_from)).delete(name)
            self._database.patiently(lambda conn: files.left(conn, name))
        if row.moved_at is None:
            self._database.patiently(lambda conn: files.moved(conn, [name], utc_now()))

    def _row(self, name: str) -> Whereabouts | None:
        with self._database.reading() as conn:
            return files.find(conn, name)
