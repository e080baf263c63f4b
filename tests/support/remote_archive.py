"""An archive of a few pages on the local disk, and buckets that it is moved to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import select

from models.archive import captures
from models.archive.captures import CAPTURES
from models.archive.places import ArchivePlaces
from models.db.database import Database
from models.items import CaptureRef
from tests.support.archived_pages import archive_page

if TYPE_CHECKING:
    from tests.support.object_storage import S3Server


@dataclass
class RemoteArchive:
    """A database with archived pages; where they are is told apart by `places` and `local`."""

    database: Database
    folder: Path  # the local archive, or the spool
    s3: "S3Server"
    bucket: str = field(init=False)

    def __post_init__(self) -> None:
        self.bucket = self.s3.bucket()

    @property
    def store(self) -> str:
        """The address of the object storage."""
        return f"s3://{self.bucket}/news"

    @property
    def places(self) -> ArchivePlaces:
        """The archive on object storage."""
        return ArchivePlaces(self.folder, self.store)

    @property
    def local(self) -> ArchivePlaces:
        """The archive in its folder."""
        return ArchivePlaces(self.folder)

    def pages(self, *numbers: int, site: str = "example") -> list[str]:
        """Archives pages, each by a run of its own; the names of their files."""
        for number in numbers:
            archive_page(self.database, self.folder, number=number, site=site)
        return self.names()

    def names(self) -> list[str]:
        """The files in which the database has captures."""
        with self.database.reading() as conn:
            return sorted(conn.scalars(select(CAPTURES.c.warc_file).distinct()))

    def bodies(self, places: ArchivePlaces | None = None) -> Mapping[int, bytes]:
        """What each capture reads as, wherever it is; each can be read."""
        with self.database.reading() as conn:
            numbers = list(conn.scalars(select(CAPTURES.c.capture_id)))
            return {n: captures.read(conn, places or self.places, n).body for n in numbers}

    def refs(self) -> Mapping[int, CaptureRef]:
        """What the database says of each capture now."""
        with self.database.reading() as conn:
            return captures.refs(conn, list(conn.scalars(select(CAPTURES.c.capture_id))))

    def on_disk(self) -> dict[str, bytes]:
        """The files of the folder, by name; folders of killed processes are none of them."""
        found = self.folder.rglob("*.warc.gz*")
        return {path.relative_to(self.folder).as_posix(): path.read_bytes() for path in found}

    def in_store(self, bucket: str | None = None) -> dict[str, bytes]:
        """The files of the bucket, by name."""
        found = self.s3.objects(bucket or self.bucket)
        return {key.removeprefix("news/"): body for key, body in found.items()}

    def settings(self, store: str | None = None, **more: str) -> dict[str, str]:
        """The settings of a command with the archive on object storage."""
        return {
            "WINNOW_ARCHIVE_DIR": self.store if store is None else store,
            "WINNOW_ARCHIVE_SPOOL": str(self.folder),
            **more,
        }
