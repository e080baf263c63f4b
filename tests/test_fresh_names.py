"""In a process of many visits a name is asked for anew, and a site is open for its run alone."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from scrapy import signals
from scrapy.resolver import dnscache
from twisted.internet.address import IPv4Address

from crawler.middlewares import guard
from crawler.middlewares.guard import FRESH, GuardMiddleware, PublicOnlyResolver
from models.sites.config import Scope
from tests.crawler.middlewares.fakes import make_crawler
from tests.factories import make_site

HOST, ORIGIN = "news.test", ("news.test", 443)


class Names:
    """What a name resolves to, and how often it was asked for."""

    def __init__(self) -> None:
        self.address = "192.0.2.1"
        self.asked = 0

    def resolveHostName(self, receiver: Any, host: str, *_more: object) -> Any:  # noqa: N802
        self.asked += 1
        receiver.resolutionBegan(SimpleNamespace(name=host))
        receiver.addressResolved(IPv4Address("TCP", self.address, 0))
        receiver.resolutionComplete()


class Answer:
    """Who asked: the addresses that it may connect to."""

    def __init__(self) -> None:
        self.addresses: list[str] = []

    def resolutionBegan(self, resolution: object) -> None:  # noqa: N802
        """It begins."""

    def addressResolved(self, address: Any) -> None:  # noqa: N802
        self.addresses.append(address.host)

    def resolutionComplete(self) -> None:  # noqa: N802
        """It is over."""


class Clock:
    now = 1000.0


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock()
    monkeypatch.setattr(guard, "monotonic", lambda: made.now)
    return made


@pytest.fixture
def names() -> Iterator[Names]:
    dnscache.clear()
    yield Names()
    dnscache.clear()


def resolver(names: Names) -> PublicOnlyResolver:
    reactor = SimpleNamespace(nameResolver=names)
    made = PublicOnlyResolver(reactor, 100)
    reactor.nameResolver = made
    return made


def resolve(made: PublicOnlyResolver) -> list[str]:
    answer: Any = Answer()
    made.resolveHostName(answer, HOST, 443)
    return list(answer.addresses)


def test_an_answer_is_used_again_for_a_while_and_not_longer(names: Names, clock: Clock) -> None:
    names.address = "93.184.216.34"
    made = resolver(names)
    assert [resolve(made) for _ in range(3)] == [["93.184.216.34"]] * 3
    assert names.asked == 1
    names.address, clock.now = "93.184.216.35", clock.now + FRESH - 1
    assert resolve(made) == ["93.184.216.34"]
    clock.now += 2
    assert resolve(made) == ["93.184.216.35"]
    assert names.asked == 2


def test_a_run_on_a_host_asks_for_it_anew(
    names: Names, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    names.address = "93.184.216.34"
    made = resolver(names)
    resolve(made)
    names.address = "93.184.216.35"
    begin(monkeypatch, made, make_site("news", start=f"https://{HOST}/"))
    assert resolve(made) == ["93.184.216.35"]


def test_a_refusal_of_a_name_is_forgotten_in_time(names: Names, clock: Clock) -> None:
    names.address = "10.0.0.1"
    made = resolver(names)
    assert resolve(made) == []
    assert "10.0.0.1" in (made.refusal_of(ORIGIN) or "")
    clock.now += FRESH + 1
    assert made.refusal_of(ORIGIN) is None
    names.address = "93.184.216.34"
    assert resolve(made) == ["93.184.216.34"]


def test_what_a_site_opened_is_closed_with_its_last_run(
    names: Names, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = resolver(names)
    site = make_site("town", start="http://10.0.0.1:8000/", scope=Scope(private=True))
    one, two = begin(monkeypatch, made, site), begin(monkeypatch, made, site)
    origin = ("10.0.0.1", 8000)
    assert made.opens(origin)
    one()
    assert made.opens(origin), "another run has it open"
    two()
    assert not made.opens(origin)


def begin(monkeypatch: pytest.MonkeyPatch, made: PublicOnlyResolver, site: Any) -> Any:
    """A run of the site begins; what ends it."""
    from twisted.internet import reactor

    monkeypatch.setattr(reactor, "_nameResolver", made, raising=False)
    crawler = make_crawler()
    GuardMiddleware.from_crawler(crawler)
    heard = crawler.signals.heard
    heard[signals.spider_opened](SimpleNamespace(run=SimpleNamespace(site=site)))
    return heard[signals.spider_closed]
