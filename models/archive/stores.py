"""Where an archive's WARC files are: a local folder, or object storage by an address of fsspec."""

import fcntl
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from secrets import token_hex
from shutil import copyfileobj
from typing import BinaryIO, Final, Protocol

from models.archive.warc import read_member, sync_folder
from models.errors import ArchiveError, UsageError

_REMOTE: Final = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_SECRET: Final = re.compile(r"(?<=://)[^/@]*:[^/@]*@")
_PIECE: Final = 1 << 20  # bytes that are compared at a time
_UNFINISHED: Final = ".arriving"  # ends, with a mark, the name of a file that is being copied


class Store(Protocol):
    """WARC files by their names in the database: `SITE/YYYY/run-000123-00001.warc.gz`.

    Every call may raise StoreRefused or StoreAway, one line with the address; or ArchiveError.
    Calls block, and may come from several threads.
    """

    address: str

    def check(self) -> None:
        """Asks whether the place is there and lets us in; the address may hold nothing yet."""

    def read_range(self, name: str, offset: int, length: int) -> bytes:
        """So many bytes of a file; raises ArchiveError if it is not there, or ends before."""

    def size(self, name: str) -> int | None:
        """Bytes of a file; None if it is not there."""

    def put(self, name: str, path: Path) -> None:
        """Stores a local file, and returns once all its bytes are there.

        A file of that name stays as it is: one of the same bytes counts as stored, any other is
        another database's, and raises ArchiveError.
        """

    def replace(self, name: str, path: Path) -> None:
        """Stores a local file in the place of the one of that name."""

    def delete(self, name: str) -> None:
        """Removes a file; one that is not there is no fault."""

    def names(self, below: str = "") -> Iterator[str]:
        """Names of all files, or of those below a folder such as `SITE`, in their order."""


def is_remote(address: str) -> bool:
    """Whether an address is one of fsspec: it has a scheme, such as s3://."""
    return _REMOTE.match(address) is not None


def without_secret(address: str) -> str:
    """The address as it may be printed."""
    return _SECRET.sub("…@", address.partition("?")[0])


def require_no_secret(address: str) -> None:
    """Raises UsageError for a password or a token in an address: the database keeps addresses."""
    if is_remote(address) and (_SECRET.search(address) or "?" in address):
        raise UsageError(
            f"{without_secret(address)}: an archive's address may hold no password and no"
            " parameters; credentials stand in the environment, see WINNOW_ARCHIVE_DIR"
        )


def safe_name(name: str) -> str:
    """The name of a file; raises ArchiveError for one that leads out of the archive."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or not path.parts:
        raise ArchiveError(f"{name} is outside of the archive")
    return name


def require_same(store: Store, name: str, path: Path) -> None:
    """Raises ArchiveError unless the stored file has the bytes of the local one."""
    size = path.stat().st_size
    same = store.size(name) == size
    with path.open("rb") as file:
        for at in range(0, size if same else 0, _PIECE):
            piece = file.read(_PIECE)
            same = same and store.read_range(name, at, len(piece)) == piece
    if not same:
        raise ArchiveError(
            f"{store.address}/{name} is there and holds something else: another database's archive"
            " is at this address; give each its own, see WINNOW_ARCHIVE_DIR"
        )


class FolderStore:
    """A local folder."""

    def __init__(self, folder: Path) -> None:
        self.address, self._folder = str(folder), folder
        self._is_cleared = False  # of what killed processes left

    def check(self) -> None:
        """See `Store`."""
        if not os.access(self._folder, os.R_OK | os.X_OK):
            raise ArchiveError(f"the archive {self._folder} is not there, or cannot be read")

    def read_range(self, name: str, offset: int, length: int) -> bytes:
        """See `Store`."""
        return read_member(self._path(name), offset, length)

    def size(self, name: str) -> int | None:
        """See `Store`."""
        path = self._path(name)
        return path.stat().st_size if path.is_file() else None

    def put(self, name: str, path: Path) -> None:
        """See `Store`."""
        target = self._path(name)
        with self._copied(path, target) as arriving:
            try:
                os.link(arriving, target)  # which replaces nothing
            except FileExistsError:
                require_same(self, name, path)
        sync_folder(target.parent)

    def replace(self, name: str, path: Path) -> None:
        """See `Store`."""
        target = self._path(name)
        with self._copied(path, target) as arriving:
            arriving.replace(target)
        sync_folder(target.parent)

    def delete(self, name: str) -> None:
        """See `Store`."""
        path = self._path(name)
        if path.exists():
            path.unlink()
            sync_folder(path.parent)

    def names(self, below: str = "") -> Iterator[str]:
        """See `Store`."""
        for path in sorted((self._folder / below).rglob("*.warc.gz")):
            yield path.relative_to(self._folder).as_posix()

    def _path(self, name: str) -> Path:
        return self._folder / safe_name(name)

    @contextmanager
    def _copied(self, path: Path, target: Path) -> Iterator[Path]:
        """A durable copy beside the target; what nobody renames is gone afterwards.

        It is locked meanwhile, so that others tell it from what a killed process left.
        """
        if not self._is_cleared:
            clear_unfinished(self._folder)
            self._is_cleared = True
        target.parent.mkdir(parents=True, exist_ok=True)
        arriving = target.with_name(f"{target.name}{_UNFINISHED}-{token_hex(8)}")
        try:
            with path.open("rb") as source, _made(arriving) as copy:
                copyfileobj(source, copy, _PIECE)
                copy.flush()
                os.fsync(copy.fileno())
                yield arriving
        finally:
            arriving.unlink(missing_ok=True)


def clear_unfinished(folder: Path) -> None:
    """Removes from an archive's folder what processes that are no more have copied in part.

    Such a copy has an article in it that may be erased or pruned elsewhere. Raises OSError.
    """
    for left in folder.rglob(f"*{_UNFINISHED}-*"):
        try:
            with left.open("rb") as file:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                left.unlink()
        except (FileNotFoundError, BlockingIOError):
            continue  # its process ends just now, or still copies


def _made(arriving: Path) -> BinaryIO:
    """A new file that is locked until it is closed."""
    while True:
        file = arriving.open("xb")
        fcntl.flock(file, fcntl.LOCK_EX)
        if os.fstat(file.fileno()).st_nlink:
            return file
        file.close()  # somebody cleared it away before it was locked
