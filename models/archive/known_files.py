"""All WARC files that this database knows, and where each is."""

from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, exists, func, select

from models.archive.captures import CAPTURES
from models.archive.files import WARC_FILES, Whereabouts
from models.crawl.run_rows import RUNS
from models.sites.registry import SITES

_WHERE = tuple(WARC_FILES.c[name] for name in Whereabouts._fields)


class KnownFile(NamedTuple):
    """A file that captures are in, or that a run opened."""

    name: str
    run_id: int | None
    status: str | None  # of that run; None: the run was pruned
    end: int  # bytes from its start to the end of its last capture; 0: it has none
    row: Whereabouts | None  # None: it is in the local folder

    @property
    def is_over(self) -> bool:
        """Whether nobody writes it any more."""
        return self.status != "running"

    @property
    def size(self) -> int:
        """Bytes, as far as the database knows."""
        return self.end if self.row is None or self.row.bytes is None else self.row.bytes


def all_files(conn: Connection, site: str | None = None) -> list[KnownFile]:
    """The files of the archive, or those of the runs of a site, by name."""
    ends = func.max(CAPTURES.c.warc_offset + CAPTURES.c.warc_length)
    with_copies = (
        select(CAPTURES.c.warc_file, CAPTURES.c.run_id, ends.label("ends"))
        .group_by(CAPTURES.c.warc_file, CAPTURES.c.run_id)
        .subquery()
    )
    query = (
        select(with_copies, RUNS.c.status, *(one.label(f"file_{one.name}") for one in _WHERE))
        .add_columns(WARC_FILES.c.warc_file.label("has_row"))
        .select_from(with_copies)
        .join(RUNS, RUNS.c.run_id == with_copies.c.run_id)
        .join(WARC_FILES, WARC_FILES.c.warc_file == with_copies.c.warc_file, isouter=True)
    )
    if site is not None:
        query = query.join(SITES, SITES.c.site_id == RUNS.c.site_id).where(SITES.c.name == site)
    found = [_of_copies(row) for row in conn.execute(query)]
    return sorted([*found, *without_copies(conn, site)])


def without_copies(conn: Connection, site: str | None = None) -> list[KnownFile]:
    """Files with a row that hold no capture: what they held was pruned, erased, never recorded."""
    query = (
        select(WARC_FILES.c.warc_file, RUNS.c.status, *_WHERE)
        .join(RUNS, RUNS.c.run_id == WARC_FILES.c.run_id, isouter=True)
        .where(~exists().where(CAPTURES.c.warc_file == WARC_FILES.c.warc_file))
        .order_by(WARC_FILES.c.warc_file)
    )
    if site is not None:
        query = query.join(SITES, SITES.c.site_id == RUNS.c.site_id).where(SITES.c.name == site)
    return [
        KnownFile(row[0], row.run_id, row.status, 0, Whereabouts(*row[2:]))
        for row in conn.execute(query)
    ]


def _of_copies(row: Row[Any]) -> KnownFile:
    where = Whereabouts(*(getattr(row, f"file_{name}") for name in Whereabouts._fields))
    known = None if row.has_row is None else where
    return KnownFile(row.warc_file, row.run_id, row.status, int(row.ends), known)
