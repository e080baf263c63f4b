"""Room on the local disk for WARC files that are fetched from object storage for a moment."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import Final

_NAME: Final = ".work"  # below the archive's local folder; no WARC file is looked for in it


@contextmanager
def work_folder(local: Path) -> Iterator[Path]:
    """A folder of this process' own, gone afterwards; those of killed processes go first."""
    home = local / _NAME
    home.mkdir(parents=True, exist_ok=True)
    with _only_one(home):
        for folder in home.iterdir():
            _clear_away(folder)
        mine = Path(mkdtemp(dir=home))
        handle = os.open(mine, os.O_RDONLY)
        fcntl.flock(handle, fcntl.LOCK_EX)  # until the process ends
    try:
        yield mine
    finally:
        rmtree(mine, ignore_errors=True)  # what stays is cleared away by the next
        os.close(handle)


@contextmanager
def _only_one(home: Path) -> Iterator[None]:
    """Between the making of a folder and its lock, nobody takes it for a dead process'."""
    handle = os.open(home, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _clear_away(folder: Path) -> None:
    """Removes a folder of a process that is no more."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except FileNotFoundError:
        return  # its process has just removed it
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        rmtree(folder, ignore_errors=True)
    except BlockingIOError:
        return  # its process works in it
    finally:
        os.close(handle)
