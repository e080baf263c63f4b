"""Stored pages classified again by what their site teaches now; nothing is fetched.

Which, the queue says (`reclassify_queue`): the pages that show a text or a DOM path of which the
memory knows other pages than when they were classified.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final, NamedTuple

from sqlalchemy import Connection

from models.articles import articles, classifications, known_pages
from models.blocks import Classification
from models.db.writer import Writer
from models.duplicates.index import IndexEntry
from models.evidence import PageKeys
from models.items import Extraction, KnownPage, Sketch
from models.memory import reclassify_queue
from models.memory.cache import EvidenceCache
from models.sites.config import ExtractionRules
from models.text import plain
from pipelines.boilerplate.classify import classify, decide
from pipelines.boilerplate.observation import keys_of
from pipelines.decider import stored_extraction
from pipelines.duplicates.near_key import near_key
from pipelines.duplicates.sketch import sketch
from pipelines.kept_text import kept_text, text_alone

PAGES_A_RUN: Final = 1_000  # some seconds; the rest waits for the next run
BATCH: Final = 50  # pages read at a time: their blocks are some MB
TRIES: Final = 5  # of a page that other writers change at the same time

Rows = list[tuple[int, str, str]]  # position, action, reason


@dataclass(slots=True)
class Reclassified:
    """What came of classifying pages again."""

    classified: int = 0
    changed: int = 0  # they now have another text or other reasons
    left: int = 0  # pages that wait for the next run
    unreadable: int = 0


class _Anew(NamedTuple):
    """A stored page as it reads now."""

    known: KnownPage
    extraction: Extraction
    classification: Classification
    text: str
    before: Sketch | None  # of the stored text, where the new one differs
    now: Sketch | None


async def reclassify_queued(
    writer: Writer, site_id: int, rules: ExtractionRules, now: datetime, most: int = PAGES_A_RUN
) -> Reclassified:
    """Classifies up to `most` pages of a site again; their revisions get their new texts."""
    work = _Work(writer, site_id, rules, now)
    await writer.write(partial(reclassify_queue.enqueue_changed, site_id=site_id, now=now))
    await work.queued(most)
    work.done.left = await writer.read(partial(reclassify_queue.count, site_id=site_id))
    return work.done


async def reclassify_all(
    writer: Writer,
    site_id: int,
    rules: ExtractionRules,
    now: datetime,
    wanted: Callable[[PageKeys], bool],
) -> Reclassified:
    """Classifies every article of a site again that is `wanted`, however long it takes."""
    work, after_id = _Work(writer, site_id, rules, now, wanted), 0
    while found := await work.next_articles(after_id):
        await work.classify(found)
        after_id = found[-1].article_id
    return work.done


class _Work:
    """One pass: what it has looked up, and its counts so far.

    `wanted` says which pages; without it, those whose template the memory still knows: a page
    that it has forgotten keeps what was said while it knew.
    """

    def __init__(
        self,
        writer: Writer,
        site_id: int,
        rules: ExtractionRules,
        now: datetime,
        wanted: Callable[[PageKeys], bool] | None = None,
    ) -> None:
        self.done = Reclassified()
        self._writer, self._site_id, self._now = writer, site_id, now
        self._rules, self._wanted = rules, wanted
        self._cache = EvidenceCache(site_id)

    async def queued(self, most: int) -> None:
        """Classifies the pages in the site's queue."""
        after = -1
        while self.done.classified < most:
            read = partial(
                reclassify_queue.next_pages, site_id=self._site_id, limit=BATCH, after=after
            )
            batch = await self._writer.read(read)
            if not batch:
                return
            pages = [entry.page for entry in batch]
            await self.classify(await self._writer.read(partial(_of_urls, pages)))
            remove = partial(reclassify_queue.dequeue, site_id=self._site_id, done=batch)
            await self._writer.write(remove)
            after = pages[-1]

    async def next_articles(self, after_id: int) -> list[KnownPage]:
        """The site's next articles."""
        read = partial(known_pages.of_site, site_id=self._site_id, after_id=after_id, limit=BATCH)
        return await self._writer.read(read)

    async def classify(self, known: Sequence[KnownPage]) -> None:
        """Classifies these pages, and stores those that read in another way now."""
        self.done.classified += len(known)
        found = await self._writer.read(partial(self._anew, known))
        # at once, so that they are stored in few transactions
        self.done.changed += sum(await asyncio.gather(*map(self._store, found)))

    async def _store(self, anew: _Anew) -> bool:
        """Stores a page; decided again if another writer changed it first."""
        for _ in range(TRIES):
            if await self._writer.write(partial(self._write, anew)):
                return True
            again = await self._writer.read(partial(self._again, anew.known.article_id))
            if again is None:
                return False
            anew = again
        return False  # whoever changed it has it classified again

    def _again(self, article_id: int, conn: Connection) -> _Anew | None:
        known = known_pages.get(conn, article_id)
        self._cache = EvidenceCache(self._site_id)
        return next(iter(self._anew([known], conn)), None) if known else None

    def _anew(self, known: Sequence[KnownPage], conn: Connection) -> list[_Anew]:
        """Those of the pages that read in another way now."""
        stored = classifications.load(conn, [one.article_id for one in known])
        self._cache.load(conn, [one.url_id for one in known])
        # one after the other: the blocks of many pages at once cost time in garbage collection
        found = (self._read(conn, one, stored.get(one.article_id, [])) for one in known)
        return [one for one in found if one is not None]

    def _read(self, conn: Connection, known: KnownPage, stored: Rows) -> _Anew | None:
        """The page as it reads now; None if that is how it is stored, as of most."""
        if known.refused_at is not None:
            return None
        extraction = stored_extraction(known, warn=not self.done.unreadable)
        if extraction is None:
            self.done.unreadable += known.packed is not None
            return None
        keys = keys_of(known.url_id, extraction)
        if not (self._wanted(keys) if self._wanted else self._cache.still_knows(conn, keys)):
            return None
        evidence = self._cache.evidence(conn, keys)
        decided = decide(extraction, evidence, known.url_id, self._rules)
        text = plain(kept_text(extraction, decided.keeps))
        fates = classifications.fates(extraction, decided.keeps, decided.reasons)
        same = text == known.text
        if not text or (same and fates == stored):
            return None
        found = classify(extraction, evidence, known.url_id, self._rules)
        near = near_key(known.title, text_alone(extraction), known.url)
        sketches = (
            (None, None) if same else (sketch(known.text), sketch(text)._replace(near_key=near))
        )
        return _Anew(known, extraction, found, text, *sketches)

    def _write(self, anew: _Anew, conn: Connection) -> bool:
        known, made, before = anew.known, anew.now or Sketch(None, 0, ()), anew.before
        return articles.reclassify(
            conn,
            known,
            anew.text,
            anew.classification,
            anew.extraction,
            IndexEntry(known.article_id, known.revision, *made),
            set(before.keys if before else ()).difference(made.keys),
            self._now,
        )


def _of_urls(pages: Sequence[int], conn: Connection) -> list[KnownPage]:
    return known_pages.of_urls(conn, pages)
