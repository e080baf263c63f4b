"""One fetched copy, read again from the archive; needs no SQL."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from w3lib.encoding import http_content_type_encoding

from models.archive.places import ArchivePlaces, store_at
from models.archive.warc import read_member, record_of
from models.db.owners import this_host
from models.errors import ArchiveElsewhere, ArchiveError, StoreFault
from models.items import CaptureRef, Hint, Page, WarcLocation


@dataclass(frozen=True, slots=True)
class Capture:
    """One fetched copy, read again from the archive: what a Page needs besides site and hint."""

    capture_id: int
    url_id: int
    run_id: int
    final_url: str
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes = field(repr=False)
    fetched_at: datetime

    @property
    def charset(self) -> str | None:
        """Of the Content-Type header, if it names one."""
        kinds = (value for name, value in self.headers if name.lower() == "content-type")
        return next((http_content_type_encoding(kind) for kind in kinds), None)


def load(ref: CaptureRef, places: ArchivePlaces) -> Capture:
    """A capture as it was fetched, wherever its file is.

    Raises ArchiveError if it cannot be read whole, or if another page is there; as `member_of` does
    for a file that is not in the local folder.
    """
    return capture_of(ref, member_of(ref.location, places))


def member_of(location: WarcLocation, places: ArchivePlaces) -> bytes:
    """A capture's record, compressed: from the local folder if its file is there, else the store.

    Raises ArchiveElsewhere for a file in the spool of another host, StoreAway, StoreRefused, and
    ArchiveError if the file is gone or cut.
    """
    path = path_in_archive(places.local, location.file)
    if path.is_file() or (is_local(location) and places.store is None):
        try:
            return read_member(path, location.offset, location.length)
        except ArchiveError:
            if path.is_file() or places.store is None:
                raise  # else it was uploaded or moved just now
    # what was not uploaded when the database was asked, or was elsewhere, may be there by now
    for address in dict.fromkeys((location.store, places.store)):
        if address is not None:
            found = _in_store(address, location)
            if found is not None:
                return found
    if path.is_file():  # it was moved back
        return read_member(path, location.offset, location.length)
    if location.store is not None or location.host is None:
        where = location.store or places.local
        raise ArchiveError(f"{location.file}: no such file in {where}, nor elsewhere")
    if location.host == this_host():
        raise ArchiveError(f"{path}: not there, and it was not uploaded")
    raise ArchiveElsewhere(
        f"{location.file} is still in the spool of {location.host};"
        " run any crawl there, which uploads it"
    )


def _in_store(address: str, location: WarcLocation) -> bytes | None:
    """The record, if the store has the file; raises ArchiveError if it is cut, StoreFault."""
    store = store_at(address)
    try:
        return store.read_range(location.file, location.offset, location.length)
    except StoreFault:
        raise
    except ArchiveError:
        if store.size(location.file) is not None:
            raise
    return None


def is_local(location: WarcLocation) -> bool:
    """Whether the file was in the archive's local folder when the database was asked."""
    return location.store is None and location.host is None


def local_member(ref: CaptureRef, folder: Path) -> bytes:
    """A capture's record, compressed, for a process that reads local files alone.

    Raises ArchiveError if it is gone or cut.
    """
    location = ref.location
    path = path_in_archive(folder, location.file)
    return read_member(path, location.offset, location.length)


def capture_of(ref: CaptureRef, member: bytes) -> Capture:
    """The capture in a record that was read before.

    Raises ArchiveError if it is not whole, or another page's.
    """
    location = ref.location
    where = f"{location.file} at {location.offset}"
    record = record_of(member, ref.body_size, where)
    if hashlib.sha256(record.body).digest() != ref.body_hash:
        raise ArchiveError(
            f"{where}: holds {record.url}, not {ref.final_url} of capture {ref.capture_id}"
        )
    return Capture(
        capture_id=ref.capture_id,
        url_id=ref.url_id,
        run_id=ref.run_id,
        final_url=ref.final_url,
        status=ref.status,
        headers=record.headers,
        body=record.body,
        fetched_at=ref.fetched_at,
    )


def unread(ref: CaptureRef, site: str, url: str, hint: Hint, run_id: int) -> Page:
    """An archived copy as a Page; its bytes are read by whoever parses them."""
    return Page(
        run_id=run_id,
        url_id=ref.url_id,
        site=site,
        url=url,
        final_url=ref.final_url,
        status=ref.status,
        headers=(),
        body=b"",
        fetched_at=ref.fetched_at,
        hint=hint,
        capture_id=ref.capture_id,
        archived=ref,
    )


def path_in_archive(folder: Path, name: str) -> Path:
    """The path of a WARC file, by its name in the database.

    Raises ArchiveError for a name that leads out of the folder.
    """
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise ArchiveError(f"{name} is outside of the archive {folder}")
    return path
