"""The name of a spool: that of the host which first wrote to it, kept in the folder itself.

A container that is made anew has another host name, but the same volume: by this file it is known
for the owner of what the one before it left, and so are all containers that share the volume.
"""

import os
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Final

from models.db.owners import this_host

_FILE: Final = ".spool-host"  # in the spool


def host_of(folder: Path) -> str:
    """The name of a spool; of this host, if nobody wrote to it."""
    try:
        return (folder / _FILE).read_text(encoding="utf-8").strip()
    except (FileNotFoundError, NotADirectoryError):
        return this_host()


def named(folder: Path) -> str:
    """The name of a spool, given to it now if it has none. Raises OSError."""
    if not (folder / _FILE).exists():
        folder.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile("w", dir=folder, encoding="utf-8") as file:
            file.write(this_host())
            file.flush()
            os.fsync(file.fileno())
            Path(file.name).chmod(0o644)
            with suppress(FileExistsError):  # another process was first, and its name counts
                os.link(file.name, folder / _FILE)  # whole, or not there
    return host_of(folder)
