"""One fetched copy, read again from the archive; needs no SQL."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from w3lib.encoding import http_content_type_encoding

from models.archive.warc import read_record
from models.errors import ArchiveError
from models.items import CaptureRef, Hint, Page


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


def load(ref: CaptureRef, folder: Path) -> Capture:
    """A capture as it was fetched, from its file below the archive's `folder`.

    Raises ArchiveError if it cannot be read whole, or if another page is there.
    """
    location = ref.location
    path = path_in_archive(folder, location.file)
    record = read_record(path, location.offset, location.length, ref.body_size)
    if hashlib.sha256(record.body).digest() != ref.body_hash:
        raise ArchiveError(
            f"{location.file} at {location.offset}: holds {record.url}, not {ref.final_url}"
            f" of capture {ref.capture_id}"
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
