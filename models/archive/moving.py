"""WARC files taken to the place that the archive is at now, one after the other.

A file is copied, then the database says that it is at the new place, then it goes at the old one.
So a reader finds it at each moment, and a kill leaves what the next call goes on with: bytes that
no row names are compared and used, an old copy is named by its row until it is gone.
"""

import os
from collections.abc import Callable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import Final

from sqlalchemy import Connection

from models.archive import files
from models.archive.fetching import fetch
from models.archive.file_lock import locked
from models.archive.files import NewPlace, Whereabouts
from models.archive.known_files import KnownFile
from models.archive.places import ArchivePlaces, store_at
from models.archive.reader import path_in_archive
from models.archive.stores import FolderStore, Store
from models.archive.warc import sync_folder, whole_length
from models.clock import utc_now
from models.db.database import Database
from models.db.owners import this_host
from models.errors import ArchiveError

_TRIES: Final = 5  # of a file that is changed while it is copied


class Step(StrEnum):
    """What there is to do with a file."""

    HERE = "here"  # nothing
    MOVE = "move"
    FINISH = "finish"  # it was moved, but something is left to clear away
    LIVE = "live"  # a run writes it
    ELSEWHERE = "elsewhere"  # in the spool of another host
    MISSING = "missing"  # at no place that we know


