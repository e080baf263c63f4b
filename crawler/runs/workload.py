"""How much a re-extraction has to read: asked once, at its start."""

from collections.abc import Sequence
from functools import partial
from typing import Final, NamedTuple

from scrapy.settings import BaseSettings
from sqlalchemy import Connection

from crawler.runs.selection import Selection
from models.archive import copies_to_read
from models.crawl.run import Run
from models.db.writer import Writer
from models.sites import registry

LATER_SITES: Final = "LATER_SITES"  # setting: names of the sites whose runs follow in this process


class Workload(NamedTuple):
    """As of SourceReport; 0: not counted."""

    to_read: int = 0
    later: int = 0
    later_sites: int = 0


async def workload(
    writer: Writer,
    settings: BaseSettings,
    run: Run,
    selection: Selection,
    *,
    before: Sequence[int],
    limit: int,
) -> Workload:
    """The captures of this run and of those that follow; `before`: runs that did a part of it.

    For a pattern those of later sites are not counted: all their URLs would have to be read.
    """
    later = settings.getlist(LATER_SITES) if selection.match is None else []
    count = partial(_count, run=run, selection=selection, before=before, later=later, limit=limit)
    return await writer.read(count)


def _count(
    conn: Connection,
    run: Run,
    selection: Selection,
    before: Sequence[int],
    later: Sequence[str],
    limit: int,
) -> Workload:
    since, until = selection.since, selection.until
    own = copies_to_read.count(
        conn, run.site_id, before, since=since, until=until, match=selection.match
    )
    known = [number for number, name in registry.names(conn).items() if name in set(later)]
    counts = copies_to_read.counts(conn, known, since, until) if known else {}
    return Workload(min(own, limit), sum(min(one, limit) for one in counts.values()), len(counts))
