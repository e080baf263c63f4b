"""Stage 5: what one transaction stores, and what happens if another writer came first."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from types import SimpleNamespace

import pytest
from scrapy.statscollectors import MemoryStatsCollector
from scrapy.utils.test import get_crawler
from sqlalchemy import Connection, text

from models.articles import known_pages
from models.crawl import frontier
from models.crawl.run import Run
from models.db.database import Database
from models.items import Article, Page
from pipelines.drops import DuplicateUrl, LostLease, Worse
from pipelines.store import StorePipeline
from pipelines.strip import StripPipeline
from tests.factories import (
    NOW,
    known_site,
    known_url,
    make_article,
    make_blocks,
    make_extraction,
    make_page,
    make_site,
    open_run,
    store_article,
)

LONG = "\n\n".join(f"The harbour was closed for day {n}, said its master in the evening." * 3
                   for n in range(4))  # fmt: skip
URL = "https://example.test/harbour"


class Storing:
    """A run that stores copies of one page on a database, and another writer beside it."""

    def __init__(self, database: Database) -> None:
        self.database = database
        url = database.engine.url.render_as_string(hide_password=False)
        crawler = get_crawler(settings_dict={"WINNOW_DATABASE_URL": url})
        crawler.stats = MemoryStatsCollector(crawler)
        with database.transaction() as conn:
            site_id = known_site(conn)
            self.run = Run(open_run(conn, site_id), "recrawl", make_site(), site_id, "test")
        crawler.spider = SimpleNamespace(run=self.run, accepts=False)
        self.strip, self.store = StripPipeline(crawler), StorePipeline(crawler)
        self.strip.open_spider()
        self.store.open_spider()
        self.crawler = crawler

    def comes(self, copy: str, *, url: str = URL, title: str = "Harbour") -> Article:
        """A copy of the page after extraction, with what is stored of it now."""
        now = datetime.now(UTC)
        with self.database.transaction() as conn:
            url_id = known_url(conn, self.run.site_id, url)
            frontier.claim_these(conn, [url_id], self.run.owner, now + timedelta(hours=1), now)
            known = known_pages.of_url(conn, url_id)
        page = replace(make_page(url=url, final_url=url), url_id=url_id, run_id=self.run.run_id)
        blocks = make_blocks(copy.split("\n\n"), score=5.0)
        extraction = make_extraction(blocks=blocks)
        metadata = replace(extraction.metadata, title=title)
        return Article(page, extraction, metadata, known)

    def stored(self, item: Article, meanwhile: Callable[[Connection], object] | None = None):
        """The item after strip and store; `meanwhile` is committed between the two."""

        async def work() -> Article:
            try:
                decided = await self.strip.process_item(item)
                if meanwhile is not None:
                    self.database.patiently(meanwhile)
                return await self.store.process_item(decided)
            finally:
                await asyncio.sleep(0)

        return asyncio.run(work())

    def again(self) -> int:
        """How often a page was decided again."""
        return self.crawler.stats.get_value("store/decided_again", 0)

    def rows(self, query: str) -> list[tuple[object, ...]]:
        with self.database.reading() as conn:
            return [tuple(row) for row in conn.execute(text(query))]


@pytest.fixture
def storing(database: Database):
    made = Storing(database)
    yield made
    made.store.writer.close()


def other_writer(storing: Storing, page: Page, copy: str, conn: Connection) -> None:
    """Another run stores a copy of the page."""
    extraction = make_extraction(blocks=make_blocks(copy.split("\n\n"), score=5.0))
    article = replace(make_article(copy), page=page, extraction=extraction)
    store_article(conn, storing.run.site_id, article, NOW)


def test_a_page_that_another_writer_changed_first_is_decided_again(storing: Storing) -> None:
    storing.stored(storing.comes(LONG))
    edited = storing.comes(LONG + "\n\nIt opens again on Monday, the council said last night.")
    theirs = LONG + "\n\nThe ferry company asks its passengers to be patient until then."
    came = storing.stored(edited, partial(other_writer, storing, edited.page, theirs))
    assert storing.again() == 1
    assert (came.outcome, came.revision) == ("revised", 3)
    texts = dict(storing.rows("select revision, text from v1_revisions"))
    assert texts[2] == theirs
    assert texts[3] == edited_text(edited)
    assert storing.rows("select revision, kind from v1_changes order by change_id") == [
        (1, "new"), (2, "revised"), (3, "revised"),
    ]  # fmt: skip


def edited_text(item: Article) -> str:
    return "\n\n".join(block.text for block in item.extraction.blocks)


def test_what_is_worse_than_what_another_writer_stored_is_refused(storing: Storing) -> None:
    storing.stored(storing.comes(LONG))
    short = storing.comes(LONG.split("\n\n")[0] + "\n\n" + LONG.split("\n\n")[1])
    theirs = "\n\n".join(LONG.replace("day", f"week {n} and day") for n in range(4))
    with pytest.raises(Worse):
        storing.stored(short, partial(other_writer, storing, short.page, theirs))
    assert storing.rows("select revision from v1_articles") == [(2,)]


def test_of_two_first_copies_the_later_is_the_next_revision(storing: Storing) -> None:
    first = storing.comes(LONG)
    theirs = LONG + "\n\nThe ferry company asks its passengers to be patient until then."
    came = storing.stored(first, partial(other_writer, storing, first.page, theirs))
    assert storing.again() == 1
    assert (came.outcome, came.revision) == ("revised", 2)
    assert storing.rows("select count(*) from articles") == [(1,)]


def test_a_lost_lease_stores_nothing(storing: Storing) -> None:
    item = storing.comes(LONG)

    def take_over(conn: Connection) -> None:
        conn.execute(text("update urls set owner = 'another'"))

    with pytest.raises(LostLease):
        storing.stored(item, take_over)
    assert storing.rows("select count(*) from articles") == [(0,)]
    assert storing.rows("select count(*) from memory_entries") == [(0,)]


def test_another_url_of_a_stored_page_is_a_duplicate(storing: Storing) -> None:
    storing.stored(storing.comes(LONG))
    copy = storing.comes(LONG, url=f"{URL}/print")
    named = replace(copy, metadata=replace(copy.metadata, canonical_url=URL))
    with pytest.raises(DuplicateUrl, match="the same page as"):
        storing.stored(named)


def test_index_memory_and_outcome_are_of_one_transaction(storing: Storing) -> None:
    came = storing.stored(storing.comes(LONG))
    [(version, observed)] = storing.rows(
        "select version, observed from articles join extractions using (article_id)"
    )
    assert version == 1
    assert came.observation is not None and observed == came.observation.digest
    assert storing.rows("select count(*) from cluster_members") == [(1,)]
    assert storing.rows("select outcome from outcomes") == [("stored",)]
