"""`scrapy sites remove NAME --articles`: asked once, then the site goes with all that is of it."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from crawler.operations.command import EXIT_OK, WinnowCommand
from crawler.operations.progress_line import ProgressLine
from crawler.operations.sites.removed_file import is_removed, removable, take_away
from crawler.operations.sites.subcommand import sites_folder, tell
from models.errors import UsageError

if TYPE_CHECKING:
    from crawler.operations.site_removal import Removed
    from models.db.database import Database
    from models.erasures.site_removal import SiteRows

_NAMED: Final = 3  # files that stay


def remove_with_articles(command: WinnowCommand, name: str, opts: argparse.Namespace) -> int:
    """Removes a site's file, its rows and its copies in the archive, or goes on with that.

    Raises UnknownSite, UsageError without --yes where nobody can be asked, SiteBusy.
    """
    folder = sites_folder(command)
    database = command.database()
    is_missing = database.is_missing
    database.close()
    if is_missing:
        _tell(command, opts, name, take_away(removable(folder, name)), None)
        return EXIT_OK
    with command.ready_database(writes=True) as there:
        _remove(command, there, name, opts)
    return EXIT_OK


def _remove(
    command: WinnowCommand, database: "Database", name: str, opts: argparse.Namespace
) -> None:
    from crawler.operations import site_removal
    from crawler.operations.erase_archive import require_there
    from crawler.operations.site_hold import held
    from crawler.runs.start import close_dead_runs
    from models.archive.places import ArchivePlaces
    from models.erasures.site_removal import count
    from models.sites import registry

    folder, places = sites_folder(command), ArchivePlaces.of(command.project)
    with database.reading() as conn:
        site_id = registry.number_of(conn, name)
        rows = None if site_id is None else count(conn, site_id)
    if site_id is None or rows is None:
        if not (folder / f"{name}.toml").exists() and is_removed(folder, name):
            left = site_removal.tidy(places, {name})
            _tell(command, opts, name, None, site_removal.Removed(files_left=left))
            return
        _tell(command, opts, name, take_away(removable(folder, name)), None)
        return
    require_there(database, places, name)
    if not opts.yes:
        _ask(name, rows)
        with database.reading() as conn:
            if registry.number_of(conn, name) != site_id:
                raise UsageError(f"{name} was removed meanwhile by another process")
    close_dead_runs(database, places)
    with held(database, site_id, name) as hold:
        require_there(database, places, name)  # what a run left since
        path = folder / f"{name}.toml"
        kept = take_away(path) if path.exists() else None  # first: nothing visits it any more
        line = ProgressLine(is_quiet=command.is_quiet)
        try:
            gone = site_removal.remove(database, places, hold, line.show)
        finally:
            line.clear()
    _tell(command, opts, name, kept, gone)


def _ask(name: str, rows: "SiteRows") -> None:
    """Raises UsageError unless a person at a terminal types the site's name."""
    what = (
        f"removes {_many(rows.articles, 'article')} of {name} for good, with"
        f" {_many(rows.captures, 'copy', 'copies')} in the archive,"
        f" {_many(rows.urls, 'address', 'addresses')} and {_many(rows.runs, 'run')}"
    )
    if not (sys.stdin and sys.stdin.isatty() and sys.stderr.isatty()):
        raise UsageError(f"this {what}; if you mean it, add --yes")
    print(f"This {what}.\nType the site's name to go on: ", end="", file=sys.stderr, flush=True)
    if sys.stdin.readline().strip() != name:
        raise UsageError(f"that is not {name!r}; nothing was removed")


def _tell(
    command: WinnowCommand,
    opts: argparse.Namespace,
    name: str,
    kept: Path | None,
    gone: "Removed | None",
) -> None:
    from dataclasses import asdict

    from crawler.operations.site_removal import Removed

    went = Removed() if gone is None else gone
    document: dict[str, Any] = {
        "site": name, "file": None if kept is None else str(kept), "articles": 0,
        "removed": asdict(went),
    }  # fmt: skip
    tell(command, opts, "\n".join(_lines(name, kept, went)), document)


def _lines(name: str, kept: Path | None, gone: "Removed") -> list[str]:
    if not (kept or gone.articles or gone.urls or gone.runs):
        lines = [f"{name} was removed before; nothing of it is in the database"]
    else:
        lines = [
            f"{name} is removed: {_many(gone.articles, 'article')},"
            f" {_many(gone.urls, 'address', 'addresses')}, {_many(gone.runs, 'run')},"
            f" {_many(gone.files, 'WARC file')} of {gone.bytes / 10**6:.1f} MB"
        ]
    if kept is not None:
        lines.append(f"nothing is fetched, its file is {kept} now; no tombstones keep it away")
    if left := gone.files_left:
        few = ", ".join(left[:_NAMED]) + (", ..." if left[_NAMED:] else "")
        lines.append(
            f"{_many(len(left), 'WARC file')} in its folder without a copy that this database"
            f" knows: left alone: {few}"
        )
    return lines


def _many(number: int, what: str, several: str | None = None) -> str:
    return f"{number} {what if number == 1 else several or what + 's'}"
