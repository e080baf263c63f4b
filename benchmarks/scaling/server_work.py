"""What a server of PostgreSQL has done so far: transactions, rows, log, CPU."""

import os
import time
from contextlib import suppress
from pathlib import Path
from typing import Final

from sqlalchemy import text

from models.db.database import Database

_COUNTED: Final = text(
    "SELECT xact_commit, tup_inserted, tup_updated, tup_deleted, tup_fetched,"
    " pg_snapshot_xmax(pg_current_snapshot())::text::bigint AS written,"
    " pg_current_wal_lsn() - '0/0'::pg_lsn AS wal, pg_backend_pid() AS pid"
    " FROM pg_stat_database WHERE datname = current_database()"
)
_OTHERS: Final = text(
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    " AND backend_type = 'client backend'"
)


def counted(database: Database) -> dict[str, float]:
    """Counts of the whole database; a server process reports its counts when it ends."""
    with database.reading() as conn:
        while conn.scalar(_OTHERS):
            time.sleep(0.01)
        row = conn.execute(_COUNTED).one()
    return {
        "transactions": int(row.xact_commit),
        "inserted": int(row.tup_inserted),
        "updated": int(row.tup_updated),
        "deleted": int(row.tup_deleted),
        "fetched": int(row.tup_fetched),
        "wal": int(row.wal),
        "written": int(row.written),
        "server_cpu": _server_cpu(row.pid),
    }


def _server_cpu(backend: int) -> float:
    """Seconds of CPU of all processes of the server, ended ones too; 0 if it is not here."""
    if not Path(f"/proc/{backend}").exists():
        return 0.0
    server = _stat(backend)[1]
    ticks = sum(int(field) for field in _stat(int(server))[11:15])  # its own, and its ended ones'
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(FileNotFoundError, ProcessLookupError):  # it ended meanwhile
            stat = _stat(int(process.name))
            ticks += (int(stat[11]) + int(stat[12])) if stat[1] == server else 0
    return ticks / os.sysconf("SC_CLK_TCK")


def _stat(pid: int) -> list[str]:
    """The fields of /proc/PID/stat behind the name, the third on."""
    return Path(f"/proc/{pid}/stat").read_text("ascii", "replace").rpartition(")")[2].split()
