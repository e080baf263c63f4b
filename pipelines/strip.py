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
    Contribution,
    Evidence,
    Extraction,
    Hint,
    Judgement,
)
from models.memory import cache, site_memory
from models.memory.cache import SiteMemory
from pipelines.boilerplate.classify import judge
from pipelines.boilerplate.observation import contribution_of
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
    """Article -> Article with its text and judgement, and what it teaches its site."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._memory: SiteMemory | None = None
        self._judged = 0
        self._refused: list[dict[str, str]] = []
        self.closed = asyncio.Event()  # set when the run's last text is what it stays

    async def process_item(self, item: Article) -> Article:
        """Raises Blocked, Paywalled, NotArticle, and NoContent where nothing is left."""
        accepts = getattr(self.crawler.spider, "accepts", False)
        refuse_what_is_none(item.extraction, walls=not accepts)
        page = item.page
        learned = contribution_of(page.url, page.url_id, page.fetched_at, item.extraction)
        evidence = await self.writer.read(lambda c: self._known(c, learned))
        judgement = judge(item.extraction, evidence, page.url_id, self.run.site.extraction)
        text = text_of(item.extraction, judgement)
        if not text:
            raise NoContent("nothing is left of the page's text without the site's boilerplate")
        if page.archived is None and await catch_up(
            self.writer, self._site, self.run, item, text, self._reread
        ):
            self.count("strip/overtaken")
        self._tell(item, judgement)
        await self._prune_now_and_then()
        learned = replace(learned, judged_on=cache.others(evidence))
        return replace(item, text=text, judgement=judgement, contribution=learned)

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

    def _known(self, c: Connection, learned: Contribution) -> Evidence:
        evidence = self._site.evidence(c, learned)
        self._site.expect(learned)
        return evidence

    @property
    def _site(self) -> SiteMemory:
        if self._memory is None:
            self._memory = SiteMemory(self.run.site_id)
        return self._memory

    async def _reread(self, copy: CaptureRef, hint: Hint) -> Extraction:
        extract = self.crawler.get_item_pipeline(ExtractPipeline)
        if extract is None:
            raise RuntimeError("ITEM_PIPELINES has no ExtractPipeline, which strip needs")
        return await extract.reread(copy, hint)

    def _tell(self, item: Article, judgement: Judgement) -> None:
        self._judged += 1
        self.count("strip/judged")
        self.count("strip/removed_blocks", sum(not v.keep for v in judgement.verdicts))
        restored = sum(v.keep and v.changed for v in judgement.verdicts)
        self.count("strip/restored_blocks", restored)
        if judgement.refused is not None:
            self.count("strip/refused")
            if len(self._refused) < TOLD:
                self._refused.append({"url": item.page.final_url, "reason": judgement.refused})

    async def _prune_now_and_then(self) -> None:
        if self._judged % PRUNE_EVERY == 0:
            site_id, now = self.run.site_id, datetime.now(UTC)
            await self.writer.write(lambda c: site_memory.prune(c, site_id, now))

    def _end(self, c: Connection) -> None:
        """What the run noticed of the site, and the memory's own housekeeping."""
        run, now = self.run, datetime.now(UTC)
        changed = site_memory.layout_change(c, run.site_id)
        if changed is not None:
            runs.event(c, run.site_id, run.run_id, "layout changed", changed, now)
        if self._refused:
            detail = {
                "pages": self._refused,
                "in_all": self.crawler.stats.get_value("strip/refused"),
            }
            runs.event(c, run.site_id, run.run_id, "verdict refused", detail, now)
        if self._memory is not None and self._memory.unsound:
            detail = {"blocks_or_places": sorted(self._memory.unsound)[:TOLD]}
            runs.event(c, run.site_id, run.run_id, "memory corrupt", detail, now)
        site_memory.prune(c, run.site_id, now)

    def _warn_of_corrupt_rows(self) -> None:
        unsound = self._memory.unsound if self._memory is not None else set()
        if unsound:
            self.count("strip/memory_corrupt", len(unsound))
            logger.warning(
                "%d blocks or places of the memory have corrupt sightings, which are left out;"
                " to learn afresh: scrapy sites forget %s",
                len(unsound),
                self.run.site.name,
            )


def refuse_what_is_none(extraction: Extraction, *, walls: bool = True) -> None:
    """Raises NoContent, Blocked, Paywalled or NotArticle where extraction found a page to be that.

    Without `walls`, what looks like one passes: a person has said that it is none.
    """
    if extraction.wall == "empty":
        raise NoContent("the page has no text that could be an article's")
    if walls and extraction.wall == "paywall":
        raise Paywalled("the page is only a call to subscribe")
    if walls and extraction.wall is not None:
        raise Blocked(f"the page is a {extraction.wall} page, not the article")
    if not extraction.is_article:
        raise NotArticle("the page lists other pages")
