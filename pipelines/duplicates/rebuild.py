"""Every article looked up again: after keys are made in a new way, or to be sure of clusters."""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Final, NamedTuple

from sqlalchemy import Connection

from models.articles import documents
from models.db.database import Database
from models.db.writer import Writer
from models.duplicates import clusters, index, index_version
from models.errors import WinnowError
from pipelines.duplicates.linker import Linker

BATCH: Final = 100  # articles whose keys are written in one transaction


class Counts(NamedTuple):
    """What a rebuild found."""

    articles: int  # looked up by this call
    clusters: int  # of two and more, in all


class RebuildFailed(WinnowError):
    """An article's candidates changed again and again while it was compared."""


def rebuild(database: Database, progress: Callable[[int, int], None]) -> Counts:
    """Makes all keys, pairs and clusters again; resumes where an earlier call stopped.

    Calls `progress(articles done by this call, last article_id)` after each batch. Readers are
    told of what differs from before, and of no more. Raises RebuildFailed.
    """
    writer = Writer(database)
    try:
        return asyncio.run(_rebuild(writer, progress))
    finally:
        writer.close()


async def _rebuild(writer: Writer, progress: Callable[[int, int], None]) -> Counts:
    linker, after, done = Linker(writer), await writer.write(_begin), 0
    while batch := await writer.read(partial(documents.ids_after, after=after, limit=BATCH)):
        for entry in await linker.add(batch):
            if not await linker.link(entry):
                raise RebuildFailed(
                    f"article {entry.article_id} was changed by other runs at every attempt;"
                    " type `scrapy db rebuild-duplicates` again when they are done"
                )
        after, done = batch[-1], done + len(batch)
        await writer.write(partial(index_version.set_progress, article_id=after))
        progress(done, after)
    await linker.sweep()
    await writer.write(partial(index_version.set_progress, article_id=None))
    return Counts(done, await writer.read(clusters.count))


def _begin(conn: Connection) -> int:
    after = index_version.begin_rebuild(conn)
    if after is None:
        index.clear_keys(conn)
        return 0
    return after
