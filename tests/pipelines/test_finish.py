"""The end of a run links what is left unlinked, also where the run met no page."""

import asyncio

from scrapy.utils.test import get_crawler

from models.db.database import Database
from pipelines.finish import FinishPipeline
from tests.support.stories import clusters, tell, wire_copy


def test_what_a_killed_run_left_is_linked_by_the_next(sqlite: Database, sqlite_url: str) -> None:
    ids = [tell(sqlite, wire_copy(1), site=site) for site in ("a1", "b1")]

    async def crawl_without_pages() -> None:
        stage = FinishPipeline.from_crawler(
            get_crawler(settings_dict={"WINNOW_DATABASE_URL": sqlite_url})
        )
        try:
            await stage.close_spider()
        finally:
            stage.writer.close()

    asyncio.run(crawl_without_pages())
    assert clusters(sqlite) == {frozenset(ids)}
