"""A small news site, and crawls of it from extraction to store without a network."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache, partial
from types import SimpleNamespace
from typing import Any

from scrapy.statscollectors import MemoryStatsCollector
from scrapy.utils.test import get_crawler
from sqlalchemy import Connection

from models.articles import known_pages
from models.blocks import Block, BlockClassification, Classification
from models.crawl import frontier
from models.crawl.run import Run
from models.db.database import Database
from models.evidence import Evidence
from models.items import Article, Extraction, Hint, Page
from models.sites.config import ExtractionRules
from pipelines.boilerplate.classify import Decided
from pipelines.boilerplate.evidence import supports
from pipelines.drops import LostLease
from pipelines.finish import FinishPipeline
from pipelines.page_reader import extract
from pipelines.store import StorePipeline
from pipelines.strip import StripPipeline
from tests.factories import (
    NOW,
    known_site,
    known_url,
    make_page,
    make_site,
    open_run,
)

SUBJECTS = (
    "harbour", "council", "school", "railway", "hospital", "bakery", "library", "stadium", "museum",
    "orchard", "bridge", "theatre", "reservoir", "market", "quarry", "lighthouse",
)  # fmt: skip
DEEDS = (
    "will close for repairs until the spring", "has asked the county for another loan",
    "was praised by visitors from the north", "lost a third of its budget in one year",
    "opens its doors to apprentices again", "must wait for the ruling of the court",
    "changed hands for the second time", "survived the storm with little damage",
)  # fmt: skip
CALL = "Get the best of our reporting in your inbox every morning and never miss a story again."
BOX = "Our newsroom of forty reporters is independent and answers to nobody but its readers."


SYLLABLES = ("ba", "ren", "dor", "lim", "sta", "vek", "nor", "hal", "gus", "tir", "mon", "pel")


def name(number: int) -> str:
    """A name without digits, which a text's key folds."""
    return "".join(SYLLABLES[(number // 12**k + 5 * k) % 12] for k in range(3)).capitalize()


def sentence(number: int, line: int) -> str:
    """A sentence that no other page and line has."""
    subject = SUBJECTS[(number * 7 + line * 3) % len(SUBJECTS)]
    deed = DEEDS[(number * 5 + line) % len(DEEDS)]
    return f"The {subject} of {name(number)} {deed}, said {name(number * 31 + line)}, its director."


def html(number: int, *, template: str = "story") -> bytes:
    """Article `number` of the site: five paragraphs, two boxes inside the body, teasers."""
    lines = [" ".join(sentence(number, line * 4 + k) for k in range(4)) for line in range(5)]
    body = "".join(f"<p>{line}</p>" for line in lines[:3])
    body += f"<p>{CALL}</p>" + "".join(f"<p>{line}</p>" for line in lines[3:])
    body += f"<p>{BOX}</p>"
    links = "".join(
        f'<li><a href="/{n}">What {name(n)} decided in the end</a></li>'
        for n in range(number, number + 4)
    )
    headline = f"{name(number)} decides on its future"
    return f"""<!doctype html><html lang="en"><head><title>{headline}</title></head>
    <body><header><nav><a href="/">Home</a> <a href="/news">News</a></nav></header>
    <main><article class="{template}"><h1>{headline}</h1>
    <div class="{template}-body">{body}</div></article>
    <aside class="more"><h2>Read also</h2><ul>{links}</ul></aside></main>
    <footer><p>Imprint and contact of the District Herald</p></footer></body></html>""".encode()


@lru_cache(maxsize=256)
def extraction_of(number: int, template: str = "story") -> Extraction:
    """The page as extracted, with a classification of its own that errs in known ways.

    It keeps the body but for a paragraph here and there, the boxes in it, and on some pages the
    teasers: what `plain_classify` mends with the site's help, whatever the models were fitted to.
    """
    page = html(number, template=template)
    made = extract(page, "utf-8", url_of(number), Hint(), None, NOW)
    return replace(
        made,
        is_article=True,
        interstitial=None,
        blocks=tuple(replace(block, kept=_kept(block, number)) for block in made.blocks),
    )


def _kept(block: Block, number: int) -> bool:
    if "-body" in block.dom_path:
        return (block.position + number) % 5 > 0
    return (block.position + number) % 11 == 0


def plain_classify(
    extraction: Extraction, evidence: Evidence, url_id: int, rules: ExtractionRules | None = None
) -> Classification:
    """What most pages show goes; what stands where most pages have their article comes back."""
    classified = []
    for block, support in zip(
        extraction.blocks, supports(extraction, evidence, url_id), strict=True
    ):
        keep, reason = block.kept, ""
        if block.key in evidence.revoked:
            pass
        elif support.pages and support.rate > 0.3:
            keep, reason = False, "repeated"
        elif support.path_pages and support.path_rate > 0.55:
            keep = True
        changed = keep != block.kept
        evidence_ = {"pages": support.pages}
        classified.append(
            BlockClassification(block.position, keep, changed, reason or "other", evidence_)
        )
    left = sum(
        len(block.text) for block, v in zip(extraction.blocks, classified, strict=True) if v.keep
    )
    if 2 * left >= sum(len(block.text) for block in extraction.blocks if block.kept):
        return Classification(tuple(classified), 0.5)
    own = (BlockClassification(b.position, b.kept, False, "other") for b in extraction.blocks)
    return Classification(tuple(own), 0.5, "most would be gone")


def decides_as(classify: Callable[..., Classification]) -> Callable[..., Decided]:
    """`decide`, of another `classify`."""

    def decide(*args: Any) -> Decided:
        found = classify(*args)
        keeps, reasons = zip(*((one.keep, one.reason) for one in found.blocks), strict=True)
        return Decided(keeps, reasons, found.refused, (), (), {})

    return decide


def url_of(number: int) -> str:
    return f"https://example.test/news/district-{number}-decides"


@dataclass
class SmallSite:
    """The site in a database, crawled as often as a test likes."""

    url: str
    rules: ExtractionRules = field(default_factory=ExtractionRules)

    def crawl(
        self,
        numbers: Iterable[int],
        *,
        at_once: int = 1,
        finish: bool = True,
        extractions: Sequence[Extraction] = (),
    ) -> dict[str, int]:
        """One run over the pages, in this order; its stats."""
        numbers = list(numbers)
        made = extractions or [extraction_of(number) for number in numbers]
        return asyncio.run(self._crawl(numbers, made, at_once, finish))

    def texts(self) -> dict[str, str]:
        """The stored texts by URL."""
        database = Database.open(self.url)
        with database.transaction() as conn:
            found = known_pages.of_site(conn, known_site(conn))
        database.close()
        return {stored.url: stored.text for stored in found}

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        """Rows of the database."""
        database = Database.open(self.url)
        with database.transaction() as conn:
            rows = conn.exec_driver_sql(query)
            found = [tuple(row) for row in rows] if rows.returns_rows else []
        database.close()
        return found

    async def _crawl(
        self, numbers: list[int], made: Sequence[Extraction], at_once: int, finish: bool
    ) -> dict[str, int]:
        crawler = get_crawler(settings_dict={"WINNOW_DATABASE_URL": self.url})
        crawler.stats = MemoryStatsCollector(crawler)
        strip, store, last = stages = (
            StripPipeline(crawler), StorePipeline(crawler), FinishPipeline(crawler),
        )  # fmt: skip
        writer = strip.writer
        run = await writer.write(self._open)
        crawler.spider = SimpleNamespace(run=run, accepts=False)
        strip.open_spider()
        store.open_spider()
        room = asyncio.Semaphore(at_once)

        async def bring(number: int, extraction: Extraction) -> None:
            async with room:
                page = await writer.write(partial(self._page, run, number))
                known = await writer.read(partial(known_pages.of_url, url_id=page.url_id))
                item = Article(page, extraction, extraction.metadata, known)
                with suppress(LostLease):  # a page that comes twice at once is stored once
                    for stage in stages:
                        item = await stage.process_item(item)

        await asyncio.gather(*map(bring, numbers, made))
        if finish:
            await last.close_spider()
        await asyncio.to_thread(writer.close)
        kinds = ("strip/", "reclassify/")
        return {k: v for k, v in crawler.stats.get_stats().items() if k.startswith(kinds)}

    def _open(self, conn: Connection) -> Run:
        site = replace(make_site(), extraction=self.rules)
        site_id = known_site(conn)
        return Run(open_run(conn, site_id), "discover", site, site_id, "test")

    def _page(self, run: Run, number: int, conn: Connection) -> Page:
        url = url_of(number)
        url_id = known_url(conn, run.site_id, url)
        when = NOW + timedelta(minutes=number)
        now = datetime.now(UTC)
        frontier.claim_these(conn, [url_id], run.owner, now + timedelta(hours=1), now)
        return make_page(run_id=run.run_id, url_id=url_id, url=url, fetched_at=when)