class Mover:
    """Moves files to the store of the archive, or without one to its local folder.

    `spool` is a folder in which files may be as well, as those of the time with a store.
    """

    def __init__(self, database: Database, places: ArchivePlaces, spool: Path) -> None:
        self._database, self._places = database, places
        self._folders = [places.local, *([spool] if spool != places.local else [])]
        self._local = FolderStore(places.local)

    @property
    def target(self) -> Store:
        """Where files are moved to."""
        return store_at(self._places.store) if self._places.store else self._local

    def local_path(self, name: str) -> Path | None:
        """Where a file is on this machine."""
        return next(self._copies(name), None)

    def step(self, file: KnownFile) -> Step:
        """What there is to do; asks the local disk only."""
        row, path = file.row, self.local_path(file.name)
        if not file.is_over:
            return Step.LIVE
        if row is not None and row.store is not None:
            if row.store != self._places.store:
                return Step.MOVE
            is_ours = row.moved_at is None and row.host == this_host()
            return Step.FINISH if path or row.moved_from or is_ours else Step.HERE
        if path is None:
            is_away = row is not None and row.host not in {None, this_host()}
            return Step.ELSEWHERE if is_away else Step.MISSING
        if self._places.store is not None or path != self._in(self._places.local, file.name):
            return Step.MOVE
        return Step.HERE if row is None else Step.FINISH

    def move(self, file: KnownFile, work: Path) -> Step:
        """Does that step, as things are now; `work` is a folder for what is fetched.

        Returns what was done. Raises ArchiveError, StoreAway, StoreRefused, OSError.
        """
        for _ in range(_TRIES):
            file = file._replace(row=self._row(file.name))
            step = self.step(file)
            if step is Step.FINISH:
                self._finish(file)
            if step is not Step.MOVE:
                return step
            self._clear_former(file)
            path = self.local_path(file.name)
            if file.row is not None and file.row.store is not None:
                is_done = self._carry(file, file.row, work)
            else:
                is_done = path is not None and self._take(file, path)
            if is_done:
                return step
        raise ArchiveError(f"{file.name} is changed again and again; type the command once more")

    # ------------------------------------------------------------ steps

    def _take(self, file: KnownFile, path: Path) -> bool:
        """Moves a local file; False if another process did something with it first."""
        with locked(path) as there:
            if not there or self._row(file.name) != file.row:
                return False
            if file.status == "aborted" and not _mended(path, file.end):
                self._write(lambda conn: files.forget(conn, [file.name]))
                return True  # it held nothing
            self._put(file.name, path)
            size = path.stat().st_size
            if self._places.store is None:
                self._write(lambda conn: files.forget(conn, [file.name]))
            else:
                self._write(lambda conn: self._stored(conn, file, size))
            _remove(path)
        if self._places.store is not None:
            self._write(lambda conn: files.moved(conn, [file.name], utc_now()))
        return True

    def _put(self, name: str, path: Path) -> None:
        try:
            self.target.put(name, path)
        except ArchiveError as fault:
            said = str(fault)
            self._write(lambda conn: files.refused(conn, name, said))
            raise

    def _stored(self, conn: Connection, file: KnownFile, size: int) -> None:
        if file.row is None:
            files.opened(conn, file.name, file.run_id or 0, this_host(), utc_now())
        files.stored(conn, file.name, self._places.address, size, utc_now())

    def _carry(self, file: KnownFile, was: Whereabouts, work: Path) -> bool:
        """Moves a file of a store; False if it was changed meanwhile."""
        fetched = work / "fetched"
        size = fetch(store_at(str(was.store)), file.name, fetched)
        if was.bytes not in {None, size}:
            raise ArchiveError(f"{was.store}/{file.name} has {size} bytes, not {was.bytes}")
        self.target.put(file.name, fetched)
        fetched.unlink()
        place = NewPlace(self._places.store, size)
        if not self._database.patiently(
            lambda conn: files.relocate(conn, file.name, was, place, utc_now())
        ):
            now = self._row(file.name)
            if now is not None and now.store == was.store:  # else the copy may be in use
                self.target.delete(file.name)
            return False
        self._finish(file._replace(row=self._row(file.name)))
        return True

    def _finish(self, file: KnownFile) -> None:
        """Clears away what is left where a file was."""
        row = file.row
        if row is None:
            return
        if row.store is None:
            path = self.local_path(file.name)
            self._clear_former(file)
            if path is not None and (file.status != "aborted" or _mended(path, file.end)):
                sync_folder(path.parent)
            self._write(lambda conn: files.forget(conn, [file.name]))
            return
        for path in self._copies(file.name):
            with locked(path) as there:
                if there:
                    _require_redundant(path, row)
                    _remove(path)
        self._clear_former(file)
        if row.moved_at is None:
            self._write(lambda conn: files.moved(conn, [file.name], utc_now()))

    def _clear_former(self, file: KnownFile) -> None:
        """Removes a file where it was before a move that was cut short."""
        row = file.row
        if row is None or row.moved_from is None:
            return
        if row.moved_from != row.store:
            store_at(row.moved_from).delete(file.name)
        self._write(lambda conn: files.left(conn, file.name))

    # ------------------------------------------------------------ places

    def _copies(self, name: str) -> Iterator[Path]:
        return (path for folder in self._folders if (path := self._in(folder, name)).is_file())

    @staticmethod
    def _in(folder: Path, name: str) -> Path:
        return path_in_archive(folder, name)

    def _row(self, name: str) -> Whereabouts | None:
        with self._database.reading() as conn:
            return files.find(conn, name)

    def _write(self, work: Callable[[Connection], None]) -> None:
        self._database.patiently(work)


def _mended(path: Path, end: int) -> bool:
    """Cuts off what a killed run left unfinished; whether anything of the file is left.

    Only behind the last capture: damage in the middle of a file costs no capture behind it.
    """
    whole, size = whole_length(path), path.stat().st_size
    if whole < size and end <= whole:
        if whole == 0:
            _remove(path)
            return False
        os.truncate(path, whole)
    return True


def _require_redundant(path: Path, row: Whereabouts) -> None:
    """Raises ArchiveError if a local file cannot be a copy of the stored one."""
    size = path.stat().st_size
    if row.bytes not in {None, size}:
        raise ArchiveError(
            f"{path} has {size} bytes, the same file at {row.store} has {row.bytes}: remove the"
            " one that is wrong"
        )


def _remove(path: Path) -> None:
    path.unlink()
    sync_folder(path.parent)
