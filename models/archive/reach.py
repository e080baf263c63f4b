"""Whether the WARC files of an archive can be changed from this machine."""

from collections.abc import Iterable

from models.archive import files
from models.archive.files import Whereabouts
from models.archive.known_files import KnownFile
from models.archive.places import ArchivePlaces, store_at
from models.archive.reader import path_in_archive
from models.archive.spool_host import host_of
from models.db.database import Database
from models.errors import ArchiveElsewhere


def away_at(places: ArchivePlaces, name: str, row: Whereabouts | None) -> str | None:
    """The host in whose spool the file is, or a copy of it, and which is not the folder here.

    It may be this host: its spool is another folder than the one that our settings name. None if
    there is no such file: it is here, in a store alone, or was of a local archive without a spool.
    """
    if row is None or row.moved_at is not None or row.host is None:
        return None
    return None if path_in_archive(places.local, name).is_file() else row.host


def require_reachable(
    database: Database, places: ArchivePlaces, found: Iterable[KnownFile]
) -> None:
    """Raises ArchiveElsewhere for files in other spools than ours, StoreAway, StoreRefused."""
    rows = {file.name: file.row for file in found}
    away = [name for name, row in rows.items() if away_at(places, name, row) is not None]
    with database.reading() as conn:  # some were uploaded since they were listed
        now = files.find_all(conn, away)
    for name in away:
        rows[name] = now.get(name)
        require_here(places, name, rows[name])
    for address in sorted({row.store for row in rows.values() if row and row.store}):
        store_at(address).check()


def require_here(places: ArchivePlaces, name: str, row: Whereabouts | None) -> None:
    """Raises ArchiveElsewhere if the file, or a copy of it, is in another spool than ours."""
    host = away_at(places, name, row)
    if host is None:
        return
    if host != host_of(places.local):
        raise ArchiveElsewhere(
            f"{name} is in the spool of {host}; type there: scrapy archive move, then"
            " type this again"
        )
    raise ArchiveElsewhere(
        f"{name} is not in {places.local}, where this host's files wait for their upload;"
        f" is {places.setting} right? If it is, type: scrapy archive move, then type this again"
    )
