"""Whether the WARC files of an archive can be changed from this machine."""

from collections.abc import Iterable

from models.archive.files import Whereabouts
from models.archive.known_files import KnownFile
from models.archive.places import ArchivePlaces, store_at
from models.archive.reader import path_in_archive
from models.db.owners import this_host
from models.errors import ArchiveElsewhere


def other_host(places: ArchivePlaces, name: str, row: Whereabouts | None) -> str | None:
    """The host in whose spool the file is, or a copy of it; None if it is not another's."""
    if row is None or row.moved_at is not None or row.host in {None, this_host()}:
        return None
    return None if path_in_archive(places.local, name).is_file() else row.host


def require_reachable(places: ArchivePlaces, found: Iterable[KnownFile]) -> None:
    """Raises ArchiveElsewhere for files in the spools of other hosts, StoreAway, StoreRefused."""
    stores = set()
    for file in found:
        host = other_host(places, file.name, file.row)
        if host is not None:
            raise ArchiveElsewhere(
                f"{file.name} is in the spool of {host}; type there: scrapy archive move, then"
                " type this again"
            )
        if file.row is not None and file.row.store is not None:
            stores.add(file.row.store)
    for address in sorted(stores):
        store_at(address).check()
