"""Pages judged again from what is stored, once the site has taught more; nothing is fetched.

Two lists say which: pages whose own evidence grew (`unsettled`), and all articles of the site
when the places that most pages share are used otherwise than at the last pass over them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Final

from sqlalchemy import Connection

from models.articles import articles
from models.articles.rows import StoredArticle
from models.db.writer import Writer
from models.items import Observation
from models.memory import reclassify_queue, site_memory
from models.memory.reclassify_queue import Progress, QueuedPage
from models.sites.config import ExtractionRules
from pipelines.reclassify import SecondLook

PAGES_A_RUN: Final = 5_000  # some 20 s; the rest waits for the next run
# Up to so many articles of a site, whatever the memory learned has all of them judged again: some
# 2 s, for which the order of pages cannot matter at all. Past it, only what moves many verdicts.
EXACT: Final = 500
BATCH: Final = 50  # pages read at a time: their blocks are some MB


@dataclass(slots=True)
class Settled:
    """What came of judging again."""

    judged: int = 0
    changed: int = 0  # now another text or other reasons
    left: int = 0  # pages that wait for the next run
    unreadable: int = 0
    seen: set[int] = field(default_factory=set, repr=False)  # article_ids


async def settle(
    writer: Writer,
    site_id: int,
    rules: ExtractionRules,
    now: datetime,
    most: int,
) -> Settled:
    """Judges at most `most` pages of a site again; the same revisions get their new texts."""
    work = _Work(writer, site_id, rules, now)
    await work.listed(most)
    await work.all_articles(most)
    work.done.left = await writer.read(lambda conn: reclassify_queue.count(conn, site_id))
    return work.done


async def settle_all(
    writer: Writer,
    site_id: int,
    rules: ExtractionRules,
    now: datetime,
    wanted: Callable[[Observation], bool],
) -> Settled:
    """Judges every article of a site that is wanted again, however long it takes."""
    work = _Work(writer, site_id, rules, now, wanted)
    await work.every_article()
    return work.done


class _Work:
    """One settling: what it has looked up, and what came of it so far."""

    def __init__(
        self,
        writer: Writer,
        site_id: int,
        rules: ExtractionRules,
        now: datetime,
        wanted: Callable[[Observation], bool] | None = None,
    ) -> None:
        self.done = Settled()
        self._writer, self._site_id, self._now = writer, site_id, now
        self._look = SecondLook(site_id, rules, wanted)

    async def listed(self, most: int | None) -> None:
        """Judges the pages on the site's list."""
        after = -1
        while most is None or self.done.judged < most:
            batch = await self._writer.read(partial(self._next, after))
            if not batch:
                return
            pages = [entry.page for entry in batch]
            await self._judge(await self._writer.read(partial(_of_urls, pages)))
            await self._writer.write(partial(self._settled, batch))
            after = pages[-1]

    async def all_articles(self, most: int | None) -> None:
        """Judges all articles if the places have moved since the last pass, or goes on with it."""
        before, digest = await self._writer.read(self._standing)
        if before.after_id is not None:
            await self.articles_after(before.after_id, before.digest, most)
        elif before.digest != digest:
            await self.articles_after(0, digest, most)

    async def every_article(self) -> None:
        """Judges all articles, whatever list they stand on."""
        after_id = 0
        while found := await self._writer.read(partial(self._articles, after_id)):
            await self._judge(found)
            after_id = found[-1].article_id

    def _standing(self, conn: Connection) -> tuple[Progress, str]:
        """How far the site's articles were judged, and by what they would be now."""
        exact = articles.count(conn, self._site_id, EXACT + 1) <= EXACT
        now = site_memory.state_digest(conn, self._site_id, exact=exact)
        return reclassify_queue.progress(conn, self._site_id), now

    async def articles_after(self, after_id: int, digest: str, most: int | None) -> None:
        """Judges the articles after `after_id`, and notes how far it came."""
        while most is None or self.done.judged < most:
            found = await self._writer.read(partial(self._articles, after_id))
            await self._judge([article for article in found if not self._has_seen(article)])
            came_to = Progress(digest, found[-1].article_id if found else None)
            await self._writer.write(partial(self._move, came_to))
            if came_to.after_id is None:
                return
            after_id = came_to.after_id

    async def _judge(self, stored: Sequence[StoredArticle]) -> None:
        self.done.seen.update(article.article_id for article in stored)
        self.done.judged += len(stored)
        otherwise = await self._writer.read(partial(self._otherwise, stored))
        if otherwise:
            self.done.changed += await self._writer.write(partial(self._apply, otherwise))
        self.done.unreadable = self._look.unreadable

    def _otherwise(self, stored: Sequence[StoredArticle], conn: Connection) -> list[int]:
        return self._look.otherwise(conn, stored)

    def _apply(self, article_ids: Sequence[int], conn: Connection) -> int:
        return self._look.apply(conn, article_ids, self._now)

    def _has_seen(self, article: StoredArticle) -> bool:
        return article.article_id in self.done.seen

    def _next(self, after: int, conn: Connection) -> list[QueuedPage]:
        return reclassify_queue.next_pages(conn, self._site_id, BATCH, after)

    def _settled(self, batch: Sequence[QueuedPage], conn: Connection) -> None:
        reclassify_queue.dequeue(conn, self._site_id, batch)

    def _articles(self, after_id: int, conn: Connection) -> list[StoredArticle]:
        return articles.articles_of(conn, self._site_id, after_id, BATCH)

    def _move(self, to: Progress, conn: Connection) -> None:
        reclassify_queue.set_progress(conn, self._site_id, to)


def _of_urls(pages: Sequence[int], conn: Connection) -> list[StoredArticle]:
    return articles.of_urls(conn, pages)
