"""The stage in a crawl: what it looks up, and when."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace

from scrapy.utils.test import get_crawler
from sqlalchemy import text

from models.articles import documents
from models.db.database import Database
from models.items import Article
from pipelines.dedup import DedupPipeline
from tests.factories import make_article
from tests.support.stories import clusters, edited, tell, wire_copy


def in_crawl(url: str, work: Callable[[DedupPipeline], Awaitable[None]]) -> DedupPipeline:
    """Runs `work` in a crawl of its own."""

    async def crawl() -> DedupPipeline:
        crawler = get_crawler(settings_dict={"WINNOW_DATABASE_URL": url})
        crawler.get_item_pipeline = lambda _stage: None  # no engine here
        stage = DedupPipeline.from_crawler(crawler)
        try:
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

    with database.transaction() as conn:
        conn.execute(text("update cluster_members set state = 1"))
    stage = in_crawl(database_url, arrive)
    stats = stage.crawler.stats.get_stats()
    assert stats["dedup/similar"] + stats["dedup/alone"] == 7


def test_an_unchanged_article_is_not_looked_up(sqlite: Database, sqlite_url: str) -> None:
    ids = [tell(sqlite, wire_copy(1), site=site) for site in ("a1", "b1")]
    with sqlite.transaction() as conn:
        conn.execute(text("update cluster_members set state = 1"))

    async def arrive(stage: DedupPipeline) -> None:
        await stage.process_item(arrived(sqlite, ids[1], "unchanged"))

    in_crawl(sqlite_url, arrive)
    assert clusters(sqlite) == set()
