"""A crawler as far as middlewares know one: settings, statistics, and the downloader's slots."""

from types import SimpleNamespace
from typing import Any

from scrapy import Request
from scrapy.core.downloader import Slot
from scrapy.settings import Settings

from crawler.middlewares.guard import PublicOnlyResolver

REQUEST = Request("https://news.test/a")


class Downloader:
    """Scrapy's slots, real ones, without the downloading."""

    def __init__(self) -> None:
        self.per_slot_settings: dict[str, dict[str, Any]] = {}
        self.slots: dict[str, Slot] = {}

    def get_slot_key(self, request: Request) -> str:
        return request.url.split("/")[2]


def make_crawler(delay: float = 0.0, **settings: object) -> Any:
    """A crawler; statistics keep the largest of each value, signals who listens to them."""
    stats: dict[str, float] = {}
    heard: dict[object, Any] = {}
    return SimpleNamespace(
        signals=SimpleNamespace(heard=heard, connect=lambda f, signal: heard.update({signal: f})),
        settings=Settings({"DOWNLOAD_DELAY": delay, **settings}),
        engine=SimpleNamespace(downloader=Downloader()),
        stats=SimpleNamespace(
            seen=stats, max_value=lambda k, v: stats.update({k: max(v, stats.get(k, v))})
        ),
    )


def add_slot(crawler: Any, delay: float = 0.0) -> Slot:
    """The slot of REQUEST's host, as if it had been asked already."""
    slot = Slot(concurrency=2, delay=delay)
    crawler.engine.downloader.slots["news.test"] = slot
    return slot


def resolver(*opened: tuple[str, int]) -> PublicOnlyResolver:
    """The guard's resolver, with these origins opened."""
    from twisted.internet import reactor

    made = PublicOnlyResolver(reactor, 0)
    made.opened |= set(opened)
    return made


def resolved(*addresses: str) -> list[Any]:
    """Addresses as Twisted hands them over."""
    return [SimpleNamespace(host=address) for address in addresses]
