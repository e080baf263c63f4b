"""Fetched copies of pages: written to the archive, recorded in SQL, and read again."""

import hashlib
import os
import re
import secrets
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import IO, Any, Final, cast

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    ForeignKey,
    Index,
    Row,
    SmallInteger,
    String,
    bindparam,
    case,
    func,
    insert,
    select,
)

from models.archive import spool
from models.archive.files import WARC_FILES
from models.archive.places import ArchivePlaces
from models.archive.reader import Capture, load
from models.archive.warc import info_member, response_member, sync_folder
from models.batches import batched
from models.db.types import UTC, CleanText, Hash, Key, column, table
from models.errors import ArchiveError
from models.items import CaptureRef, Page, WarcLocation

CAPTURES: Final = table(
    "captures",
    column("capture_id", Key, primary_key=True, autoincrement=True, comment="number of the copy"),
    column("url_id", ForeignKey("urls.url_id"), comment="URL that was requested"),
    column("run_id", ForeignKey("runs.run_id"), comment="run that fetched it"),
    column("final_url", CleanText, comment="URL after redirects"),
    column("http_status", SmallInteger, comment="HTTP status, such as 200"),
    column("fetched_at", UTC, comment="when it was fetched"),
    column("warc_file", String(255), comment="path, relative to the archive's folder"),
    column("warc_offset", BigInteger, comment="bytes from the file's start"),
    column("warc_length", BigInteger, comment="bytes, compressed"),
    column("body_hash", Hash, comment="SHA-256 of the body"),
    column("body_size", BigInteger, comment="bytes, decompressed"),
    column("truncated", CleanText, nullable=True, comment="why it is not whole; null: it is"),
    Index("ix_captures_url_id_fetched_at", "url_id", "fetched_at"),
    Index("ix_captures_run_id", "run_id"),  # a run goes when nothing refers to it
    comment="Fetched copies of pages, and where each is in the WARC files of the archive.",
)

# where the file of a capture is: both null, as for all of a local archive, if it has no row
WHERE: Final = (WARC_FILES.c.store, WARC_FILES.c.host)
_FILE: Final = (  # the same as the view has it: who uploaded a file is of no interest any more
    WARC_FILES.c.store.label("warc_store"),
    case((WARC_FILES.c.store.is_(None), WARC_FILES.c.host)).label("warc_host"),
)

_NEW: Final = insert(CAPTURES)  # made once, for speed

ROTATE_AT: Final = 1_000_000_000  # bytes, the usual size of WARC files
# Bytes of a file that is to be uploaded: large enough for object storage, which counts requests,
# and no more than a disk that dies may lose, or an upload that is cut repeat.
ROTATE_SPOOLED_AT: Final = 64_000_000
_SOFTWARE: Final = "winnow"
_FOLDER: Final = re.compile(r"(?!\.)[\w.-]{1,100}", re.ASCII)  # never '..', never another folder
_SOME: Final = 500  # ids a statement


def in_file() -> ColumnElement[bool]:
    """The condition by which a capture is joined with what is known of its file."""
    return WARC_FILES.c.warc_file == CAPTURES.c.warc_file


_REFS: Final = (  # made once: building it takes longer than running it
    select(*CAPTURES.c, *WHERE)
    .join_from(CAPTURES, WARC_FILES, in_file(), isouter=True)
    .where(CAPTURES.c.capture_id.in_(bindparam("wanted", expanding=True)))
)


