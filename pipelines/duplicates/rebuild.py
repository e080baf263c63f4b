"""Every article looked up again: after keys are made in a new way, or to be sure of clusters."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from functools import partial
from typing import Final, NamedTuple

from sqlalchemy import Connection

from models.articles import documents
from models.db.database import Database
from models.db.writer import Writer
from models.duplicates import clusters, index, index_version
from models.duplicates.index import IndexEntry
from models.errors import WinnowError
from pipelines.duplicates.linker import Linker, MakeKeys, make_keys_here

BATCH: Final = 100  # articles whose keys are written in one transaction


class Counts(NamedTuple):
    """What a rebuild found."""

    articles: int  # looked up by this call
    clusters: int  # of two and more, in all


class _Batch(NamedTuple):
    """Articles whose keys are being made."""

    after: int  # the last article_id
    size: int
    prepared: "asyncio.Future[Sequence[IndexEntry]]"


class RebuildFailed(WinnowError):
    """An article's candidates changed again and again while it was compared."""


def rebuild(
    database: Database,
    progress: Callable[[int, int], None],
    make_keys: MakeKeys = make_keys_here,
    ahead: int = 0,
) -> Counts:
    """Makes all keys, pairs and clusters again; resumes where an earlier call stopped.

    Calls `progress(articles done by this call, last article_id)` after each batch. Readers are
    told of what differs from before, and of no more. Raises RebuildFailed.

    `make_keys`: where the keys of texts are made; `ahead`: batches whose keys are made while an
    earlier one is linked.
    """
    writer = Writer(database)
    try:
        return asyncio.run(_rebuild(writer, progress, Linker(writer, make_keys=make_keys), ahead))
    finally:
        writer.close()


async def _rebuild(
    writer: Writer, progress: Callable[[int, int], None], linker: Linker, ahead: int
) -> Counts:
    begun, done = await writer.write(_begin), 0
    async with aclosing(_prepared(writer, linker, begun, ahead)) as batches:
        async for after, size, prepared in batches:
            for entry in await linker.write(await prepared):
                if not await linker.link(entry):
                    raise RebuildFailed(
                        f"article {entry.article_id} was changed by other runs at every attempt;"
                        " type `scrapy db rebuild-duplicates` again when they are done"
                    )
            done += size
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


async def _prepared(
    writer: Writer, linker: Linker, after: int, ahead: int
) -> AsyncGenerator[_Batch, None]:
    """The batches in their order, with those that follow being prepared."""
    waiting: deque[_Batch] = deque()
    try:
        while True:
            while len(waiting) <= ahead:
                batch = await writer.read(partial(documents.ids_after, after=after, limit=BATCH))
                if not batch:
                    break
                after = batch[-1]
                prepared = asyncio.ensure_future(linker.prepare(batch))
                waiting.append(_Batch(after, len(batch), prepared))
            if not waiting:
                return
            yield waiting.popleft()
    finally:
        for one in waiting:
            one.prepared.cancel()
