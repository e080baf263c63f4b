"""One pool for all stages of a crawl."""

from scrapy.utils.test import get_crawler

from pipelines.page_pool import page_pool


def test_the_stages_of_a_crawl_share_a_pool() -> None:
    one, other = (get_crawler(settings_dict={"WINNOW_WORKERS": 0}) for _ in range(2))
    assert page_pool(one) is page_pool(one)
    assert page_pool(one) is not page_pool(other)
