"""Asks for the further pages of a story, one after another, and reads them."""

import asyncio
import logging
from collections import Counter
from dataclasses import dataclass, field
from functools import partial
from time import monotonic
from typing import Final

from scrapy.crawler import Crawler

from models.crawl.run_spider import spider_of
from models.errors import ExtractionFailed, LeadsElsewhere, PageTooLarge
from models.items import Article, Extraction, Page
from models.urls import same_page
from pipelines.early_rights import obeyed_right
from pipelines.extraction.page_addresses import numbered_shape
from pipelines.joining import is_page_of, is_whole
from pipelines.page_pool import page_pool
from pipelines.pool import PoolCrash, PoolTimeout
from pipelines.reading import read

MOST_PAGES: Final = 20  # of one story, the first among them
MOST_OTHERS: Final = 3  # articles of a run whose further page was none, by shape of its address
MOST_SECONDS: Final = 600.0  # by the clock, until the last page is asked for
MOST_BYTES: Final = 10 << 20  # of all further pages of a story
VIEW: Final = 0  # the number of a view of the whole story
_UNREADABLE: Final = (ExtractionFailed, LeadsElsewhere, PageTooLarge, PoolCrash, PoolTimeout)

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Part:
    """A further page that was fetched, as it reads."""

    number: int
    page: Page
    extraction: Extraction = field(repr=False)


class StoryReader:
    """The further pages of the stories of one run."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._pool = page_pool(crawler)
        self._shapes: set[str] = set()  # of addresses that were further pages
        self._others: Counter[str] = Counter()  # pages that were none, by shape of address
        self._unknown = asyncio.Lock()  # pages of unknown shapes are asked for one by one

    async def parts_of(self, item: Article) -> tuple[list[Part], bool]:
        """The story's further pages, or a view of it whole; and whether pages are missing."""
        first = item.extraction
        number, url = first.pages.further[0]
        shape = numbered_shape(item.page.final_url, url)
        if shape in self._shapes:
            part = await self.ask(url, number)
        else:
            async with self._unknown:
                if self._others[shape] >= MOST_OTHERS:
                    return [], False
                part = await self.ask(url, number)
                if part is not None:
                    self._learn(shape, is_page=is_page_of(first, part.extraction))
        if part is not None and not is_page_of(first, part.extraction):
            return [], False
        for view in first.pages.views:
            whole = await self.ask(view, VIEW)
            if whole is not None and is_whole(first, whole.extraction):
                return [whole], False
        return await self._follow(item, part)

    def _learn(self, shape: str, *, is_page: bool) -> None:
        if is_page:
            self._shapes.add(shape)
        else:
            self._others[shape] += 1
            self._count("parts/other_page")

    def _count(self, name: str) -> None:
        self._crawler.stats.inc_value(name)

    async def _follow(self, item: Article, part: Part | None) -> tuple[list[Part], bool]:
        """The pages from the second, `part`, to the last that can be had."""
        first, parts = item.extraction, []
        known, last = dict(first.pages.further), first.pages.last
        asked = [item.page.final_url, known[2]]
        started, size = monotonic(), 0
        while part is not None and is_page_of(first, part.extraction):
            parts.append(part)
            size += len(part.page.body)
            pages, number = part.extraction.pages, part.number + 1
            behind = part.number - pages.number  # of addresses that count from nought
            last = max(last, pages.last + behind if pages.last else 0)
            known |= {n + behind: to for n, to in pages.further}
            url = known.get(number)
            if url is None or any(same_page(url, one) for one in asked):
                return parts, last >= number
            if number > MOST_PAGES or size > MOST_BYTES or monotonic() - started > MOST_SECONDS:
                self._count("parts/too_many")
                return parts, True
            asked.append(url)
            part = await self.ask(url, number)
        return parts, part is None or last > len(parts) + 1

    def _reserved(self, page: Page) -> str | None:
        """Which right of the page's publisher keeps it out of the story, in words."""
        run = spider_of(self._crawler).run
        rule = run.tdm_files.rule_of(page.final_url)
        return obeyed_right(page, run.site.rights.obey or (), rule)

    async def ask(self, url: str, number: int) -> Part | None:
        """A page as it reads; None, and a line in the log, where it cannot be had."""
        self._count("parts/asked")
        spider = spider_of(self._crawler)
        page = await spider.further_page(url)
        if isinstance(page, str):
            why = page
        elif reserved := self._reserved(page):
            why = f"{reserved}, which is obeyed"
            self._count("parts/reserved")
        else:
            said = spider.run.tdm_files.rules_of([page.final_url])
            anew = partial(read, reserved=said)
            try:
                found = await self._pool.run(anew, page, spider.run.site.extraction)
            except _UNREADABLE as fault:
                why = str(fault) or type(fault).__name__
            else:
                shown = found.extraction.interstitial
                if shown is None:
                    return Part(number, page, found.extraction)
                why = f"it shows something else ({shown})"
        _log.info("%s: a further page of a story cannot be had: %s", url, why)
        self._count("parts/failed")
        return None
