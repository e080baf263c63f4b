"""One process at a time works on a WARC file of a folder, whichever containers share it."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def locked(path: Path) -> Iterator[bool]:
    """Waits until no other process works on the file; whether it is there then.

    The lock is of the file itself (flock), so that it needs no name of a host: it holds between all
    processes of one machine, containers included, and ends with the process. Nobody holds it twice.
    """
    while True:
        try:
            file = path.open("rb")
        except FileNotFoundError:
            yield False
            return
        with file:
            fcntl.flock(file, fcntl.LOCK_EX)
            if _is(path, file.fileno()):
                yield True
                return  # else it was replaced or removed while we waited


def _is(path: Path, handle: int) -> bool:
    try:
        return path.stat().st_ino == os.fstat(handle).st_ino
    except FileNotFoundError:
        return False
