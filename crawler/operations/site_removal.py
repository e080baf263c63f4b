"""A site removed with all of its articles: rows, copies in the archive, what it taught.

Articles go first, so that readers hear of them soonest; then the WARC files, then the rows that
name these. A kill at any moment leaves rows by which the next removal goes on.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Final

from sqlalchemy import Connection

from crawler.operations.site_hold import SiteHold
from models.archive import files as warc_files
from models.archive import local_folder
from models.archive.emptied import emptied_files
from models.archive.known_files import all_files
from models.archive.places import ArchivePlaces, store_at
from models.archive.reader import path_in_archive
from models.archive.removing import remove_file
from models.archive.stores import clear_unfinished
from models.clock import utc_now
from models.db.database import Database
from models.erasures import site_removal

_RENEWED: Final = 30.0  # seconds after which the site is held anew

Progress = Callable[[str], None]


@dataclass(slots=True)
class Removed:
    """What went, by number."""

    articles: int = 0
    urls: int = 0
    runs: int = 0
    files: int = 0  # of the archive
    bytes: int = 0  # of these files
    files_left: list[str] = field(default_factory=list)  # in its folder, not of this database


def remove(
    database: Database, places: ArchivePlaces, hold: SiteHold, progress: Progress
) -> Removed:
    """Removes all that is of a site that is held; returns what went in this call.

    Raises ArchiveUnwritable, StoreAway, StoreRefused, and SiteBusy if another run took the site
    over.
    """
    gone, pace = Removed(), _Pace(hold)
    with database.reading() as conn:
        files = [file.name for file in all_files(conn, hold.site)]
    while articles := database.patiently(partial(_remove_articles, site_id=hold.site_id)):
        gone.articles += articles
        pace.keep_up()
        progress(f"articles removed: {gone.articles}")
    _remove_files(database, places, files, gone, pace)
    while urls := database.patiently(partial(site_removal.remove_urls, site_id=hold.site_id)):
        gone.urls += urls
        pace.keep_up()
        progress(f"articles removed: {gone.articles}, addresses: {gone.urls}")
    database.patiently(lambda conn: warc_files.forget(conn, files))  # by its runs they are found
    while runs := database.patiently(partial(site_removal.remove_runs, site_id=hold.site_id)):
        gone.runs += runs
        pace.keep_up()
    database.patiently(partial(site_removal.remove_site, site_id=hold.site_id))
    database.forget_deleted()
    gone.files_left = tidy(places, {hold.site, *(Path(name).parts[0] for name in files)})
    return gone


def tidy(places: ArchivePlaces, sites: set[str]) -> list[str]:
    """Removes empty folders of sites that are gone; returns the WARC files that still are there."""
    left: list[str] = []
    for site in sorted(sites):
        home = path_in_archive(places.local, site)
        for folder in [*sorted(home.glob("*/")), home]:
            with suppress(OSError):  # there is something in it, or it is not there
                folder.rmdir()
        root = places.local.resolve()
        left += [path.relative_to(root).as_posix() for path in home.rglob("*.warc.gz")]
        if places.store:
            left += store_at(places.store).names(site)
    return sorted(set(left))


def _remove_articles(conn: Connection, site_id: int) -> int:
    """Removes the next articles, with their parts in clusters; returns how many."""
    from pipelines.duplicates.label_clusters import leave_clusters  # the extractors take a second

    articles, now = site_removal.some_articles(conn, site_id), utc_now()
    if articles:
        leave_clusters(conn, list(articles), now)
        site_removal.remove_some(conn, articles, now)
    return len(articles)


def _remove_files(
    database: Database, places: ArchivePlaces, files: list[str], gone: Removed, pace: "_Pace"
) -> None:
    """Removes WARC files, with what a killed erasure left beside them, and those without content.

    Each is of one run, so nothing of another site is in it.
    """
    with local_folder.writing_in(places.local):
        clear_unfinished(places.local)
        homes = sorted({Path(name).parts[0] for name in files})
        emptied = [name for home in homes for name in emptied_files(places.local, files, home)]
        for name in [*files, *emptied]:
            size = remove_file(database, places, name)
            if size is not None:
                gone.bytes += size
                gone.files += 1
            pace.keep_up()


class _Pace:
    """Holds the site for as long as the work takes."""

    def __init__(self, hold: SiteHold) -> None:
        self._hold, self._since = hold, monotonic()

    def keep_up(self) -> None:
        """To be called after each batch."""
        if monotonic() - self._since > _RENEWED:
            self._hold.renew()
            self._since = monotonic()
