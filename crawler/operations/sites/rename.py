"""`scrapy sites rename`: a site's file and its row in the database get another name together.

The file first goes out of the way, to `OLD.toml.to-NEW`, which nothing visits. Then the row is
renamed, and then the file arrives. A kill in between leaves a site without a file, never one that
is visited under a name that its articles do not have; the same command goes on from there.
"""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from crawler.operations.command import EXIT_OK, WinnowCommand
from crawler.operations.sites.subcommand import Subcommand, Words, sites_folder, tell
from models.errors import UnknownSite, UsageError

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from models.db.database import Database

_HELD: Final = timedelta(minutes=5)  # no run begins meanwhile


@dataclass(frozen=True, slots=True)
class _Files:
    """Where the site's file is, was and will be."""

    folder: Path
    old: str
    new: str

    @property
    def before(self) -> Path:
        return self.folder / f"{self.old}.toml"

    @property
    def between(self) -> Path:
        return self.folder / f"{self.old}.toml.to-{self.new}"

    @property
    def after(self) -> Path:
        return self.folder / f"{self.new}.toml"

    @property
    def is_begun(self) -> bool:
        """Whether this command was killed before."""
        return self.between.exists()

    @property
    def by_hand(self) -> bool:
        """Whether somebody has renamed the file alone."""
        return not self.is_begun and not self.before.exists() and self.after.exists()


def _rename(command: WinnowCommand, args: Words, opts: argparse.Namespace) -> int:
    if len(args) != 2:
        raise UsageError("which site, and which name? type: scrapy sites rename OLD NEW")
    files = _Files(sites_folder(command), *args)
    _require_names(files)
    database = command.database()
    is_missing = database.is_missing
    database.close()
    if is_missing:
        _require_file(files)
        _move(files)
    else:
        with command.ready_database(writes=True) as there, _held(there, files) as site_id:
            _move(files, there, site_id)
    document = {"site": files.new, "site_before": files.old}
    tell(command, opts, f"{files.old} is {files.new} from now on, with all its articles", document)
    return EXIT_OK


def _require_names(files: _Files) -> None:
    """Raises UsageError for a name that is none or taken, UnknownSite for no site."""
    from models.sites.config import NAME, load_site

    if not NAME.fullmatch(files.new):
        raise UsageError(
            f"{files.new!r} is no site name; write lower-case letters, digits, - and _"
        )
    if files.old == files.new:
        raise UsageError(f"{files.old!r} is its name already; give another name")
    there = [path for path in (files.before, files.between, files.after) if path.exists()]
    if len(there) > 1:
        named = " and ".join(path.name for path in there)
        raise UsageError(f"there are {named} in {files.folder} already; give another name")
    if not there or not NAME.fullmatch(files.old):
        load_site(files.folder, files.old)  # raises: it says which name is near


def _require_file(files: _Files) -> None:
    """Without a database, only a file can be renamed. Raises UnknownSite."""
    from models.sites.config import load_site

    if files.by_hand:
        load_site(files.folder, files.old)


@contextmanager
def _held(database: "Database", files: _Files) -> "Iterator[int | None]":
    """Its number, with no run on the site until the end; None if the database does not know it.

    Raises UsageError if the new name is taken, SiteBusy while a run holds the site.
    """
    from models.clock import utc_now
    from models.db.owners import new_owner
    from models.sites import leases

    owner, now = new_owner(), utc_now()

    def hold(conn: "Connection") -> int | None:
        site_id = _number(conn, files)
        if site_id is not None:
            for kind in leases.LEASE_KINDS:
                leases.acquire(conn, site_id, kind, owner, None, now + _HELD, now)
        return site_id

    site_id = database.write_when_there(hold)
    try:
        yield site_id
    finally:
        database.write_when_there(lambda conn: leases.release_all(conn, owner))


def _number(conn: "Connection", files: _Files) -> int | None:
    """The row that gets the new name, if there is one. Raises UsageError and UnknownSite."""
    from models.sites import registry

    old, new = (registry.number_of(conn, name) for name in (files.old, files.new))
    if new is not None and (old is not None or not files.is_begun):
        if old is None and files.by_hand:
            raise UnknownSite(f"no site {files.old!r} in files or database; {files.new!r} is there")
        raise UsageError(
            f"the database has articles of a site {files.new!r} already; give another name"
        )
    if files.by_hand:
        _require_same(conn, files, old)
    return old


def _require_same(conn: "Connection", files: _Files, old: int | None) -> None:
    """The file was renamed by hand: its row follows, if it is of the same site."""
    from models.sites import registry
    from models.sites.config import load_site
    from models.urls import bare_host, netloc_of

    site = load_site(files.folder, files.new)
    known = registry.known_sites(conn, files.old)
    hosts = {bare_host(netloc_of(url)) for url in (site.start, *(k.start_url for k in known))}
    if old is None or len(hosts) > 1:
        load_site(files.folder, files.old)  # raises: it says which name is near


def _rename_row(conn: "Connection", site_id: int, files: _Files) -> None:
    from models.erasures import tombstones
    from models.fleet import handouts
    from models.sites import registry

    for name in (files.old, files.new):  # a worker that gets the old name finds no such site
        handouts.forget(conn, name)
    registry.rename(conn, site_id, files.new)
    tombstones.rename_site(conn, files.old, files.new)


def _move(files: _Files, database: "Database | None" = None, site_id: int | None = None) -> None:
    """The three steps, from where they are."""
    try:
        if files.before.exists():
            _retitle(files)
            files.before.rename(files.between)
        if database is not None and site_id is not None:
            database.write_when_there(partial(_rename_row, site_id=site_id, files=files))
        if files.between.exists():
            if files.after.exists():
                raise UsageError(f"{files.after} came up meanwhile; move it, and type this again")
            files.between.rename(files.after)
    except OSError as fault:
        raise UsageError(f"{files.folder} cannot be changed: {fault.strerror}") from fault


def _retitle(files: _Files) -> None:
    """Comments that `sites add` wrote name the site; others stay. Raises SiteConfigError."""
    from models.sites.file_text import read_file, write_file

    there = read_file(files.before)
    text = there.text.replace(
        f"winnow sites check {files.old}\n", f"winnow sites check {files.new}\n"
    )
    if text.startswith(f"# {files.old}: http"):
        text = f"# {files.new}: http{text.removeprefix(f'# {files.old}: http')}"
    if text != there.text:
        write_file(files.before, there.digest, text)


RENAME: Final = Subcommand("rename OLD NEW", _rename, has_json=True, has_quiet=True)
