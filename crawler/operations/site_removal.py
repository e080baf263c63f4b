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

from crawler.operations import erase_archive
from crawler.operations.site_hold import SiteHold
from models.archive import local_folder
from models.archive.blanking import UNFINISHED
from models.archive.emptied import emptied_files
from models.archive.reader import path_in_archive
from models.clock import utc_now
from models.db.database import Database
from models.erasures import site_removal, targets

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


def remove(database: Database, archive: Path, hold: SiteHold, progress: Progress) -> Removed:
    """Removes all that is of a site that is held; returns what went in this call.

    Raises ArchiveUnwritable, and SiteBusy if another run took the site over.
    """
    gone, pace = Removed(), _Pace(hold)
    with database.reading() as conn:
        files = targets.warc_files(conn, hold.site)
    while articles := database.patiently(partial(_remove_articles, site_id=hold.site_id)):
        gone.articles += articles
        pace.keep_up()
        progress(f"articles removed: {gone.articles}")
    _remove_files(archive, files, gone)
    while urls := database.patiently(partial(site_removal.remove_urls, site_id=hold.site_id)):
        gone.urls += urls
        pace.keep_up()
        progress(f"articles removed: {gone.articles}, addresses: {gone.urls}")
    while runs := database.patiently(partial(site_removal.remove_runs, site_id=hold.site_id)):
        gone.runs += runs
        pace.keep_up()
    database.patiently(partial(site_removal.remove_site, site_id=hold.site_id))
    database.forget_deleted()
    gone.files_left = tidy(archive, {hold.site, *(Path(name).parts[0] for name in files)})
    return gone


def require_archive(database: Database, archive: Path, site: str) -> None:
    """Raises UsageError if the site's WARC files are not in this archive, ArchiveUnwritable."""
    with database.reading() as conn:
        files = targets.warc_files(conn, site)
    erase_archive.require_there(archive, files)


def tidy(archive: Path, sites: set[str]) -> list[str]:
    """Removes empty folders of sites that are gone; returns the WARC files that still are there."""
    left: list[str] = []
    for site in sorted(sites):
        home = path_in_archive(archive, site)
        for folder in [*sorted(home.glob("*/")), home]:
            with suppress(OSError):  # there is something in it, or it is not there
                folder.rmdir()
        left += [path.relative_to(archive.resolve()).as_posix() for path in home.rglob("*.warc.gz")]
    return sorted(left)


def _remove_articles(conn: Connection, site_id: int) -> int:
    """Removes the next articles, with their parts in clusters; returns how many."""
    from pipelines.duplicates.label_clusters import leave_clusters  # the extractors take a second

    articles, now = site_removal.some_articles(conn, site_id), utc_now()
    if articles:
        leave_clusters(conn, list(articles), now)
        site_removal.remove_some(conn, articles, now)
    return len(articles)


def _remove_files(archive: Path, files: list[str], gone: Removed) -> None:
    """Removes WARC files, with what a killed erasure left beside them, and those without content.

    Each is of one run, so nothing of another site is in it.
    """
    with local_folder.writing_in(archive):
        homes = sorted({Path(name).parts[0] for name in files})
        emptied = [name for home in homes for name in emptied_files(archive, files, home)]
        for name in [*files, *emptied]:
            path = path_in_archive(archive, name)
            path.with_name(path.name + UNFINISHED).unlink(missing_ok=True)
            if path.exists():
                gone.bytes += path.stat().st_size
                gone.files += 1
                path.unlink(missing_ok=True)


class _Pace:
    """Holds the site for as long as the work takes."""

    def __init__(self, hold: SiteHold) -> None:
        self._hold, self._since = hold, monotonic()

    def keep_up(self) -> None:
        """To be called after each batch."""
        if monotonic() - self._since > _RENEWED:
            self._hold.renew()
            self._since = monotonic()
