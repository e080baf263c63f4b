"""WARC files of a store as files on the local disk."""

import os
from pathlib import Path
from typing import Final

from models.archive.stores import Store
from models.errors import ArchiveError

_PIECE: Final = 8 << 20  # bytes of one request


def fetch(store: Store, name: str, to: Path) -> int:
    """Writes a file of a store to a local path, synced; returns its bytes.

    Raises ArchiveError if the store does not have it, or not whole, StoreAway, StoreRefused,
    OSError.
    """
    size = store.size(name)
    if size is None:
        raise ArchiveError(f"{store.address}/{name}: no such file")
    with to.open("wb") as file:
        for at in range(0, size, _PIECE):
            file.write(store.read_range(name, at, min(_PIECE, size - at)))
        file.flush()
        os.fsync(file.fileno())
    return size


def has_same(store: Store, name: str, path: Path) -> bool:
    """Whether a store has a file of that name with the bytes of a local one."""
    size = store.size(name)
    if size is None or size != path.stat().st_size:
        return False
    with path.open("rb") as file:
        return all(
            store.read_range(name, at, min(_PIECE, size - at)) == file.read(_PIECE)
            for at in range(0, size, _PIECE)
        )
