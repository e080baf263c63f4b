"""`scrapy archive`: where the WARC files of this database are, and what waits."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from crawler.operations.archive_move import Archive, unknown_files
from models.archive.known_files import KnownFile, all_files
from models.archive.moving import Mover, Step
from models.db.database import Database
from models.db.owners import this_host
from models.monitoring import spools
from models.monitoring.spools import Spool


@dataclass(slots=True)
class Place:
    """Files at one place."""

    files: int = 0
    bytes: int = 0

    def add(self, size: int) -> None:
        """Counts one more."""
        self.files += 1
        self.bytes += size


@dataclass(slots=True)
class ArchiveStatus:
    """Where the files are."""

    archive: str  # as WINNOW_ARCHIVE_DIR says
    host: str  # this one
    folder: str  # the local archive, or the spool
    is_spool: bool
    local: Place = field(default_factory=Place)  # in that folder
    to_move: Place = field(default_factory=Place)  # that `archive move` would move
    written: int = 0  # by runs that are under way
    missing: int = 0
    unknown: int = 0  # in the folder, but not of this database
    stores: dict[str, Place] = field(default_factory=dict)  # by address
    spools: list[Spool] = field(default_factory=list)  # what waits, by host


def status(database: Database, archive: Archive) -> ArchiveStatus:
    """Looks at the database and the local disk; asks no store."""
    places = archive.places
    with database.reading() as conn:
        found = all_files(conn)
        waiting = spools.waiting(conn)
    mover = Mover(database, places, archive.spool)
    shown = ArchiveStatus(
        places.address, this_host(), str(places.local), places.store is not None,
        unknown=len(unknown_files(archive, found, None)), spools=waiting,
    )  # fmt: skip
    _count(shown, mover, found)
    return shown


def _count(shown: ArchiveStatus, mover: Mover, found: Iterable[KnownFile]) -> None:
    for file in found:
        step, path = mover.step(file), mover.local_path(file.name)
        size = file.size if path is None else path.stat().st_size
        store = None if file.row is None else file.row.store
        if store is not None:
            shown.stores.setdefault(store, Place()).add(size)
        elif path is not None:
            shown.local.add(size)
        shown.written += step is Step.LIVE
        shown.missing += step is Step.MISSING
        if step is Step.MOVE:
            shown.to_move.add(size)
