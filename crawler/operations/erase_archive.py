"""The second half of an erasure: its records leave the archive, as often as it is started again."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from crawler.operations.site_hold import SiteHold
from models.archive import local_folder
from models.archive.blanking import Place, blank
from models.archive.reader import path_in_archive
from models.clock import utc_now
from models.db.database import Database
from models.erasures import targets, tombstones
from models.erasures.tombstones import Erasure
from models.errors import UsageError, WinnowError
from models.urls import url_key


@dataclass(frozen=True, slots=True)
class Cleared:
    """What was taken out of the archive."""

    records: int
    files: int


def require_there(archive: Path, files: Collection[str]) -> None:
    """Raises UsageError if not one folder of these files is there, ArchiveUnwritable."""
    if not files:
        return
    if not any(path_in_archive(archive, name).parent.is_dir() for name in files):
        raise UsageError(
            f"no folder of the {len(files)} WARC files in question is in {archive};"
            " is WINNOW_ARCHIVE_DIR right?"
        )
    local_folder.require_writable(archive)


def clear(database: Database, archive: Path, erasure: Erasure, hold: SiteHold | None) -> Cleared:
    """Takes the records out of the archive and notes that the erasure is done.

    Besides the files that the database knows of, all others in the site's folders are looked
    through: records of killed runs and of pruned copies have no row. Without `hold` the site is
    not in the database any more, so nothing works on it. Raises UsageError if the archive is not
    there, ArchiveError, and WinnowError if a part of a file cannot be read.
    """
    known: dict[str, list[Place]] = defaultdict(list)
    for record in erasure.records:
        known[record.file].append(Place(record.offset, record.length))
    with database.reading() as conn:
        keys = tombstones.addresses(conn, erasure.erasure_id).keys()
        files = {*known, *targets.warc_files(conn, erasure.site)}
    require_there(archive, files)

    def goes(target: str) -> bool:
        try:
            return url_key(target) in keys
        except ValueError:
            return False  # no web address: no page of ours

    records, changed = 0, 0
    unreadable: list[str] = []
    for name in sorted({*files, *_all_in_folders(archive, files, erasure.site)}):
        if hold is not None:
            hold.renew()
        found = blank(path_in_archive(archive, name), goes, known.get(name, ()))
        records += found.records
        changed += found.records > 0
        unreadable += [f"{name} at {place.offset}" for place in found.unreadable]
    if unreadable:
        more = f" and {len(unreadable) - 1} other places" if unreadable[1:] else ""
        raise WinnowError(
            f"{erasure.url}: the rest is done, but {unreadable[0]}{more} cannot be read, and may"
            " hold it: mend or remove the file, then type the command again"
        )
    now = utc_now()
    database.patiently(lambda conn: tombstones.finish(conn, erasure.erasure_id, now))
    return Cleared(records, changed)


def _all_in_folders(archive: Path, files: set[str], site: str) -> Iterator[str]:
    """Names of all WARC files in the folders of a site, which may have had another name."""
    for folder in sorted({site, *(PurePosixPath(name).parts[0] for name in files)}):
        for path in path_in_archive(archive, folder).rglob("*.warc.gz"):
            yield path.relative_to(archive.resolve()).as_posix()
