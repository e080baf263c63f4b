"""Where the archive of an installation is, made of its settings in one place."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from models.archive.stores import FolderStore, Store, is_remote, require_no_secret
from models.errors import UsageError


class ArchivePlaces(NamedTuple):
    """The folder that WARC files are written to, and the object storage that they are moved to."""

    local: Path  # the archive itself; with a store: the spool of this host
    store: str | None = None  # its address; None: the archive is local

    @classmethod
    def of(cls, settings: Mapping[str, Any]) -> "ArchivePlaces":
        """By WINNOW_ARCHIVE_DIR and WINNOW_ARCHIVE_SPOOL.

        Raises UsageError for a password in the address, or no bucket.
        """
        archive = str(settings["WINNOW_ARCHIVE_DIR"])
        require_no_secret(archive)
        if is_remote(archive):
            scheme, _, rest = archive.partition("://")
            if not rest.strip("/"):
                raise UsageError(
                    f"WINNOW_ARCHIVE_DIR: {archive} names no bucket; write {scheme}://BUCKET/PREFIX"
                )
            return cls(Path(settings["WINNOW_ARCHIVE_SPOOL"]), archive.rstrip("/"))
        return cls(Path(archive))

    @property
    def address(self) -> str:
        """What WINNOW_ARCHIVE_DIR says."""
        return self.store or str(self.local)

    @property
    def setting(self) -> str:
        """The setting that names the local folder."""
        return "WINNOW_ARCHIVE_SPOOL" if self.store else "WINNOW_ARCHIVE_DIR"


@cache
def store_at(address: str) -> Store:
    """The store of an address, the same for each call; nothing is asked of it yet.

    Raises StoreRefused for a missing library or an unknown scheme, UsageError for a password.
    """
    require_no_secret(address)
    if not is_remote(address):
        return FolderStore(Path(address))
    from models.archive.object_store import ObjectStore  # noqa: PLC0415 - not for a local archive

    return ObjectStore(address.rstrip("/"))
