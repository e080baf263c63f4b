"""The stage in a crawl: what it looks up, when, and what it refuses to mix."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest
from scrapy.utils.test import get_crawler
from sqlalchemy import text

from models.articles import documents
from models.db.database import Database
from models.errors import DatabaseNotReady
from models.items import Article
from pipelines.dedup import DedupPipeline
from tests.factories import make_article
from tests.support.stories import clusters, edited, tell, wire_copy


def in_crawl(url: str, work: Callable[[DedupPipeline], Awaitable[None]]) -> DedupPipeline:
    """Runs `work` between the stage's opening and closing, as Scrapy does."""

    async def crawl() -> DedupPipeline:
        crawler = get_crawler(settings_dict={"WINNOW_DATABASE_URL": url})
        crawler.get_item_pipeline = lambda _stage: None  # type: ignore[assignment] # no engine here
        stage = DedupPipeline.from_crawler(crawler)
        try:
            await stage.open_spider()
            await work(stage)
        finally:
            stage.writer.close()
        return stage

    return asyncio.run(crawl())


def arrived(database: Database, article_id: int, outcome: str = "stored") -> Article:
    """An article as the storing stage hands it on."""
    with database.reading() as conn:
        stored = documents.load(conn, [article_id])[article_id]
    made = make_article(stored.text)
    return replace(made, article_id=article_id, revision=1, outcome=outcome)


async def nothing(_stage: DedupPipeline) -> None:
    """A crawl without items."""


def test_articles_of_one_crawl_are_clustered_as_they_come(
    database: Database, database_url: str
) -> None:
    ids = [tell(database, edited(wire_copy(1), n), site=f"s{n}") for n in range(6)]
    other = tell(database, wire_copy(2))

    async def arrive(stage: DedupPipeline) -> None:
        items = [arrived(database, article_id) for article_id in (*ids, other)]
        given = await asyncio.gather(*(stage.process_item(item) for item in items))
        assert list(given) == items
        assert clusters(database) == {frozenset(ids)}

    # opened before: the stage itself must find them, not the sweep at its opening
    with database.transaction() as conn:
        conn.execute(text("update cluster_members set state = 1"))
    stage = in_crawl(database_url, arrive)
    stats = stage.crawler.stats.get_stats()
    assert stats["dedup/similar"] + stats["dedup/alone"] == 7


def test_what_a_killed_run_left_is_taken_up_by_the_next(sqlite: Database, sqlite_url: str) -> None:
    ids = [tell(sqlite, wire_copy(1), site=site) for site in ("a1", "b1")]
    in_crawl(sqlite_url, nothing)
    assert clusters(sqlite) == {frozenset(ids)}


def test_an_unchanged_article_is_not_looked_up(sqlite: Database, sqlite_url: str) -> None:
    ids = [tell(sqlite, wire_copy(1), site=site) for site in ("a1", "b1")]
    with sqlite.transaction() as conn:
        conn.execute(text("update cluster_members set state = 1"))

    async def arrive(stage: DedupPipeline) -> None:
        await stage.process_item(arrived(sqlite, ids[1], "unchanged"))

    in_crawl(sqlite_url, arrive)
    assert clusters(sqlite) == set()


def test_keys_of_two_kinds_are_never_mixed(sqlite: Database, sqlite_url: str) -> None:
    in_crawl(sqlite_url, nothing)
    with sqlite.transaction() as conn:
        conn.execute(text("update index_version set version = '0: other keys'"))
    with pytest.raises(DatabaseNotReady, match=r"'0: other keys'.*scrapy db rebuild-duplicates"):
        in_crawl(sqlite_url, nothing)


def test_an_unfinished_rebuild_is_to_be_finished_first(sqlite: Database, sqlite_url: str) -> None:
    in_crawl(sqlite_url, nothing)
    with sqlite.transaction() as conn:
        conn.execute(text("update index_version set rebuilt_to = 7"))
    with pytest.raises(DatabaseNotReady, match="not finished"):
        in_crawl(sqlite_url, nothing)
