"""Where the archive of an installation is, made of its settings in one place."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

from models.archive.stores import FolderStore, Store, is_remote, require_no_secret
from models.errors import UsageError

# schemes of fsspec that are one place: a file is where its row says, letter by letter
_ALIASES: Final = {"s3a": "s3", "gcs": "gs", "az": "abfs", "abfss": "abfs"}
_FOLDERS: Final = frozenset({"file", "local"})
_NO_FOLDER: Final = re.compile(r"\s*[a-z][a-z0-9+.:-]+:/", re.IGNORECASE)
# schemes of fsspec at which no page is safe, and why
_UNFIT: Final = {
    "memory": "ends with the process",
    **dict.fromkeys(("http", "https", "data"), "takes no files"),
    **dict.fromkeys(
        ("dir", "zip", "tar", "libarchive", "reference", "cached", "blockcache", "filecache",
         "simplecache"),
        "lies in another place; write the address of that",
    ),
}  # fmt: skip


class ArchivePlaces(NamedTuple):
    """The folder that WARC files are written to, and the object storage that they are moved to."""

    local: Path  # the archive itself; with a store: the spool of this host
    store: str | None = None  # its address; None: the archive is local

    @classmethod
    def of(cls, settings: Mapping[str, Any]) -> "ArchivePlaces":
        """By WINNOW_ARCHIVE_DIR and WINNOW_ARCHIVE_SPOOL.

        Raises UsageError for a password in the address, no bucket, what is no address, or an
        address that keeps nothing.
        """
        archive = str(settings["WINNOW_ARCHIVE_DIR"])
        require_no_secret(archive)
        if is_remote(archive):
            return cls(_folder(settings, "WINNOW_ARCHIVE_SPOOL"), _address(archive))
        return cls(_folder(settings, "WINNOW_ARCHIVE_DIR"))

    @property
    def address(self) -> str:
        """What WINNOW_ARCHIVE_DIR says."""
        return self.store or str(self.local)

    @property
    def setting(self) -> str:
        """The setting that names the local folder."""
        return "WINNOW_ARCHIVE_SPOOL" if self.store else "WINNOW_ARCHIVE_DIR"


def _address(archive: str) -> str:
    """The address in its one spelling."""
    scheme, _, rest = archive.partition("://")
    scheme = _ALIASES.get(scheme.lower(), scheme.lower())
    if scheme in _FOLDERS:
        raise UsageError(f"WINNOW_ARCHIVE_DIR: {archive} is a folder; write it without {scheme}://")
    if why := _UNFIT.get(scheme):
        raise UsageError(f"WINNOW_ARCHIVE_DIR: {archive} cannot be an archive: {scheme}:// {why}")
    if not rest.strip("/"):
        raise UsageError(
            f"WINNOW_ARCHIVE_DIR: {archive} names no bucket; write {scheme}://BUCKET/PREFIX"
        )
    return f"{scheme}://{rest.rstrip('/')}"


def _folder(settings: Mapping[str, Any], setting: str) -> Path:
    folder = str(settings[setting])
    if _NO_FOLDER.match(folder):
        what = "has one slash, an address has two"
        if folder != folder.strip():
            what = "has a space before or behind it"
        elif "://" in folder:
            what = "is an address" if is_remote(folder) else "is no address of one place"
        raise UsageError(
            f"{setting}: {folder} {what}; write a folder"
            + (", or SCHEME://BUCKET/PREFIX" if setting == "WINNOW_ARCHIVE_DIR" else "")
        )
    return Path(folder)


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
