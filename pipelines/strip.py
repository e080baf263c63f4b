"""Stage 3: a page's blocks are judged with what its site has taught, and become its text."""

import asyncio
import logging
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from scrapy.crawler import Crawler
from sqlalchemy import Connection

from models.crawl import runs
from models.items import (
    Article,
    CaptureRef,
    Classification,
    Evidence,
    Extraction,
    Hint,
    Observation,
)
from models.memory import cache, site_memory
from models.memory.cache import EvidenceCache
from pipelines.boilerplate.classify import classify
from pipelines.boilerplate.observation import observation_of
from pipelines.drops import Blocked, NoContent, NotArticle, Paywalled
from pipelines.extract import ExtractPipeline
from pipelines.page_reader import text_of
from pipelines.reclassify_pass import PAGES_A_RUN, settle
from pipelines.refresh import catch_up
from pipelines.stage import Stage

PRUNE_EVERY: Final = (
    1_000  # pages: some 50,000 one-off texts, about 20 MB, before they are forgotten
)
TOLD: Final = 10  # examples that a site's event names; its reader needs no more

logger = logging.getLogger(__name__)


class StripPipeline(Stage):
    """Article -> Article with its text and classification, and what it teaches its site."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._memory: EvidenceCache | None = None
        self._judged = 0
        self._refused: list[dict[str, str]] = []
        self.closed = asyncio.Event()  # set when the run's last text is what it stays

    async def process_item(self, item: Article) -> Article:
        """Raises Blocked, Paywalled, NotArticle, and NoContent where nothing is left."""
        accepts = getattr(self.crawler.spider, "accepts", False)
        refuse_what_is_none(item.extraction, walls=not accepts)
        page = item.page
        learned = observation_of(page.url, page.url_id, page.fetched_at, item.extraction)
        evidence = await self.writer.read(lambda conn: self._known(conn, learned))
        classification = classify(item.extraction, evidence, page.url_id, self.run.site.extraction)
        text = text_of(item.extraction, classification)
        if not text:
            raise NoContent("nothing is left of the page's text without the site's boilerplate")
        if page.archived is None and await catch_up(
            self.writer, self._site, self.run, item, text, self._reread
        ):
            self.count("strip/overtaken")
        self._tell(item, classification)
        await self._prune_now_and_then()
        learned = replace(learned, classified_on=cache.other_pages(evidence))
        return replace(item, text=text, classification=classification, observation=learned)

    async def close_spider(self) -> None:
        """Judges again the pages whose evidence grew after they were judged."""
        try:
            await self._settle()
        finally:
            self.closed.set()

    async def _settle(self) -> None:
        if not self._judged:
            return
        await self.writer.write(self._end)
        self._warn_of_corrupt_rows()
        run, now = self.run, datetime.now(UTC)
        rules = run.site.extraction
        done = await settle(self.writer, run.site_id, rules, now, PAGES_A_RUN)
        self.count("strip/settled", done.judged)
        self.count("strip/settled_otherwise", done.changed)
        self.count("strip/settle_later", done.left)
        self.count("strip/unreadable", done.unreadable)

    def _known(self, conn: Connection, learned: Observation) -> Evidence:
        evidence = self._site.evidence(conn, learned)
        self._site.add_page(learned)
        return evidence

    @property
    def _site(self) -> EvidenceCache:
        if self._memory is None:
            self._memory = EvidenceCache(self.run.site_id)
        return self._memory

    async def _reread(self, copy: CaptureRef, hint: Hint) -> Extraction:
        extract = self.crawler.get_item_pipeline(ExtractPipeline)
        if extract is None:
            raise RuntimeError("ITEM_PIPELINES has no ExtractPipeline, which strip needs")
        return await extract.reread(copy, hint)

    def _tell(self, item: Article, classification: Classification) -> None:
        self._judged += 1
        self.count("strip/judged")
        self.count("strip/removed_blocks", sum(not v.keep for v in classification.blocks))
        restored = sum(v.keep and v.changed for v in classification.blocks)
        self.count("strip/restored_blocks", restored)
        if classification.refused is not None:
            self.count("strip/refused")
            if len(self._refused) < TOLD:
                self._refused.append({"url": item.page.final_url, "reason": classification.refused})

    async def _prune_now_and_then(self) -> None:
        if self._judged % PRUNE_EVERY == 0:
            site_id, now = self.run.site_id, datetime.now(UTC)
            await self.writer.write(lambda conn: site_memory.prune(conn, site_id, now))

    def _end(self, conn: Connection) -> None:
        """What the run noticed of the site, and the memory's own housekeeping."""
        run, now = self.run, datetime.now(UTC)
        changed = site_memory.template_change(conn, run.site_id)
        if changed is not None:
            runs.event(conn, run.site_id, run.run_id, "template changed", changed, now)
        if self._refused:
            detail = {
                "pages": self._refused,
                "in_all": self.crawler.stats.get_value("strip/refused"),
            }
            runs.event(conn, run.site_id, run.run_id, "verdict refused", detail, now)
        if self._memory is not None and self._memory.corrupt:
            detail = {"blocks_or_places": sorted(self._memory.corrupt)[:TOLD]}
            runs.event(conn, run.site_id, run.run_id, "memory corrupt", detail, now)
        site_memory.prune(conn, run.site_id, now)

    def _warn_of_corrupt_rows(self) -> None:
        unsound = self._memory.corrupt if self._memory is not None else set()
        if unsound:
            self.count("strip/memory_corrupt", len(unsound))
            logger.warning(
                "%d blocks or places of the memory have corrupt occurrences, which are left out;"
                " to learn afresh: scrapy sites forget %s",
                len(unsound),
                self.run.site.name,
            )


def refuse_what_is_none(extraction: Extraction, *, walls: bool = True) -> None:
    """Raises NoContent, Blocked, Paywalled or NotArticle where extraction found a page to be that.

    Without `walls`, what looks like one passes: a person has said that it is none.
    """
    if extraction.interstitial == "empty":
        raise NoContent("the page has no text that could be an article's")
    if walls and extraction.interstitial == "paywall":
        raise Paywalled("the page is only a call to subscribe")
    if walls and extraction.interstitial is not None:
        raise Blocked(f"the page is a {extraction.interstitial} page, not the article")
    if not extraction.is_article:
        raise NotArticle("the page lists other pages")
