"""Crawls through a real proxy: what passes it, what does not, and whose fault a failure is."""

import asyncio
import gzip
import socket
import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest
from scrapy import Request

from crawler.middlewares import proxy_handler
from crawler.middlewares.proxy import Proxy
from crawler.middlewares.proxy_handler import ProxyHandler, require_reachable
from crawler.middlewares.refusals import RefusedAddress
from crawler.operations.command import EXIT_FAILED, EXIT_RED, EXIT_USAGE
from models.errors import ProxyFailed
from models.tdm_rules import WELL_KNOWN
from tests.support.certificates import self_signed
from tests.support.desk import Desk
from tests.support.forward_proxy import ForwardProxy
from tests.support.site_server import Reply, SiteServer, article, feed, redirect

WORDS = ["The ferry line was opened again this morning after a long winter of repairs."] * 3
LOGIN = "me:s3cr%65t"  # s3cret
HOME = "http://paper.example"


@pytest.fixture
def site() -> Iterator[SiteServer]:
    with SiteServer() as server:
        server.page("/robots.txt", "User-agent: *\nDisallow: /private/\n")
        yield server


@pytest.fixture
def proxy(site: SiteServer) -> Iterator[ForwardProxy]:
    with ForwardProxy("me:s3cret") as made:
        made.routes["paper.example"] = int(site.url.rpartition(":")[2])
        yield made


@pytest.fixture
def desk(tmp_path: Path, sqlite_url: str, proxy: ForwardProxy) -> Desk:
    desk = Desk(tmp_path, sqlite_url)
    desk.environment["WINNOW_PROXY"] = proxy.url
    desk.environment |= {"http_proxy": "http://127.0.0.1:1", "no_proxy": "*"}  # both ignored
    desk.write_site("paper", f"{HOME}/", f'[scope]\n[sources]\nfeeds = ["{HOME}/rss"]')
    return desk


def publish(site: SiteServer, *paths: str) -> None:
    for path in paths:
        site.page(path, article(f"Story {path[-1]}", WORDS))
    site.page("/rss", feed([(HOME + path, f"Story {path[-1]}") for path in paths]))


def test_all_that_a_crawl_fetches_passes_the_proxy(
    site: SiteServer, proxy: ForwardProxy, desk: Desk
) -> None:
    publish(site, "/2026/05/24/a", "/private/b")
    desk.crawl("paper")
    assert {path: o for path, (o, _) in desk.outcomes().items()} == {
        "/2026/05/24/a": "stored",
        "/private/b": "robots",
    }
    paths = (WELL_KNOWN, "/2026/05/24/a", "/robots.txt", "/rss")
    assert sorted(proxy.targets) == [HOME + path for path in paths]
    assert len(proxy.log) == len(site.log)
    assert not any("proxy-authorization" in asked.headers for asked in site.log)
    files = (desk.folder / "archive").rglob("*.warc.gz")
    kept = b"".join(gzip.decompress(file.read_bytes()) for file in files)
    assert b"Story a" in kept and b"s3cret" not in kept and b"roxy" not in kept


def test_a_redirect_to_an_inner_address_ends_before_the_proxy(
    site: SiteServer, proxy: ForwardProxy, desk: Desk
) -> None:
    inner = ["http://127.0.0.1:9/x", "http://169.254.169.254/x", "http://localhost:9/x"]
    names = ["http://db/x", "http://kube.internal/x"]
    publish(site, *(f"/2026/05/24/{n}" for n in range(5)))
    for number, target in enumerate(inner + names):
        site.pages[f"/2026/05/24/{number}"] = redirect(target)
    hosts = '["paper.example", "127.0.0.1:9", "169.254.169.254", "localhost:9", "db",'
    scope = f'[scope]\nhosts = {hosts} "kube.internal"]\n'
    desk.write_site("paper", f"{HOME}/", f'{scope}[sources]\nfeeds = ["{HOME}/rss"]')
    desk.crawl("paper", code=EXIT_RED)
    assert [o for o, _ in desk.outcomes().values()] == ["refused_address"] * 5
    assert not [target for target in proxy.targets if "paper.example" not in target]


