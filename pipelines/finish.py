"""The last stage: at the end of a run, stored pages are brought up to what the site has taught."""

import logging
from collections.abc import Mapping
from functools import partial
from typing import Any, Final

from scrapy import signals
from scrapy.crawler import Crawler
from sqlalchemy import Connection

from models.articles import former_urls
from models.clock import utc_now
from models.crawl import runs
from models.items import Article
from models.memory import site_memory
from pipelines.drops import Repeated
from pipelines.duplicates.linker import Linker
from pipelines.late_refusals import LateRefusals
from pipelines.reclassify import PAGES_A_RUN, reclassify_queued
from pipelines.shared_targets import refuse_shared_targets
from pipelines.stage import Stage

PRUNE_EVERY: Final = 1_000  # pages: some 50,000 one-off texts, about 20 MB, before they go
# One page in so many, by its hash, has the memory pruned at the end of its run: to count what it
# holds takes 40 ms on a large site, more than a new page does.
PRUNES: Final = 20
READ: Final = "extract/read/"  # statistics: pages by how they were read
DISAGREED: Final = "extract/disagreed"  # of those that were read both ways
NAMED: Final = 10  # examples that a site's event names; its reader needs no more

_log = logging.getLogger(__name__)


class FinishPipeline(Stage):
    """Article -> Article, unchanged; when the run ends, pages are classified again and linked."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._pages = 0
        self._prunes = False  # at the end
        self._refused: list[dict[str, str]] = []  # pages whose memory was not followed
        self._corrupt: set[int] = set()  # keys of the memory that could not be read
        self._repeated = LateRefusals()
        crawler.signals.connect(self._dropped, signals.item_dropped)

    async def process_item(self, item: Article) -> Article:
        """Notes what a page showed of the site's memory; prunes that now and then."""
        self._pages += 1
        shown = item.observation
        self._prunes |= shown is not None and shown.page_hash % PRUNES == 0
        self._corrupt |= item.corrupt
        refused = item.classification.refused if item.classification else None
        if refused is not None and len(self._refused) < NAMED:
            self._refused.append({"url": item.page.final_url, "reason": refused})
        if self._pages % PRUNE_EVERY == 0:
            await self.writer.write(self._prune)
        return item

    def _dropped(self, exception: Exception) -> None:
        """Notes a text that was refused for its repetition."""
        if isinstance(exception, Repeated) and exception.text is not None:
            self._repeated.note(exception.text)

    async def close_spider(self) -> None:
        """Refuses what turned out to be no article; classifies the pages whose evidence grew.

        Then links the texts that changed by it.

        What a killed run left unlinked is linked too.
        """
        with self.at_the_end():
            await self._refuse()
            if self._pages or self._readings():
                await self.writer.write(self._note)
            if self._pages:
                await self._reclassify()
            await self.writer.write(former_urls.forget_answering)
            await Linker(self.writer, self.count).sweep()

    async def _refuse(self) -> None:
        for keys in self._repeated.texts:
            refuse = partial(self._repeated.refuse, run=self.run, keys=keys, now=utc_now())
            found = await self.writer.write(refuse)
            self.count("finish/refused", len(found))
        undo = partial(refuse_shared_targets, run=self.run, now=utc_now())
        self.count("finish/refused", await self.writer.write(undo))

    async def _reclassify(self) -> None:
        run = self.run
        most = max(PAGES_A_RUN, 2 * self._pages)
        rules = run.site.extraction
        done = await reclassify_queued(self.writer, run.site_id, rules, utc_now(), most)
        self.count("reclassify/classified", done.classified)
        self.count("reclassify/changed", done.changed)
        self.count("reclassify/left", done.left)
        self.count("reclassify/unreadable", done.unreadable)

    def _prune(self, conn: Connection) -> None:
        site_memory.prune(conn, self.run.site_id, utc_now())

    def _note(self, conn: Connection) -> None:
        """What the run noticed of the site, and the memory's own housekeeping."""
        changed = site_memory.template_change(conn, self.run.site_id)
        if changed is not None:
            self._event(conn, "template changed", changed)
        if self._refused:
            in_all = self.crawler.stats.get_value("strip/refused")
            self._event(conn, "classification refused", {"pages": self._refused, "in_all": in_all})
        if self._corrupt:
            self._event(conn, "memory corrupt", {"entries": sorted(self._corrupt)[:NAMED]})
            self.count("strip/memory_corrupt", len(self._corrupt))
            _log.warning(
                "%d entries of the memory have corrupt occurrences, which are left out;"
                " to learn afresh: scrapy sites forget %s",
                len(self._corrupt),
                self.run.site.name,
            )
        disagreed = self.crawler.stats.get_value(DISAGREED, 0)
        runs.note_readings(conn, self.run.run_id, self._readings(), disagreed)
        if self._prunes:
            self._prune(conn)

    def _readings(self) -> dict[str, int]:
        """How the run's pages were read, those too that were refused later."""
        stats = self.crawler.stats.get_stats()
        return {name.removeprefix(READ): n for name, n in stats.items() if name.startswith(READ)}

    def _event(self, conn: Connection, kind: str, detail: Mapping[str, Any]) -> None:
        run = self.run
        runs.event(conn, run.site_id, run.run_id, kind, detail, utc_now())
