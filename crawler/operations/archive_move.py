"""`scrapy archive move`: all WARC files to the place that the archive is at now, one by one.

A fault of one file costs that file; faults of a store one after the other end the command, which
goes on where it stopped when it is typed again.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from models.archive import local_folder
from models.archive.apart import require_apart
from models.archive.known_files import KnownFile, all_files
from models.archive.moving import Mover, Step
from models.archive.places import ArchivePlaces, store_at
from models.archive.stores import FolderStore, Store, clear_unfinished
from models.archive.work_folder import work_folder
from models.db.database import Database
from models.errors import ArchiveError, StoreFault, UsageError
from models.sites import registry
from models.text import nearest

GIVES_UP: Final = 3  # faults of a store in a row

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Archive:
    """Where the archive is, and a folder in which its files may be as well."""

    places: ArchivePlaces
    spool: Path

    @classmethod
    def of(cls, settings: Any) -> "Archive":
        """By WINNOW_ARCHIVE_DIR and WINNOW_ARCHIVE_SPOOL."""
        return cls(ArchivePlaces.of(settings), Path(settings["WINNOW_ARCHIVE_SPOOL"]))


@dataclass(slots=True)
class Moved:
    """What was done, or with a dry run would be; numbers of files if not told."""

    to: str
    dry_run: bool
    folder: str  # of local files
    moved: int = 0
    bytes: int = 0  # of these
    finished: int = 0  # moved before: what was left at the old place is cleared away
    here: int = 0  # nothing to do
    live: int = 0  # a run writes them
    elsewhere: dict[str, int] = field(default_factory=dict)  # by the host whose spool they are in
    missing: int = 0
    unknown: int = 0  # in the folder, but not of this database
    failed: dict[str, str] = field(default_factory=dict)  # why, by the name of the file
    stopped: bool = False  # by faults of a store


def move(
    database: Database, archive: Archive, site: str | None, progress: Progress, *, dry_run: bool
) -> Moved:
    """Moves the files of the archive, or of one site.

    Raises StoreAway or StoreRefused if a store cannot be reached at the start, ArchiveUnwritable.
    """
    places = archive.places
    with database.reading() as conn:
        found = all_files(conn, site)
        everything = found if site is None else all_files(conn)
    done = Moved(
        places.address,
        dry_run,
        str(archive.spool),
        unknown=len(unknown_files(archive, everything, site)),
    )
    mover = Mover(database, places, archive.spool)
    steps = [(file, mover.step(file)) for file in found]
    _count(done, [pair for pair in steps if pair[1] not in {Step.MOVE, Step.FINISH}])
    work = [pair for pair in steps if pair[1] in {Step.MOVE, Step.FINISH}]
    if dry_run:
        done.moved = sum(step is Step.MOVE for _, step in work)
        done.finished = len(work) - done.moved
        done.bytes = sum(_size(mover, file) for file, step in work if step is Step.MOVE)
        return done
    with local_folder.writing_in(places.local):
        clear_unfinished(places.local)
    if work:
        stores = _require_stores(places, [file for file, _ in work])
        folders = [FolderStore(folder) for folder in {places.local, archive.spool}]
        others = [one for one in (*stores, *folders) if one.address != mover.target.address]
        with local_folder.writing_in(places.local):
            require_apart(mover.target, others)
            _do(mover, places.local, work, done, progress)
    return done


def require_site(database: Database, site: str | None) -> None:
    """Raises UsageError for a site that the database does not know, with the nearest name."""
    with database.reading() as conn:
        names = sorted(registry.names(conn).values())
    if site is not None and site not in names:
        near = nearest(site, names)
        hint = f"; did you mean {near!r}?" if near else ""
        raise UsageError(f"no run of a site {site!r} is in the database{hint}")


def unknown_files(archive: Archive, found: Sequence[KnownFile], site: str | None) -> list[str]:
    """Files in the local folders that this database does not know; all, or of a site."""
    known = {file.name for file in found}
    folders = {archive.places.local, archive.spool}
    names = {name for folder in folders for name in FolderStore(folder).names(site or "")}
    return sorted(names - known)


def _do(
    mover: Mover,
    local: Path,
    work: Sequence[tuple[KnownFile, Step]],
    done: Moved,
    progress: Progress,
) -> None:
    in_a_row = 0
    with work_folder(local) as room:
        for number, (file, _) in enumerate(work, 1):
            size = _size(mover, file)
            try:
                step = mover.move(file, room)
            except ArchiveError as fault:
                done.failed[file.name] = str(fault)
                in_a_row = in_a_row + 1 if isinstance(fault, StoreFault) else 0
                if in_a_row >= GIVES_UP:
                    done.stopped = number < len(work)
                    return
                continue
            in_a_row = 0
            done.moved += step is Step.MOVE
            done.bytes += size if step is Step.MOVE else 0
            done.finished += step is Step.FINISH
            _count(done, [(file, step)])
            progress(
                f"{number} of {len(work)} files, {done.bytes / 10**6:.1f} MB moved to {done.to}"
            )


def _require_stores(places: ArchivePlaces, found: Sequence[KnownFile]) -> list[Store]:
    """Those that files are in or go to; raises StoreAway, StoreRefused before anything is done."""
    named = {places.store, *(file.row.store for file in found if file.row)}
    stores = [store_at(address) for address in sorted(filter(None, named))]
    for store in stores:
        store.check()
    return stores


def _count(done: Moved, steps: Sequence[tuple[KnownFile, Step]]) -> None:
    """Counts files with which nothing is done."""
    kinds = Counter(step for _, step in steps)
    done.here += kinds[Step.HERE]
    done.live += kinds[Step.LIVE]
    done.missing += kinds[Step.MISSING]
    for file, step in steps:
        if step is Step.ELSEWHERE and file.row is not None:
            host = str(file.row.host)
            done.elsewhere[host] = done.elsewhere.get(host, 0) + 1


def _size(mover: Mover, file: KnownFile) -> int:
    path = mover.local_path(file.name)
    return file.size if path is None else path.stat().st_size
