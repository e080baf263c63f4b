"""What was last read of each long source, so that its next reading looks at what changed alone.

A reading is a digest of each entry of the source. It counts only while `basis` is the same: the
site's scope, and the way in which entries are read and stored.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, ForeignKey, delete, select

from models.db.statements import upsert
from models.db.types import UTC, Bytes, Hash, column, table
from models.sites.sources import SOURCES

READINGS: Final = table(
    "source_readings",
    column(
        "source_id",
        ForeignKey("sources.source_id"),
        primary_key=True,
        autoincrement=False,
        comment="source that was read",
    ),
    column("basis", Hash, comment="SHA-256 of the scope and the rules that it was read by"),
    column("body_hash", Hash, comment="SHA-256 of its body"),
    column("entries", Bytes, comment="16 bytes an entry: its digest, its URL's key (0: left out)"),
    column("read_at", UTC, comment="when all that it names was in the database"),
    comment="What was last read of each long source: what is the same need not be read again.",
)


@dataclass(frozen=True, slots=True)
class SeenSource:
    """What was read of a source, and by what."""

    basis: bytes  # 32 bytes
    body_hash: bytes  # 32 bytes
    entries: bytes  # 16 an entry


def find(conn: Connection, source_id: int) -> SeenSource | None:
    """The last reading of a source; None: it is to be read in full."""
    query = select(READINGS.c.basis, READINGS.c.body_hash, READINGS.c.entries)
    row = conn.execute(query.where(READINGS.c.source_id == source_id)).first()
    return None if row is None else SeenSource(*(bytes(value) for value in row))


def keep(conn: Connection, source_id: int, reading: SeenSource, now: datetime) -> None:
    """Notes what was read: for the transaction after the one that stored the last link of it."""
    row = {
        "source_id": source_id,
        "basis": reading.basis,
        "body_hash": reading.body_hash,
        "entries": reading.entries,
        "read_at": now,
    }
    upsert(conn, READINGS, [row], ["basis", "body_hash", "entries", "read_at"])


def forget(conn: Connection, source_id: int) -> None:
    """Has a source read in full next time."""
    conn.execute(delete(READINGS).where(READINGS.c.source_id == source_id))


def forget_site(conn: Connection, site_id: int) -> None:
    """Has all sources of a site read in full: URLs of it were taken out, or given up anew."""
    mine = select(SOURCES.c.source_id).where(SOURCES.c.site_id == site_id)
    conn.execute(delete(READINGS).where(READINGS.c.source_id.in_(mine)))
