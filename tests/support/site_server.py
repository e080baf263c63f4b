"""A small news site on the loopback, served by threads: pages, sources, and every trap we know.

Nothing is faked between it and the crawl: real sockets, real HTTP. `log` keeps who asked for
what and when, so that politeness is measured where it counts, at the far end.
"""

import gzip
import itertools
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self

HTML = "text/html; charset=utf-8"
XML = "application/xml"


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as the server saw it."""

    path: str  # with the query
    headers: Mapping[str, str]  # names in lower case
    at: float  # monotonic seconds


@dataclass(frozen=True, slots=True)
class Reply:
    """What a path answers: a whole body, or parts sent one by one with a pause before each."""

    body: bytes | Iterable[bytes] = b""
    status: int = 200
    content_type: str = HTML
    headers: Mapping[str, str] = field(default_factory=dict)
    pause: float = 0.0  # seconds before each part
    reset: bool = False  # the connection is torn down instead of an answer


Answer = Reply | Callable[[Asked], Reply]


class SiteServer:
    """A site: `pages` maps a path to its answer and may be changed while it serves."""

    def __init__(self, host: str = "127.0.0.1", port: int = 0) -> None:
        self.pages: dict[str, Answer] = {}
        self.log: list[Asked] = []
        self._server = _Server((host, port), _handler_for(self))
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.02,), daemon=True
        )

    @property
    def url(self) -> str:
        """The origin, without a slash at its end."""
        host, port = self._server.server_address[:2]
        return f"http://{host!s}:{port}"

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._server.server_address[1])

    def page(self, path: str, body: str, **more: object) -> str:
        """Puts a page up (or another in its place); returns its URL."""
        self.pages[path] = Reply(body.encode(), **more)
        return self.url + path

    def asked(self, path: str) -> list[Asked]:
        """The requests for a path, in order."""
        return [asked for asked in self.log if asked.path == path]

    def gaps(self) -> list[float]:
        """Seconds between one request and the next, in order of arrival."""
        times = sorted(asked.at for asked in self.log)
        return [later - sooner for sooner, later in itertools.pairwise(times)]

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_fault: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False  # a slow drip must not hold the test

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that goes away is what half of the traps are about: no traceback."""


def _handler_for(site: SiteServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            asked = Asked(self.path, headers, time.monotonic())
            site.log.append(asked)
            answer = site.pages.get(self.path, Reply(b"<h1>Not found</h1>", 404))
            reply = answer(asked) if callable(answer) else answer
            if reply.reset:
                _tear_down(self)
            else:
                _send(self, asked, reply)

        def log_message(self, format: str, *args: object) -> None:
            """The site's own log is `log`; stderr stays clean."""

    return Handler


def _send(handler: BaseHTTPRequestHandler, asked: Asked, reply: Reply) -> None:
    etag = reply.headers.get("ETag")
    if etag and asked.headers.get("if-none-match") == etag:
        reply = Reply(status=304, headers=reply.headers)
    handler.send_response(reply.status)
    handler.send_header("Content-Type", reply.content_type)
    for name, value in reply.headers.items():
        handler.send_header(name, value)
    whole = isinstance(reply.body, bytes)
    if isinstance(reply.body, bytes):
        handler.send_header("Content-Length", str(len(reply.body)))
    else:
        handler.send_header("Connection", "close")
        handler.close_connection = True
    handler.end_headers()
    for part in [reply.body] if isinstance(reply.body, bytes) else reply.body:
        time.sleep(reply.pause)
        handler.wfile.write(part)
        if not whole:
            handler.wfile.flush()


def _tear_down(handler: BaseHTTPRequestHandler) -> None:
    # SO_LINGER 0: close sends RST, not FIN
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.close_connection = True
    handler.connection.close()


# what a news site is made of


def article(title: str, paragraphs: Iterable[str], language: str = "en", more: str = "") -> str:
    """An article's page, with a menu and a footer round it; an empty title leaves it out."""
    body = "\n".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    name = f"<title>{title} - The Daily Loop</title>" if title else ""
    head = f"<h1>{title}</h1>" if title else ""
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">{name}{more}</head>'
        '<body><header><nav><a href="/">Home</a> <a href="/about">About us</a></nav></header>'
        f"<main><article>{head}{body}</article></main>"
        "<footer>The Daily Loop, 1 Loop Street</footer></body></html>"
    )


def sitemap(urls: Iterable[str]) -> str:
    """A sitemap that names `urls`."""
    entries = "".join(f"<url><loc>{url}</loc></url>" for url in urls)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</urlset>'
    )


def feed(items: Iterable[tuple[str, str]]) -> str:
    """An RSS feed of (URL, title)."""
    entries = "".join(
        f"<item><title>{title}</title><link>{url}</link></item>" for url, title in items
    )
    return f'<rss version="2.0"><channel><title>Loop</title>{entries}</channel></rss>'


# traps


def busy(times: int, status: int, retry_after: str, then: Reply) -> Callable[[Asked], Reply]:
    """Answers `status` with Retry-After so many times, and `then` after that."""
    left = iter(range(times))

    def answer(asked: Asked) -> Reply:
        if next(left, None) is None:
            return then
        return Reply(b"busy", status, headers={"Retry-After": retry_after})

    return answer


def flood(megabytes: int) -> Reply:
    """A page of so many megabytes, streamed without saying how long it is."""
    line = b"<p>" + b"more and more words " * 3276 + b"</p>\n"
    return Reply(body=_Repeated(line, megabytes * 16))


def drip(seconds: float) -> Reply:
    """A page that sends a byte every half second for so long."""
    return Reply(body=_Repeated(b"x", int(seconds * 2)), pause=0.5)


def bomb(megabytes: int) -> Reply:
    """A small gzip body that opens to so many megabytes."""
    packed = gzip.compress(b"\0" * (megabytes << 20), 9)
    return Reply(packed, headers={"Content-Encoding": "gzip"})


def redirect(to: str, status: int = 302) -> Reply:
    """A redirect to `to`."""
    return Reply(status=status, headers={"Location": to})


@dataclass(frozen=True, slots=True)
class _Repeated:
    """The same part, many times over: each request starts anew."""

    part: bytes
    times: int

    def __iter__(self) -> Iterator[bytes]:
        return (self.part for _ in range(self.times))
