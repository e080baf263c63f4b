"""The proxy over real sockets: who may use it, where it connects, what it counts."""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Sequence

from crawler.browser.proxy import GuardingProxy, Resolve
from crawler.browser.proxy_heads import END
from crawler.browser.traffic import Traffic
from crawler.middlewares.proxy import Proxy, proxy_of
from crawler.middlewares.refusals import RefusedAddress
from tests.support.forward_proxy import ForwardProxy
from tests.support.listener import Listener
from tests.support.site_server import Reply, SiteServer


async def anywhere(origin: tuple[str, int]) -> Sequence[str]:
    return ["127.0.0.1"]


async def nowhere(origin: tuple[str, int]) -> Sequence[str]:
    raise RefusedAddress(f"{origin[0]} is not a public address")


async def nameless(origin: tuple[str, int]) -> Sequence[str]:
    return []


async def send(port: int, request: bytes) -> bytes:
    """The whole answer to a request, until the connection ends."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request)
    answer = await reader.read()
    writer.close()
    return answer


def get(url: str, traffic: Traffic | None, *more: str) -> bytes:
    lines = [f"GET {url} HTTP/1.1", "Host: x", *more]
    lines += [f"Proxy-Authorization: {traffic.credentials.decode()}"] if traffic else []
    return "\r\n".join(lines).encode() + END


def through(
    resolve: Resolve,
    work: Callable[[GuardingProxy, Traffic], Awaitable[None]],
    most: int = 1_000_000,
    upstream: Proxy | None = None,
) -> Traffic:
    """What passed while `work` used a proxy into which one page was let."""
    traffic = Traffic(most)

    async def do() -> None:
        proxy = GuardingProxy(upstream)
        await proxy.start()
        proxy.let_in(traffic, resolve)
        try:
            await work(proxy, traffic)
        finally:
            await proxy.close()

    asyncio.run(do())
    return traffic


def test_a_page_gets_what_its_server_answers() -> None:
    with SiteServer() as site:
        site.page("/data.json", '{"title": "Über дорогу, 道"}', content_type="application/json")

        async def work(proxy: GuardingProxy, traffic: Traffic) -> None:
            answer = await send(proxy.port, get(f"{site.url}/data.json", traffic))
            assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
            assert answer.endswith('{"title": "Über дорогу, 道"}'.encode())

        traffic = through(anywhere, work)
        asked = site.asked("/data.json")[0].headers
    assert asked["host"] == site.url.removeprefix("http://")
    assert "proxy-authorization" not in asked
    assert traffic.passed > 100 and traffic.connections == 1


def test_whoever_does_not_know_a_pages_secret_is_refused() -> None:
    with SiteServer() as site:
        site.page("/", "hello")

        async def work(proxy: GuardingProxy, traffic: Traffic) -> None:
            for stranger in (None, Traffic(1)):
                answer = await send(proxy.port, get(f"{site.url}/", stranger))
                assert answer.startswith(b"HTTP/1.1 407 ")
            tunnel = f"CONNECT {site.url.removeprefix('http://')} HTTP/1.1".encode() + END
            assert (await send(proxy.port, tunnel)).startswith(b"HTTP/1.1 407 ")
            assert (await send(proxy.port, b"nonsense" + END)).startswith(b"HTTP/1.1 400 ")
            assert (await send(proxy.port, b"x" * 200_000)).startswith(b"HTTP/1.1 400 ")

        through(anywhere, work)
        assert site.log == []


def test_no_connection_is_made_to_what_is_refused() -> None:
    with SiteServer() as site:

        async def work(proxy: GuardingProxy, traffic: Traffic) -> None:
            assert (await send(proxy.port, get(f"{site.url}/", traffic))).startswith(
                b"HTTP/1.1 403 "
            )

        traffic = through(nowhere, work)
        assert site.log == []
    assert traffic.refused == ["127.0.0.1 is not a public address"]


def test_a_name_without_address_and_a_dead_port_are_bad_gateways() -> None:
    async def work(proxy: GuardingProxy, traffic: Traffic) -> None:
        answer = await send(proxy.port, get("http://127.0.0.1:1/", traffic))
        assert answer.startswith(b"HTTP/1.1 502 ")

    through(nameless, work)
    through(anywhere, work)


def test_a_tunnel_passes_bytes_both_ways() -> None:
    with SiteServer() as site:
        site.page("/in", "inside")
        host = site.url.removeprefix("http://")

        async def work(proxy: GuardingProxy, traffic: Traffic) -> None:
            reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
            secret = traffic.credentials.decode()
            writer.write(f"CONNECT {host} HTTP/1.1\r\nProxy-Authorization: {secret}".encode() + END)
            assert (await reader.readuntil(END)).startswith(b"HTTP/1.1 200 ")
            writer.write(b"GET /in HTTP/1.1\r\nHost: h\r\nConnection: close" + END)
            assert (await reader.read()).endswith(b"inside")
            writer.close()

        through(anywhere, work)


def test_a_body_is_cut_where_it_is_more_than_a_page_may_bring() -> None:
    with SiteServer() as site:
        site.page("/large", "x" * 500_000)

        async def work(proxy: GuardingProxy, traffic: Traffic) -> None:
            answer = await send(proxy.port, get(f"{site.url}/large", traffic))
            assert len(answer) < 200_000
            again = await send(proxy.port, get(f"{site.url}/large", traffic))
            assert again.startswith(b"HTTP/1.1 429 ")

        traffic = through(anywhere, work, most=100_000)
    assert traffic.is_over


def test_a_page_that_is_shut_out_loses_its_connections() -> None:
    with SiteServer() as site:
        site.pages["/slow"] = Reply(iter([b"one"] * 2_000), pause=0.05)

        async def work(proxy: GuardingProxy, traffic: Traffic) -> None:
            reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
            writer.write(get(f"{site.url}/slow", traffic))
            await reader.readuntil(b"one")
            proxy.shut_out(traffic)
            await asyncio.wait_for(reader.read(), 5)
            writer.close()
            answer = await send(proxy.port, get(f"{site.url}/slow", traffic))
            assert answer.startswith(b"HTTP/1.1 407 ")

        through(anywhere, work)


class Hinting(Listener):
    """Answers with a hint and then with a page, and keeps the connection."""

    def answer(self, connection: socket.socket) -> None:
        connection.recv(4096)
        connection.sendall(
            b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>" + END + b"HTTP/1.1 200 OK\r\n"
            b"Connection: keep-alive\r\nKeep-Alive: timeout=60\r\nContent-Length: 4" + END + b"late"
        )
        connection.recv(1)
        connection.close()


def test_a_hint_comes_before_the_answer_and_neither_keeps_the_connection() -> None:
    with Hinting() as server:

        async def work(proxy: GuardingProxy, traffic: Traffic) -> None:
            reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
            writer.write(get(f"http://127.0.0.1:{server.port}/", traffic))
            hint = await asyncio.wait_for(reader.readuntil(END), 5)
            answer = await asyncio.wait_for(reader.readuntil(b"late"), 5)
            writer.close()
            assert b" 103 " in hint and b" 200 " in answer
            assert b"Connection: close" in answer and b"keep-alive" not in answer.lower()

        through(anywhere, work)


def test_another_proxy_gets_what_was_checked_and_nothing_else() -> None:
    with SiteServer() as site, ForwardProxy("me:s3cret") as other:
        site.page("/data.json", "[1]", content_type="application/json")
        other.routes["api.example"] = int(site.url.rpartition(":")[2])

        async def work(proxy: GuardingProxy, traffic: Traffic) -> None:
            url = "http://api.example/data.json?a=b"
            site.page("/data.json?a=b", "[2]")
            answer = await send(proxy.port, get(url, traffic))
            assert answer.startswith(b"HTTP/1.1 200 OK") and answer.endswith(b"[2]")
            reader, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
            tunnel = f"CONNECT api.example:443 HTTP/1.1\r\nProxy-Authorization: {known(traffic)}"
            writer.write(tunnel.encode() + END)
            assert (await reader.readuntil(END)).startswith(b"HTTP/1.1 200")
            writer.write(b"GET /data.json HTTP/1.1\r\nHost: x\r\nConnection: close" + END)
            assert (await reader.read()).endswith(b"[1]")
            writer.close()

        through(nameless, work, upstream=proxy_of(other.url))
        assert other.targets == ["http://api.example/data.json?a=b", "api.example:443"]
        assert not any("proxy-authorization" in asked.headers for asked in site.log)


def test_another_proxy_that_refuses_or_is_down_fails_that_request_alone() -> None:
    with SiteServer() as site, ForwardProxy() as other:
        other.refused["api.example"] = "403 Forbidden"
        tunnel = "CONNECT api.example:443 HTTP/1.1\r\nProxy-Authorization: "

        async def work(proxy: GuardingProxy, traffic: Traffic) -> None:
            asked = (tunnel + known(traffic)).encode() + END
            assert (await send(proxy.port, asked)).startswith(b"HTTP/1.1 502 Bad Gateway")

        through(nameless, work, upstream=proxy_of(other.url))
        through(nameless, work, upstream=Proxy("127.0.0.1", 9))
        asked_before = len(other.log)
        assert asked_before == 1

        async def forbidden(proxy: GuardingProxy, traffic: Traffic) -> None:
            answer = await send(proxy.port, get(f"{site.url}/x", traffic))
            assert answer.startswith(b"HTTP/1.1 403")

        through(nowhere, forbidden, upstream=proxy_of(other.url))
        assert len(other.log) == asked_before and site.log == []


def known(traffic: Traffic) -> str:
    return traffic.credentials.decode()
