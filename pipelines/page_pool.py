"""The processes in which a crawl's pages are read, shared by the stages that read them."""

from typing import Final
from weakref import WeakKeyDictionary

from scrapy.crawler import Crawler

from pipelines.pool import Pool, PoolShare
from pipelines.reading import WARM

SECONDS_A_PAGE: Final = 20.0  # a usual page takes 0.05; the slowest honest one measured took 8

_POOLS: "Final[WeakKeyDictionary[Crawler, Pool | PoolShare]]" = WeakKeyDictionary()


def page_pool(crawler: Crawler) -> Pool | PoolShare:
    """The crawl's pool, the same for each stage; whoever closes it closes it for all."""
    pool = _POOLS.get(crawler)
    if pool is None:
        workers = crawler.settings.getint("WINNOW_WORKERS")
        pool = _POOLS[crawler] = Pool.shared(crawler, workers, SECONDS_A_PAGE, WARM)
    return pool
