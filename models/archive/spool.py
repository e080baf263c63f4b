"""The spool of a host: WARC files that are on their way to object storage.

A file is locked by whoever writes or uploads it. The lock goes with its process, so that what a
killed one left is free at once. The order of an upload is: the bytes in the store, verified; the
row that says so; then the local file goes. A kill anywhere in between leaves a file that the next
upload goes on with.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final, NamedTuple

from sqlalchemy import Connection

from models.archive import files
from models.archive.places import ArchivePlaces, store_at
from models.archive.stores import safe_name
from models.archive.warc import repair, sync_folder
from models.clock import utc_now
from models.db.database import Database
from models.db.owners import this_host
from models.errors import ArchiveError

PATIENCE: Final = 30.0  # seconds, for a database that is away; the file waits in the spool


class Waiting(NamedTuple):
    """What the spool of this host holds by the database."""

    here: tuple[str, ...]  # files to upload, or whose local copy is to go
    missing: tuple[str, ...]  # files of this host that are not in the folder, and not uploaded


@dataclass(frozen=True, slots=True)
class Spool:
    """The spool of an archive on object storage; its calls block."""

    places: ArchivePlaces
    database: Database

    def waiting(self) -> Waiting:
        """The files that lie here, whichever host wrote them, and those that should."""
        with self.database.reading() as conn:
            rows = files.waiting(conn)
            here = [one.name for one in rows if self._path(one.name).is_file()]
            lost = {one.name for one in rows if one.host == this_host()}.difference(here)
            found = files.stores(conn, sorted(lost))  # some were uploaded just now
        missing = sorted(name for name, store in found.items() if store is None)
        return Waiting(tuple(here), tuple(missing))

    def upload(self, name: str) -> bool:
        """Uploads a file, and removes it here; False if it is gone, or somebody else is at it.

        What a killed run left unfinished at its end is cut off first. Raises StoreFault,
        ArchiveError, OSError, and DBAPIError where the database stays away.
        """
        path = self._path(name)
        with claimed(path) as ours:
            if not ours:
                return False
            with self.database.reading() as conn:
                found = files.stores(conn, [name])
            if name not in found:
                return False  # its pages were erased, or it is in the local archive again
            if found[name] is None or not self._is_there(found[name], name, path):
                repair([path])
                if not path.exists():  # no record was ever finished
                    self._write(lambda conn: files.forget(conn, [name]))
                    return True
                self._put(name, path)
            path.unlink()
            sync_folder(path.parent)
        self._write(lambda conn: files.moved(conn, [name], utc_now()))
        return True

    def size(self, name: str) -> int:
        """Bytes of a file in the spool; 0 if it is gone."""
        try:
            return self._path(name).stat().st_size
        except FileNotFoundError:
            return 0

    def _put(self, name: str, path: Path) -> None:
        address = self.places.address
        try:
            store_at(address).put(name, path)
        except ArchiveError as fault:
            said = str(fault)
            self._write(lambda conn: files.refused(conn, name, said))
            raise
        size = path.stat().st_size
        self._write(lambda conn: files.stored(conn, name, address, size, utc_now()))

    def _is_there(self, address: str | None, name: str, path: Path) -> bool:
        return address is not None and store_at(address).size(name) == path.stat().st_size

    def _write(self, work: files.Work) -> None:
        self.database.patiently(work, PATIENCE)

    def _path(self, name: str) -> Path:
        return self.places.local / safe_name(name)


def lock(file: IO[bytes]) -> None:
    """Locks a file until it is closed; raises BlockingIOError if somebody else did."""
    fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)


@contextmanager
def claimed(path: Path) -> Iterator[bool]:
    """Locks a file until the block ends: whether it is there, and nobody else has it."""
    try:
        file = path.open("rb")
    except FileNotFoundError:
        yield False
        return
    with file:
        try:
            lock(file)
        except BlockingIOError:
            yield False
            return
        yield os.fstat(file.fileno()).st_nlink > 0  # else it was uploaded just now


def note_opened(conn: Connection, name: str, run_id: int) -> None:
    """Writes the row of a file that this host opens in its spool."""
    files.opened(conn, name, run_id, this_host(), utc_now())
