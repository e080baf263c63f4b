"""What waits in spools for its upload, as people read it."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.exc import DBAPIError

from crawler.reports.text_tables import format_time
from models.archive.places import ArchivePlaces
from models.archive.spool_host import host_of
from models.db.database import Database
from models.monitoring import spools
from models.monitoring.spools import Spool


def read(database: Database) -> Sequence[Spool]:
    """The spools in which something waits; none for an account that sees the views alone."""
    try:
        with database.reading() as conn:
            return spools.waiting(conn)
    except DBAPIError as fault:
        if "denied" in str(fault.orig):
            return ()
        raise


def warnings(found: Sequence[Spool], now: datetime) -> list[str]:
    """A line for each spool that a person should look after."""
    return [spool_line(spool) for spool in found if spool.is_late(now)]


def refused_here(database: Database, places: ArchivePlaces) -> list[str]:
    """A line if the store did not take what waits in the spool of this host."""
    if places.store is None:
        return []
    here = host_of(places.local)
    return [spool_line(one) for one in read(database) if one.fault and one.host == here]


def spool_line(spool: Spool) -> str:
    """What waits in the spool of a host, why, and what to type."""
    why = "" if spool.fault is None else f" ({spool.fault})"
    several = "file waits" if spool.files == 1 else "files wait"
    return (
        f"spool of {spool.host}: {spool.files} {several} for the upload since"
        f" {format_time(spool.since)}, {file_size(spool.bytes)}{why};"
        " type there: scrapy archive move"
    )


def file_size(size: int) -> str:
    """Bytes in the unit that people read."""
    if size < 10**6:
        return f"{size / 1000:.1f} kB"
    return f"{size / 10**6:.1f} MB" if size < 10**9 else f"{size / 10**9:.1f} GB"
