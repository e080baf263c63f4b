"""A SQLite database as a file: whether it is there, and how it is read without writing.

A reader of a file in WAL mode makes two files beside it, unless they are there, so an account
that may not write in the folder cannot read what nobody has open. Such a file is read as one
that never changes (`immutable`), and afterwards it is asked whether that was so.
"""

import os
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, unquote, urlsplit

from sqlalchemy import URL

from models.errors import DatabaseNotReady, WinnowError

_WAL_MODE: Final = 2  # byte 18 of the file: how it is written
_HEADER: Final = 20  # bytes
_EFFECTIVE: Final = os.access in os.supports_effective_ids


class FileChanged(WinnowError):
    """The file was written to while it was read without locks: what was read may be torn."""


@dataclass(frozen=True, slots=True)
class _State:
    """What changes whenever the file is written to."""

    file: Path
    written_at: int  # nanoseconds
    size: int  # bytes
    number: int  # of the inode: another file in its place is a change too

    @classmethod
    def of(cls, file: Path) -> "_State":
        found = file.stat()
        return cls(file, found.st_mtime_ns, found.st_size, found.st_ino)


class _Unlocked(sqlite3.Connection):
    """A connection that takes no locks; `state` is that of the file before its first read."""

    state: _State


def file_of(url: URL) -> Path | None:
    """The database's file; None for one in memory, or that is no SQLite."""
    name = url.database or ":memory:"
    if url.get_backend_name() != "sqlite" or name == ":memory:" or _asked(url, "mode") == "memory":
        return None
    return Path(unquote(urlsplit(name).path)) if name.startswith("file:") else Path(name)


def is_missing(url: URL) -> bool:
    """Whether connecting would make an empty file. Raises DatabaseNotReady if none can tell."""
    file = file_of(url)
    if file is None:
        return False
    try:
        file.stat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError as refused:
        raise _unreadable(file, refused) from refused
    return False


def connect_to_read(url: URL) -> sqlite3.Connection:
    """A connection that can write nothing, also for an account that may not.

    Raises DatabaseNotReady where the file is missing, may not be read, or lacks its last writes.
    """
    named = file_of(url)
    if named is None:
        raise ValueError(f"{url!r} is no file")
    if is_missing(url):
        raise DatabaseNotReady(f"{named} does not exist; type: scrapy db upgrade")
    file = named.resolve()  # SQLite keeps its other files beside what a link points at
    writable = _asked(url, "mode") != "ro" and _may_write(file) and _may_write(file.parent)
    mode = "mode=rw" if writable else _mode_without_writing(file)
    state, unlocked = _State.of(file), mode == "immutable=1"
    connection = sqlite3.connect(
        f"file:{quote(str(file))}?{mode}", uri=True, check_same_thread=False,
        factory=_Unlocked if unlocked else sqlite3.Connection,
    )  # fmt: skip
    if isinstance(connection, _Unlocked):
        connection.state = state
    connection.execute("PRAGMA query_only=ON")
    return connection


def require_unchanged(connection: Any) -> None:
    """Raises FileChanged if a file that was read without locks changed since it was opened."""
    if isinstance(connection, _Unlocked):
        file = connection.state.file
        if not file.exists() or _State.of(file) != connection.state:
            raise FileChanged(f"{file} was written to while it was read; type the command again")


def _mode_without_writing(file: Path) -> str:
    log, index = (file.with_name(f"{file.name}-{part}") for part in ("wal", "shm"))
    try:
        with file.open("rb") as opened:
            header = opened.read(_HEADER)
    except OSError as refused:
        raise _unreadable(file, refused) from refused
    if header[18:19] != bytes([_WAL_MODE]) or index.exists():
        return "mode=ro"
    if log.exists() and log.stat().st_size:
        raise DatabaseNotReady(
            f"{log} holds the last writes of a run that was killed; with an account that may write"
            f" in {file.parent}, type: scrapy db check"
        )
    return "immutable=1"


def _unreadable(file: Path, refused: OSError) -> DatabaseNotReady:
    return DatabaseNotReady(
        f"{file} cannot be read: {refused.strerror}; type the command with an account that may"
    )


def _may_write(path: Path) -> bool:
    return os.access(path, os.W_OK, effective_ids=_EFFECTIVE)


def _asked(url: URL, name: str) -> str:
    value = url.query.get(name, "")
    return value if isinstance(value, str) else value[-1]
