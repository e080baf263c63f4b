"""The second half of an erasure: its records leave the archive, as often as it is started again."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import PurePosixPath

from crawler.operations.site_hold import SiteHold
from models.archive import files, local_folder
from models.archive.blanking import Place
from models.archive.known_files import KnownFile, all_files
from models.archive.places import ArchivePlaces, store_at
from models.archive.reach import require_reachable
from models.archive.reader import path_in_archive
from models.archive.rewriting import Records, Rewriter
from models.archive.stores import clear_unfinished
from models.archive.work_folder import work_folder
from models.clock import utc_now
from models.db.database import Database
from models.erasures import targets, tombstones
from models.erasures.tombstones import Erasure
from models.errors import StoreFault, UsageError, WinnowError
from models.urls import url_key


@dataclass(frozen=True, slots=True)
class Cleared:
    """What was taken out of the archive."""

    records: int
    files: int
    missing: tuple[str, ...] = ()  # files that a store should have, and has not

    @property
    def missing_lines(self) -> list[str]:
        """One line about these, if there are any."""
        if not self.missing:
            return []
        more = f" and {len(self.missing) - 1} more" if self.missing[1:] else ""
        return [f"missing: {self.missing[0]}{more}; what is not there holds nothing any more"]


def require_there(
    database: Database, places: ArchivePlaces, site: str, besides: Collection[str] = ()
) -> list[KnownFile]:
    """The files of a site; all of them, and those `besides`, can be changed from here.

    Raises UsageError if not one folder of its local files is there, ArchiveElsewhere for one in
    another spool than ours, StoreAway, StoreRefused, ArchiveUnwritable.
    """
    with database.reading() as conn:
        found = all_files(conn, site)
        more = sorted(set(besides).difference(file.name for file in found))
        rows = files.find_all(conn, more)
    besides_it = [KnownFile(name, None, None, 0, rows.get(name)) for name in more]
    require_reachable(database, places, [*found, *besides_it])
    if not found:
        return found
    local = [file.name for file in found if file.row is None]
    if local and not any(path_in_archive(places.local, name).parent.is_dir() for name in local):
        raise UsageError(
            f"no folder of the {len(local)} WARC files in question is in {places.local};"
            f" is {places.setting} right?"
        )
    local_folder.require_writable(places.local)
    return found


def clear(
    database: Database, places: ArchivePlaces, erasure: Erasure, hold: SiteHold | None
) -> Cleared:
    """Takes the records out of the archive and notes that the erasure is done.

    Besides the files that the database knows of, all others in the site's folders are looked
    through: records of killed runs and of pruned copies have no row. Files of a store are fetched
    one after the other. Without `hold` the site is not in the database any more, so nothing works
    on it. Raises UsageError if the archive is not there, ArchiveError, and WinnowError if a part of
    a file cannot be read.
    """
    known: dict[str, list[Place]] = defaultdict(list)
    for record in erasure.records:
        known[record.file].append(Place(record.offset, record.length))
    with database.reading() as conn:
        keys = tombstones.addresses(conn, erasure.erasure_id).keys()
        names = {*known, *targets.warc_files(conn, erasure.site)}
    names |= {file.name for file in require_there(database, places, erasure.site, names)}

    def goes(target: str) -> bool:
        try:
            return url_key(target) in keys
        except ValueError:
            return False  # no web address: no page of ours

    records, changed = 0, 0
    unreadable: list[str] = []
    with _finishing(places), work_folder(places.local) as work:
        clear_unfinished(places.local)
        rewriter = Rewriter(database, places, work)
        for name in sorted({*names, *_all_in_folders(places, names, erasure.site)}):
            if hold is not None:
                hold.renew()
            found = rewriter.blank(name, Records(goes, known.get(name, ())))
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
    return Cleared(records, changed, tuple(rewriter.missing))


@contextmanager
def _finishing(places: ArchivePlaces) -> Iterator[None]:
    """Raises WinnowError, which says how to go on, where a store fails; ArchiveUnwritable."""
    try:
        with local_folder.writing_in(places.local):
            yield
    except StoreFault as fault:
        raise WinnowError(
            f"{fault}; the rows are gone already: type the command again, and it takes out the rest"
        ) from fault


def _all_in_folders(places: ArchivePlaces, names: Collection[str], site: str) -> Iterator[str]:
    """Names of all WARC files in the folders of a site, which may have had another name."""
    root = places.local.resolve()
    for folder in sorted({site, *(PurePosixPath(name).parts[0] for name in names)}):
        for path in path_in_archive(places.local, folder).rglob("*.warc.gz"):
            yield path.relative_to(root).as_posix()
        if places.store:
            yield from store_at(places.store).names(folder)
