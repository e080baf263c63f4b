"""Accounts that may only read: of the machine, and of database servers."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

NOBODY = 65534


@contextmanager
def unprivileged(folder: Path, *, may_read: bool = True) -> Iterator[None]:
    """Has this process act for an account that may not write in `folder`, nor its files.

    Permissions mean nothing to root, who becomes somebody else for the time.
    """
    before = {path: path.stat().st_mode for path in (folder, *folder.iterdir())}
    for path in before:
        path.chmod((0o555 if path == folder else 0o444) if may_read else 0o100)
    is_root = os.geteuid() == 0
    if is_root:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        if is_root:
            os.seteuid(0)
        for path, mode in before.items():
            if path.exists():
                path.chmod(mode)


def listing(folder: Path) -> dict[str, tuple[int, int]]:
    """The files of a folder: when each was last written, and its size in bytes."""
    found = {path.name: path.stat() for path in folder.iterdir()}
    return {name: (stat.st_mtime_ns, stat.st_size) for name, stat in found.items()}
