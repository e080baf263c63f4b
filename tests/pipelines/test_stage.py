"""What stages share: one writer a crawl, the run under way, statistics."""

from types import SimpleNamespace
from typing import Any

from scrapy.utils.test import get_crawler

from pipelines.stage import Stage


def test_the_stages_of_a_crawl_share_its_writer_and_count(sqlite_url: str) -> None:
    crawler: Any = get_crawler(settings_dict={"WINNOW_DATABASE_URL": sqlite_url})
    one, other = Stage.from_crawler(crawler), Stage.from_crawler(crawler)
    try:
        assert one.writer is other.writer
        crawler.spider = SimpleNamespace(run="run")
        assert one.run == "run"
        one.count("store/revised")
        other.count("store/revised", 2)
        assert crawler.stats.get_value("store/revised") == 3
    finally:
        one.writer.close()
