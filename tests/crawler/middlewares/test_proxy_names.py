"""Names before a proxy gets them: private ones are refused if we know, local ones if we do not."""

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.middlewares import proxy_names
from crawler.middlewares.guard import GuardMiddleware
from crawler.middlewares.proxy import Proxy
from crawler.middlewares.proxy_names import ProxiedNames, is_local
from crawler.middlewares.refusals import RefusedAddress
from models.errors import ProxyFailed
from tests.crawler.middlewares.fakes import make_crawler, resolver

PROXY = Proxy("squid.corp", 3128)


class Asking:
    """The names of a crawl whose lookups end as `known` says; no answer for others."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, known: dict[str, list[str]]) -> None:
        self.asked: list[str] = []
        self.resolver = resolver()
        crawler = make_crawler()
        guard = GuardMiddleware(crawler)
        guard._resolver = self.resolver
        crawler.get_downloader_middleware = lambda kind: guard if kind is GuardMiddleware else None

        async def answer(guard: GuardMiddleware, _resolver: Any, origin: Any) -> list[str]:
            self.asked.append(origin[0])
            found = known.get(origin[0], [])
            admitted = self.resolver.admits(origin, [SimpleNamespace(host=a) for a in found])
            guard.require(origin)
            return found if admitted else []

        monkeypatch.setattr(proxy_names, "addresses_of", answer)
        self.names = ProxiedNames(crawler, PROXY)
        monkeypatch.setattr(self.names, "_resolver", self._trusting)

    def _trusting(self) -> Any:
        self.resolver.trust(PROXY.host, PROXY.port)
        return self.resolver

    def require(self, host: str, port: int = 80) -> str | None:
        try:
            asyncio.run(self.names.require((host, port)))
        except RefusedAddress as refused:
            return refused.reason
        return None


def test_what_is_private_here_is_not_asked_of_the_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    asking = Asking(monkeypatch, {"in.example": ["10.0.0.1"], "out.example": ["93.184.216.34"]})
    assert "in.example is 10.0.0.1" in (asking.require("in.example") or "")
    assert asking.require("out.example") is None


def test_literal_addresses_are_read_and_not_looked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    asking = Asking(monkeypatch, {})
    for host in ("127.0.0.1", "0x7f.1", "10.1.2.3", "169.254.169.254", "::1", "fd00::1"):
        assert "not a public address" in (asking.require(host) or ""), host
    assert asking.require("93.184.216.34") is None
    assert asking.asked == []


def test_without_an_answer_a_public_name_passes_and_a_local_one_does_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asking = Asking(monkeypatch, {})
    assert asking.require("news.example") is None
    for host in ("localhost", "db", "printer.local", "kube.internal", "nas.home.arpa", "a.lan."):
        assert "a name of a local network" in (asking.require(host) or ""), host


def test_a_name_without_an_answer_is_not_looked_up_for_every_request(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asking = Asking(monkeypatch, {})
    assert [asking.require("news.example"), asking.require("news.example")] == [None, None]
    assert asking.asked == ["news.example"]
    monkeypatch.setattr(proxy_names, "monotonic", lambda: 1e9)
    asking.require("news.example")
    assert asking.asked == ["news.example"] * 2
    monkeypatch.setattr(proxy_names, "_MOST", 1)
    asking.require("other.example")
    assert list(asking.names._unanswered) == ["other.example"]


def test_a_slow_resolver_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    asking = Asking(monkeypatch, {})

    async def never(*_words: Any) -> list[str]:
        await asyncio.Event().wait()
        return []

    monkeypatch.setattr(proxy_names, "addresses_of", never)
    monkeypatch.setattr(proxy_names, "PATIENCE", 0.01)
    assert asking.require("news.example") is None
    assert "local network" in (asking.require("db") or "")


def test_no_page_asks_the_proxy_for_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    asking = Asking(monkeypatch, {"squid.corp": ["10.0.0.9"]})
    assert asking.require("squid.corp", 3128) == "squid.corp:3128 is the proxy itself"
    assert "10.0.0.9" in (asking.require("squid.corp", 80) or "")
    assert asking.resolver.admits(("squid.corp", 0), [SimpleNamespace(host="10.0.0.9")])
    asking.resolver.trust("93.184.216.34", 3128)
    for host in ("93.184.216.34", "0x5db8d822"):
        assert asking.require(host, 3128) == "93.184.216.34:3128 is the proxy itself"
    assert asking.require("93.184.216.34", 80) is None


def test_without_the_guard_nothing_is_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    asking = Asking(monkeypatch, {})
    asking.names._crawler.get_downloader_middleware = lambda kind: None
    with pytest.raises(ProxyFailed, match="switched off"):
        asking.require("news.example")


@given(st.from_regex(r"[a-z]{1,8}(\.[a-z]{1,8}){0,2}", fullmatch=True))
def test_a_name_without_a_dot_is_local_however_it_ends(name: str) -> None:
    assert is_local(name) == is_local(f"{name}.") == is_local(name.upper())
    assert is_local(name) or "." in name


def test_a_browser_needs_no_address(monkeypatch: pytest.MonkeyPatch) -> None:
    asking = Asking(monkeypatch, {"in.example": ["10.0.0.1"]})
    assert asyncio.run(asking.names.none_needed(("news.example", 443))) == ()
    with pytest.raises(RefusedAddress):
        asyncio.run(asking.names.none_needed(("in.example", 443)))
