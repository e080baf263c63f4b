"""The processes in which a crawl's pages are read, shared by the stages that read them."""

from collections.abc import Callable
from typing import Final, Protocol, TypeVar
from weakref import WeakKeyDictionary

from scrapy.crawler import Crawler

from models.errors import WinnowError
from pipelines.pool import Pool
from pipelines.reading import WARM

T = TypeVar("T")

SECONDS_A_PAGE: Final = 20.0  # a usual page takes 0.05; the slowest honest one measured took 8


class RunIsOver(WinnowError):
    """The run ends before the page was read: it keeps waiting for the next."""


class PagePool(Protocol):
    """Where functions of pages are run: processes of this machine, or workers of a fleet."""

    async def run(self, function: Callable[..., T], *args: object) -> T:
        """The function's value; raises what it raised, as Pool.run does, or RunIsOver."""

    def close(self) -> None:
        """What is under way ends; nothing is run any more."""


_POOLS: "Final[WeakKeyDictionary[Crawler, PagePool]]" = WeakKeyDictionary()


def page_pool(crawler: Crawler) -> PagePool:
    """The crawl's pool, the same for each stage; whoever closes it closes it for all."""
    pool = _POOLS.get(crawler)
    if pool is None:
        workers = crawler.settings.getint("WINNOW_WORKERS")
        pool = _POOLS[crawler] = Pool.shared(crawler, workers, SECONDS_A_PAGE, WARM)
    return pool


def lend(crawler: Crawler, pool: PagePool) -> None:
    """Makes this the pool of a crawl that has not begun."""
    _POOLS[crawler] = pool