class CaptureArchive:
    """The WARC files of one run: `SITE/YYYY/run-000123-00001.warc.gz`, opened when needed.

    Those of a spool have a random part in their names, so that no other database's file has the
    same name where they are uploaded to; and they are locked for as long as they are written.
    """

    def __init__(
        self,
        folder: Path,
        run_id: int,
        *,
        rotate_at: int = ROTATE_AT,
        spooled: Callable[[str], object] | None = None,
    ) -> None:
        """`spooled`: makes this a spool, and is called with the name of each file that is opened,
        before its first record.
        """
        self._folder, self._run_id, self._rotate_at = folder, run_id, rotate_at
        self._spooled = spooled
        self._closed: list[str] = []
        self._file: IO[bytes] | None = None
        self._name, self._size, self._number = "", 0, 0
        self._home: tuple[str, int] | None = None

    def append(self, page: Page) -> WarcLocation:
        """Writes a page as one record, which is durable only after `sync`.

        A write that fails leaves the file as it was. Raises OSError (a full disk),
        ArchiveError if the site's name cannot be a folder.
        """
        file = self._ready(page.site, page.fetched_at.year)
        return self._write(file, response_member(page))

    def sync(self) -> None:
        """Returns once all records are on the disk."""
        if self._file is not None:
            self._file.flush()
            os.fsync(self._file.fileno())

    def close(self) -> None:
        """Syncs and closes; the next `append` opens a new file."""
        if self._file is not None:
            self.sync()
            self._file.close()
            self._file = None
            self._closed.append(self._name)

    def take_closed(self) -> list[str]:
        """Names of the files that were closed since the last call."""
        closed, self._closed = self._closed, []
        return closed

    def _ready(self, site: str, year: int) -> IO[bytes]:
        if self._home != (site, year) or self._size >= self._rotate_at:
            self.close()
        if self._file is None:
            self._home, self._file = (site, year), self._open(site, year)
            self._write(self._file, info_member(Path(self._name).name, _SOFTWARE))
        return self._file

    def _open(self, site: str, year: int) -> IO[bytes]:
        if not _FOLDER.fullmatch(site):
            raise ArchiveError(f"{site!r} is no name for a folder of the archive")
        home = self._folder / site / f"{year:04d}"
        home.mkdir(parents=True, exist_ok=True)
        while True:
            self._number += 1
            mark = "" if self._spooled is None else f"-{secrets.token_hex(4)}"
            path = home / f"run-{self._run_id:06d}-{self._number:05d}{mark}.warc.gz"
            try:
                file = path.open("xb", buffering=0)
            except FileExistsError:  # of another database with this archive: never overwritten
                continue
            self._name, self._size = path.relative_to(self._folder).as_posix(), 0
            try:
                if self._spooled is not None:
                    spool.lock(file)
                    self._spooled(self._name)
                sync_folder(home)
            except BaseException:  # re-raised: nobody writes this file
                path.unlink()
                file.close()
                raise
            return file

    def _write(self, file: IO[bytes], member: bytes) -> WarcLocation:
        try:
            rest = memoryview(member)
            while rest:
                rest = rest[file.write(rest) :]
        except OSError:
            file.seek(self._size)
            file.truncate(self._size)
            raise
        location = WarcLocation(self._name, self._size, len(member))
        self._size += len(member)
        return location


def keep(conn: Connection, page: Page, place: WarcLocation) -> int:
    """Records the location of a synced record; returns the capture's number."""
    row = {
        "url_id": page.url_id,
        "run_id": page.run_id,
        "final_url": page.final_url,
        "http_status": page.status,
        "fetched_at": page.fetched_at,
        "warc_file": place.file,
        "warc_offset": place.offset,
        "warc_length": place.length,
        "body_hash": hashlib.sha256(page.body).digest(),
        "body_size": len(page.body),
        "truncated": page.truncation.reason if page.truncation else None,
    }
    key = conn.execute(_NEW, row).inserted_primary_key
    return int(cast(Row[Any], key)[0])


def read(conn: Connection, places: ArchivePlaces, capture_id: int) -> Capture:
    """A capture as it was fetched; raises ArchiveError as `load` does, or if there is none."""
    found = refs(conn, [capture_id]).get(capture_id)
    if found is None:
        raise ArchiveError(f"there is no capture {capture_id}")
    return load(found, places)


def refs(conn: Connection, capture_ids: Collection[int]) -> dict[int, CaptureRef]:
    """What `load` needs of each capture, by number; those that are no more are left out."""
    wanted = {"wanted": sorted(capture_ids)}
    return {row.capture_id: to_ref(row._asdict()) for row in conn.execute(_REFS, wanted)}


def latest(conn: Connection, url_ids: Sequence[int]) -> dict[int, int]:
    """The newest whole capture of each URL that has one, by url_id."""
    newest: dict[int, int] = {}
    for some in batched(url_ids, _SOME):
        query = select(CAPTURES.c.url_id, func.max(CAPTURES.c.capture_id))
        query = query.where(CAPTURES.c.url_id.in_(some), CAPTURES.c.truncated.is_(None))
        newest |= {row[0]: row[1] for row in conn.execute(query.group_by(CAPTURES.c.url_id))}
    return newest


def of_url(conn: Connection, url_id: int) -> Sequence[Row[Any]]:
    """The rows of a URL's fetched copies, the first first, with where each file is."""
    query = select(CAPTURES, *_FILE).outerjoin(WARC_FILES, in_file())
    query = query.where(CAPTURES.c.url_id == url_id)
    return conn.execute(query.order_by(CAPTURES.c.capture_id)).all()


def to_ref(row: Mapping[str, Any]) -> CaptureRef:
    """A capture from its row, by the names of its columns and of `WHERE`."""
    same = ("capture_id", "url_id", "run_id", "final_url", "fetched_at", "body_size")
    return CaptureRef(
        **{name: row[name] for name in same},
        status=row["http_status"],
        location=WarcLocation(
            row["warc_file"], row["warc_offset"], row["warc_length"], row["store"], row["host"]
        ),
        body_hash=bytes(row["body_hash"]),
    )
