"""What stages ask of a crawl's spider: whether it has a run."""

from types import SimpleNamespace

import pytest

from models.crawl.run import Run
from models.crawl.run_spider import has_run, spider_of
from tests.factories import make_site


def run(run_id: int) -> Run:
    return Run(run_id, "discover", make_site(), 1, "test")


@pytest.mark.parametrize(
    ("spider", "recorded"),
    [
        (SimpleNamespace(run=run(1)), True),
        (SimpleNamespace(run=run(0)), False),  # Scrapy's own commands
        (SimpleNamespace(run=None), False),  # before the run is open
        (SimpleNamespace(), False),  # a plain spider
        (None, False),
    ],
)
def test_a_crawl_is_recorded_if_its_spider_has_a_run(spider: object, recorded: bool) -> None:
    assert has_run(SimpleNamespace(spider=spider)) is recorded


def test_the_spider_is_the_crawler_s() -> None:
    spider = SimpleNamespace(run=run(1))
    assert spider_of(SimpleNamespace(spider=spider)) is spider
