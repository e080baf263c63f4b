"""No request reaches an address that is somebody's inside, however it is spelled or led to."""

from ipaddress import ip_address
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrapy import Request, signals
from scrapy.exceptions import CannotResolveHostError

from crawler.middlewares.guard import (
    GuardMiddleware,
    Origin,
    PublicOnlyResolver,
    _Receiver,
    origin_of,
    refusal,
)
from crawler.middlewares.refusals import RefusedAddress
from models.sites.config import Scope
from tests.crawler.middlewares.fakes import make_crawler, resolved, resolver
from tests.factories import make_site
from tests.support.fetching import fetch
from tests.support.site_server import Reply, SiteServer, article, redirect


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "ftp://example.com/",
        "data:,x",
        "gopher://x/",
        "http://",
        "http://x:99999/",
        "http://[::1/",
        "//news.test/",
    ],
)
def test_what_is_not_http_is_refused(url: str) -> None:
    with pytest.raises(RefusedAddress):
        origin_of(url)


@given(st.text(max_size=60))
def test_any_text_is_an_origin_or_refused(text: str) -> None:
    try:
        host, port = origin_of(text)
    except RefusedAddress:
        return
    assert host and 0 <= port < 65536


def test_every_spelling_of_the_inside_is_refused_on_the_wire() -> None:
    with SiteServer() as site:
        site.page("/", article("Inside", ["secret"]))
        port = site.url.rsplit(":", 1)[1]
        hosts = ["localhost", "127.0.0.1", "2130706433", "0x7f.1", "[::1]", "[::ffff:127.0.0.1]"]
        urls = [f"http://{host}:{port}/" for host in hosts] + ["http://169.254.169.254/latest/"]
        came = fetch(start="http://example.com/", urls=urls, any_host=True)
        assert {came[url].outcome for url in urls} == {"refused_address"}
        assert site.log == []


def test_a_private_site_opens_its_own_origin_and_no_other() -> None:
    with SiteServer() as own, SiteServer() as other:
        own.page("/", article("Own", ["text"]))
        other.page("/", article("Other", ["text"]))
        own.pages["/away"] = redirect(other.url + "/")
        own.pages["/cloud"] = redirect("http://169.254.169.254/latest/meta-data/")
        own.pages["/file"] = redirect("file:///etc/passwd")
        paths = ["/", "/away", "/cloud", "/file"]
        came = fetch(own.url + "/", [own.url + path for path in paths], private=True)
        assert came[own.url + "/"].outcome == "fetched"
        assert came[own.url + "/away"].outcome == "refused_address"
        assert came[own.url + "/cloud"].outcome == "refused_address"
        assert "169.254.169.254" in came[own.url + "/cloud"].reason
        assert came[own.url + "/file"].outcome != "fetched" or came[own.url + "/file"].status == 302
        assert other.log == []


def test_a_retry_and_then_a_redirect_do_not_switch_the_filter_off() -> None:
    answers = iter([Reply(status=503), redirect("http://elsewhere.example/inside")])
    with SiteServer() as site:
        site.pages["/page"] = lambda asked: next(answers)
        came = fetch(site.url + "/", [site.url + "/page"], private=True)
        assert came[site.url + "/page"].outcome == "out_of_scope"


# ---------------------------------------------------------------- what is decided, and why


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://News.test/a", ("news.test", 443)),
        ("http://news.test./", ("news.test", 80)),
        ("HTTP://news.test:8080", ("news.test", 8080)),
        ("https://[::1]:9/", ("::1", 9)),
    ],
)
def test_an_origin_is_host_and_port(url: str, origin: tuple[str, int]) -> None:
    assert origin_of(url) == origin


@pytest.mark.parametrize(
    ("host", "address", "opened", "why"),
    [
        ("news.test", "8.8.8.8", False, None),
        ("10.0.0.1", "10.0.0.1", True, None),
        (
            "10.0.0.1",
            "10.0.0.1",
            False,
            "10.0.0.1 is not a public address; [scope] private = true opens a start",
        ),
        (
            "news.test",
            "169.254.169.254",
            True,
            "news.test is 169.254.169.254, which is not a public address",
        ),
        ("fe80::1", "fe80::1", False, "fe80::1 is not a public address"),
    ],
)
def test_a_refusal_says_what_the_name_stands_for(
    host: str, address: str, opened: bool, why: str | None
) -> None:
    assert refusal(host, ip_address(address), opened) == why


def test_one_inside_address_among_many_refuses_the_name_until_it_resolves_well() -> None:
    names, origin = resolver(), ("news.test", 443)
    assert not names.admits(origin, resolved("8.8.8.8", "10.0.0.1"))
    assert "10.0.0.1, which is not a public address" in names.refused[origin]
    assert not names.admits(origin, resolved("nonsense"))
    assert names.refused[origin] == "no IP address"
    assert names.admits(origin, resolved("8.8.8.8"))
    assert names.refused == {}