def test_a_proxy_that_is_down_is_our_fault_and_no_page_pays(
    site: SiteServer, proxy: ForwardProxy, desk: Desk
) -> None:
    publish(site, "/2026/05/24/a")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        down = taken.getsockname()[1]
    desk.environment["WINNOW_PROXY"] = f"http://{LOGIN}@127.0.0.1:{down}"
    for _ in range(3):  # as many failures as would be an alarm, if they were the site's
        done = desk.crawl("paper", code=EXIT_FAILED)
    line = f"the proxy http://127.0.0.1:{down} cannot be reached (Connection refused)"
    assert done.err.count("\n") == 1 and line in done.err, done.err
    assert "s3cr" not in done.printed
    run = desk.rows("select status, reason from runs")[0]
    assert run["status"] == "failed" and "all pages keep waiting" in run["reason"]
    assert desk.tuples("select state from v1_site_health") == [("ok",)]
    desk.environment["WINNOW_PROXY"] = proxy.url
    desk.crawl("paper")
    assert [o for o, _ in desk.outcomes().values()] == ["stored"]


@pytest.mark.parametrize("login", ["", "me:wrong@"])
def test_a_proxy_that_does_not_know_us_says_so_once(
    site: SiteServer, proxy: ForwardProxy, desk: Desk, login: str
) -> None:
    publish(site, "/2026/05/24/a")
    desk.environment["WINNOW_PROXY"] = f"http://{login}127.0.0.1:{proxy.port}"
    done = desk.crawl("paper", code=EXIT_FAILED)
    assert done.err.count("\n") == 1 and "(HTTP 407)" in done.err and "wrong" not in done.err
    assert site.log == []


def test_https_passes_by_a_tunnel_to_the_site_itself(
    site: SiteServer, proxy: ForwardProxy, desk: Desk, tmp_path: Path
) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(self_signed(tmp_path, "safe.example"))
    with SiteServer() as safe:
        safe._server.socket = context.wrap_socket(safe._server.socket, server_side=True)
        safe.page("/a", article("Safe story", WORDS))
        proxy.routes["safe.example"] = int(safe.url.rpartition(":")[2])
        url = "https://safe.example/a"
        fetched = desk.type("fetch", url, "--nolog", DOWNLOAD_VERIFY_CERTIFICATES=0)
        assert "Safe story" in fetched.out
        assert {(passed.method, passed.target) for passed in proxy.log} == {
            ("CONNECT", "safe.example:443")
        }
        assert not any("proxy-authorization" in asked.headers for asked in safe.log)
        headers = desk.type("fetch", url, "--headers", "--nolog", DOWNLOAD_VERIFY_CERTIFICATES=0)
        assert "roxy" not in headers.out
        safe.pages["/odd"] = Reply(b"who are you?", status=407)  # in the tunnel, so not the proxy
        odd = desk.type("fetch", "https://safe.example/odd", DOWNLOAD_VERIFY_CERTIFICATES=0)
        assert "who are you?" in odd.out
        refused = desk.type("fetch", url, code=EXIT_FAILED)
        assert "certificate" in refused.err and "s3cret" not in refused.err
        proxy.login = "other:word"
        unknown = desk.type("fetch", url, code=EXIT_FAILED)
        assert "refuses the user and password of WINNOW_PROXY (HTTP 407)" in unknown.err
        assert "s3cret" not in unknown.printed


def test_a_proxy_may_be_a_name_of_the_local_network_and_no_page_asks_for_it(
    site: SiteServer, proxy: ForwardProxy, desk: Desk
) -> None:
    site.page("/a", article("Safe story", WORDS))
    desk.environment["WINNOW_PROXY"] = f"http://me:s3cret@localhost:{proxy.port}"
    assert "Safe story" in desk.type("fetch", f"{HOME}/a", "--nolog").out
    proxy.refused["blocked.example"] = "403 Forbidden"
    tunnel = desk.type("fetch", "https://blocked.example/a", code=EXIT_FAILED, RETRY_TIMES=0)
    assert f"the proxy http://localhost:{proxy.port} answered 403 Forbidden" in tunnel.err
    asked = len(proxy.log)
    itself = desk.type("fetch", f"http://localhost:{proxy.port}/", code=EXIT_FAILED)
    assert f"refused_address: localhost:{proxy.port} is the proxy itself" in itself.err
    beside = desk.type("fetch", "http://localhost:9/", code=EXIT_FAILED)
    assert "refused_address: localhost is 127.0.0.1" in beside.err
    assert len(proxy.log) == asked


