"""What waits in the spools of hosts for its upload to object storage, by host."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, func, select

from models.archive.captures import CAPTURES
from models.archive.files import WARC_FILES
from models.batches import batched
from models.crawl.run_rows import RUNS

LATE: Final = timedelta(days=1)  # after its run was over, a file should have been uploaded
REFUSED: Final = timedelta(hours=1)  # if the store did not take it, the more so
_SOME: Final = 500  # names a statement


class Spool(NamedTuple):
    """The files of one host that no run writes any more and that are not uploaded yet."""

    host: str
    files: int
    bytes: int  # as far as captures are in them
    since: datetime  # when the first of their runs was over
    fault: str | None = None  # why the store did not take one of them

    def is_late(self, now: datetime) -> bool:
        """Whether a person should look after it."""
        return now - self.since > (LATE if self.fault is None else REFUSED)


def waiting(conn: Connection) -> list[Spool]:
    """The spools in which something waits, by host."""
    over = func.coalesce(RUNS.c.finished_at, WARC_FILES.c.opened_at)  # a pruned run has no row
    files = (WARC_FILES.c[name] for name in ("warc_file", "host", "run_id", "fault"))
    query = (
        select(*files, over.label("over"))
        .join(RUNS, RUNS.c.run_id == WARC_FILES.c.run_id, isouter=True)
        .where(WARC_FILES.c.store.is_(None), WARC_FILES.c.moved_at.is_(None))
        .where((RUNS.c.status != "running") | RUNS.c.status.is_(None))
    )
    rows = conn.execute(query).all()
    sizes = _sizes(conn, sorted({row.run_id for row in rows if row.run_id is not None}))
    by_host: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        by_host[row.host or "unknown"].append(row)
    return [_spool(host, found, sizes) for host, found in sorted(by_host.items())]


def _spool(host: str, rows: Sequence[Any], sizes: Mapping[str, int]) -> Spool:
    faults = [row.fault for row in rows if row.fault is not None]
    size = sum(sizes.get(row.warc_file, 0) for row in rows)
    return Spool(host, len(rows), size, min(row.over for row in rows), max(faults, default=None))


def _sizes(conn: Connection, run_ids: list[int]) -> dict[str, int]:
    """Bytes of the files of runs, up to the end of the last capture."""
    ends = func.max(CAPTURES.c.warc_offset + CAPTURES.c.warc_length)
    found: dict[str, int] = {}
    for some in batched(run_ids, _SOME):
        query = select(CAPTURES.c.warc_file, ends).where(CAPTURES.c.run_id.in_(some))
        found |= {row[0]: int(row[1]) for row in conn.execute(query.group_by(CAPTURES.c.warc_file))}
    return found
