"""Links articles to their clusters: the steps of `matching`, driven until they hold."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Final

from sqlalchemy import Connection

from models.articles import documents
from models.articles.documents import Document
from models.clock import utc_now
from models.db.writer import Writer
from models.duplicates import clusters, index
from models.duplicates.index import IndexEntry
from pipelines.duplicates import label_clusters, matching
from pipelines.duplicates.matching import LinkResult

TRIES: Final = 6  # looks at an article whose candidates change under it; a sweep tries again
BATCH: Final = 100  # pending articles that a sweep reads at once


MakeKeys = Callable[[Sequence[Document]], Awaitable[Sequence[IndexEntry]]]


async def make_keys_here(found: Sequence[Document]) -> Sequence[IndexEntry]:
    """The index entries of these articles, made in a thread of this process."""
    return await asyncio.to_thread(lambda: [matching.index_entry(one) for one in found])


class Linker:
    """Looks articles up in the index, compares them, and links what is similar."""

    def __init__(
        self,
        writer: Writer,
        count: Callable[[str], None] = lambda _name: None,
        make_keys: MakeKeys = make_keys_here,
    ) -> None:
        """`make_keys`: where the keys of many texts are made."""
        self._writer, self._count, self._make_keys = writer, count, make_keys

    async def link(self, entry: IndexEntry) -> bool:
        """Links an article, then those that were linked through its former text.

        The entry is in the index already. False if an article changed again and again.
        """
        result = await self._link(entry.article_id, entry)
        done, met = result.done, {entry.article_id}
        waiting = deque(sorted(result.requeued - met))
        while waiting:
            met.add(waiting[0])
            result = await self._link(waiting.popleft(), None)
            done = done and result.done
            waiting.extend(sorted(result.requeued - met - set(waiting)))
        return done

    async def add(self, article_ids: Sequence[int]) -> Sequence[IndexEntry]:
        """Writes the keys of these articles' current texts, in one transaction."""
        return await self.write(await self.prepare(article_ids))

    async def prepare(self, article_ids: Sequence[int]) -> Sequence[IndexEntry]:
        """The index entries of these articles' current texts; nothing is written."""
        found = await self._writer.read(partial(documents.load, article_ids=article_ids))
        return await self._make_keys([found[article_id] for article_id in sorted(found)])

    async def write(self, entries: Sequence[IndexEntry]) -> Sequence[IndexEntry]:
        """Writes what was prepared, in one transaction; returns what was written.

        The keys of a text that is no longer the current one are made again.
        """
        ids = [entry.article_id for entry in entries]
        current = await self._writer.read(partial(documents.revisions, article_ids=ids))
        old = [one.article_id for one in entries if one.revision != current.get(one.article_id)]
        made = {entry.article_id: entry for entry in entries}
        for article_id in old:
            del made[article_id]
            entry = await self._entry(article_id)
            if entry is not None:
                made[article_id] = entry

        def write(conn: Connection) -> None:
            for entry in made.values():
                index.add(conn, entry, ())

        await self._writer.write(write)
        return list(made.values())

    async def sweep(self) -> None:
        """Links what is pending, and elects the originals of large clusters."""
        after = 0
        while batch := await self._writer.read(partial(index.pending, after=after, limit=BATCH)):
            for article_id in batch:
                entry = await self._entry(article_id)
                if entry is not None:
                    await self.link(entry)
            after = batch[-1]
        after = 0
        while due := await self._writer.read(partial(clusters.due, after=after, limit=BATCH)):
            for cluster_id in due:
                now = utc_now()
                label = partial(label_clusters.label_due_cluster, cluster_id=cluster_id, now=now)
                await self._writer.write(label)
            after = due[-1]

    async def _link(self, article_id: int, entry: IndexEntry | None) -> LinkResult:
        for _ in range(TRIES):
            entry = entry or await self._entry(article_id)
            if entry is None:
                return LinkResult(done=True)
            found = await self._writer.read(partial(matching.find_candidates, entry=entry))
            entry = None
            if found is None:
                continue
            comparison = await asyncio.to_thread(matching.compare_all, found)
            now = utc_now()
            work = partial(matching.link, comparison=comparison, now=now)
            result = await self._writer.write(work)
            if result.done:
                self._count("dedup/similar" if comparison.similar else "dedup/alone")
                return result
        self._count("dedup/left_for_the_sweep")
        return LinkResult(done=False)

    async def _entry(self, article_id: int) -> IndexEntry | None:
        """The entry of an article's current text; None where there is no such article."""
        found = await self._writer.read(partial(documents.load, article_ids=[article_id]))
        if article_id not in found:
            return None
        return await asyncio.to_thread(matching.index_entry, found[article_id])