def test_an_opened_origin_may_be_private_on_its_own_port_only() -> None:
    names = resolver(("news.test", 8000))
    assert names.admits(("news.test", 8000), resolved("10.0.0.1"))
    assert not names.admits(("news.test", 8001), resolved("10.0.0.1"))


def guard(names: PublicOnlyResolver | None, *own: Origin) -> GuardMiddleware:
    made = GuardMiddleware(SimpleNamespace())
    made._own, made._resolver = frozenset(own), names
    return made


def test_the_guard_refuses_written_addresses_and_remembered_names() -> None:
    own = ("10.0.0.1", 80)
    names = resolver(own)
    names.refused[("news.test", 443)] = "it is inside"
    ours, theirs = guard(names, own), guard(names)
    ours.process_request(Request("http://10.0.0.1/a"))
    ours.process_request(Request("https://other.test/"))
    for middleware, url in (
        (theirs, "http://10.0.0.1/a"),
        (ours, "http://10.0.0.1:81/a"),
        (ours, "https://news.test/"),
    ):
        with pytest.raises(RefusedAddress):
            middleware.process_request(Request(url))


def test_a_name_that_another_site_opened_for_itself_is_refused() -> None:
    with pytest.raises(RefusedAddress, match=r"news\.test:80 is another site's own"):
        guard(resolver(("news.test", 80))).process_request(Request("http://news.test/"))


def test_without_our_resolver_no_name_passes() -> None:
    with pytest.raises(RefusedAddress, match="TWISTED_DNS_RESOLVER"):
        guard(None).process_request(Request("http://news.test/"))


def test_cannot_resolve_is_told_as_what_the_resolver_refused() -> None:
    names = resolver()
    names.refused[("news.test", 80)] = "it is inside"
    request = Request("http://news.test/")
    guard(names).process_exception(request, ValueError("other"))
    guard(resolver()).process_exception(request, CannotResolveHostError())
    with pytest.raises(RefusedAddress, match="it is inside"):
        guard(names).process_exception(request, CannotResolveHostError())


@pytest.mark.parametrize("private", [True, False])
def test_a_site_opens_its_own_origin_when_its_spider_does(
    request: pytest.FixtureRequest, private: bool
) -> None:
    from twisted.internet import reactor

    crawler, names = make_crawler(), resolver()
    before: Any = reactor.installNameResolver(names)
    request.addfinalizer(lambda: reactor.installNameResolver(before))
    middleware = GuardMiddleware.from_crawler(crawler)
    scope = Scope(hosts=frozenset({"10.0.0.1"}), private=private)
    site = make_site(start="http://10.0.0.1:8000/", scope=scope)
    crawler.signals.heard[signals.spider_opened](SimpleNamespace(run=SimpleNamespace(site=site)))
    assert names.opened == ({("10.0.0.1", 8000)} if private else set())
    page = Request("http://10.0.0.1:8000/a")
    if private:
        middleware.process_request(page)
    else:
        with pytest.raises(RefusedAddress):
            middleware.process_request(page)


@pytest.mark.parametrize(
    ("addresses", "heard"), [(["8.8.8.8", "9.9.9.9"], 2), (["8.8.8.8", "10.0.0.1"], 0)]
)
def test_a_connection_hears_all_addresses_or_none(addresses: list[str], heard: int) -> None:
    told: list[object] = []
    receiver = SimpleNamespace(
        resolutionBegan=told.append,
        addressResolved=lambda address: told.append(address.host),
        resolutionComplete=lambda: told.append("complete"),
    )
    ours = _Receiver(receiver, resolver(), ("news.test", 443))
    ours.resolutionBegan("began")
    for address in resolved(*addresses):
        ours.addressResolved(address)
    ours.resolutionComplete()
    assert told == ["began", *addresses[:heard], "complete"]


def test_an_address_written_in_a_url_is_named_in_the_refusal() -> None:
    with pytest.raises(RefusedAddress, match=r"^10\.0\.0\.1 is not a public address"):
        guard(resolver()).process_request(Request("http://10.0.0.1:81/"))


def test_twisted_resolves_with_our_receiver_in_between(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    receiver = SimpleNamespace(resolutionComplete=lambda: told.append("complete"))

    def resolve(self: object, ours: Any, host: str, port: int, *_: object) -> str:
        ours.addressResolved(SimpleNamespace(host="10.0.0.1"))
        ours.resolutionComplete()
        return f"resolving {host}:{port}"

    monkeypatch.setattr("scrapy.resolver.CachingHostnameResolver.resolveHostName", resolve)
    names = resolver()
    found: Any = names.resolveHostName(receiver, "News.test.", 80)
    assert (found, told) == ("resolving News.test.:80", ["complete"])
    assert set(names.refused) == {("news.test", 80)}