def test_a_tunnel_that_the_proxy_refuses_names_the_proxy(proxy: ForwardProxy, desk: Desk) -> None:
    proxy.refused["blocked.example"] = "403 Forbidden by policy"
    refused = desk.type("fetch", "https://blocked.example/a", code=EXIT_FAILED, RETRY_TIMES=0)
    url = f"http://127.0.0.1:{proxy.port}"
    assert f"the proxy {url} answered 403 Forbidden by policy" in refused.err
    assert refused.err.count("\n") == 1 and "s3cret" not in refused.err


def test_what_is_no_proxy_ends_each_command_before_it_fetches(site: SiteServer, desk: Desk) -> None:
    desk.environment["WINNOW_PROXY"] = "socks5://me:s3cret@127.0.0.1:1080"
    commands = [
        ("crawl", "discover", "-a", "site=paper"),
        ("visit",),
        ("sites", "add", f"{HOME}/"),
        ("fetch", f"{HOME}/"),
    ]
    for words in commands:
        done = desk.type(*words, code=EXIT_USAGE)
        assert done.err.startswith(f"scrapy {words[0]}: WINNOW_PROXY: socks5 is not spoken")
        assert done.err.count("\n") == 1 and "s3cret" not in done.err
    assert site.log == []


def test_a_visit_and_a_site_to_add_use_the_proxy_too(
    site: SiteServer, proxy: ForwardProxy, desk: Desk
) -> None:
    publish(site, "/2026/05/24/a")
    desk.type("visit", "paper")
    assert [o for o, _ in desk.outcomes("visit").values()] == ["stored"]
    link = f'<h2><a href="{HOME}/2026/05/24/a">Ferry line opens again today</a></h2>'
    site.page("/", f"<html><body>{link}</body></html>")
    before = len(proxy.log)
    (desk.sites / "paper.toml").unlink()  # else the site is known
    desk.type("sites", "add", f"{HOME}/", "--name", "again", DOWNLOAD_DELAY=0)
    assert len(proxy.log) > before and len(proxy.log) == len(site.log)
    desk.environment["WINNOW_PROXY"] = "http://127.0.0.1:9"
    (desk.sites / "again.toml").unlink()
    down = desk.type("sites", "add", f"{HOME}/", "--name", "third", code=EXIT_FAILED)
    assert "the proxy http://127.0.0.1:9 cannot be reached" in down.err
    assert down.err.count("\n") == 1


def test_a_proxy_is_reached_or_it_is_said_why(monkeypatch: pytest.MonkeyPatch) -> None:
    with ForwardProxy() as proxy:
        asyncio.run(require_reachable(Proxy("127.0.0.1", proxy.port)))

    async def never(*_words: object) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(asyncio, "open_connection", never)
    monkeypatch.setattr(proxy_handler, "_REACH", 0.01)
    with pytest.raises(ProxyFailed, match=r"squid:3128 cannot be reached \(no answer\)"):
        asyncio.run(require_reachable(Proxy("squid", 3128, "me", "s3cret")))

    async def unknown(*_words: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(asyncio, "open_connection", unknown)
    with pytest.raises(ProxyFailed, match=r"\(Name or service not known\)"):
        asyncio.run(require_reachable(Proxy("squid", 3128)))


def test_a_site_that_is_slow_behind_a_good_proxy_has_itself_timed_out(
    site: SiteServer, desk: Desk
) -> None:
    site.pages["/slow"] = Reply([b"x"] * 50, pause=0.2)
    more = {"DOWNLOAD_TIMEOUT": 0.5, "RETRY_TIMES": 0}
    slow = desk.type("fetch", f"{HOME}/slow", code=EXIT_FAILED, **more)
    assert ": timeout: " in slow.err and "the proxy" not in slow.err


def test_no_request_names_a_proxy_of_its_own() -> None:
    """Scrapy's own word for a proxy would lead past the guard."""
    handler = ProxyHandler.__new__(ProxyHandler)
    handler._proxy = handler._names = None
    with pytest.raises(RefusedAddress, match="a proxy of its own"):
        asyncio.run(
            handler.download_request(Request("http://a.example/", meta={"proxy": "http://b:1"}))
        )
