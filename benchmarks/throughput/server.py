"""The sites that are crawled, served by a process of its own whose CPU counts for nobody.

Each site has an address of 127/8 and a port of its own, robots.txt, a front page and a sitemap.
HTTP/1.1 with keep-alive, validators and gzip; all is made before the first request.
"""

import asyncio
import gzip
import json
import pickle
import resource
import socket
import subprocess
import sys
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

from benchmarks.throughput.bodies import ORIGIN, Body

_HTML: Final = "text/html; charset=utf-8"
_ALL: Final = 10**9


@dataclass(frozen=True, slots=True)
class Served:
    """The running server."""

    origins: list[str]  # of each site, without a slash at its end
    _process: "subprocess.Popen[bytes]"

    def show(self, pages: int) -> None:
        """Has every sitemap list so many pages of its site, the first ones; all are there."""
        self._say({"show": pages})

    def asked(self) -> dict[str, int]:
        """Answers by status since the start, for all sites together."""
        return {str(status): n for status, n in self._say({}).items()}

    def _say(self, what: dict[str, int]) -> dict[str, int]:
        if self._process.stdin is None or self._process.stdout is None:
            raise RuntimeError("the server has no pipes")
        self._process.stdin.write(json.dumps(what).encode() + b"\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"the server ended with {self._process.wait()}")
        found: dict[str, int] = json.loads(line)
        return found


@contextmanager
def serving(sites: Sequence[Sequence[Body]], folder: Path) -> Iterator[Served]:
    """Serves the sites until the block ends; what it says goes to server.out in `folder`."""
    data = folder / "served.pickle"
    data.write_bytes(pickle.dumps([[tuple(body) for body in site] for site in sites]))
    command = [sys.executable, "-m", "benchmarks.throughput.server", str(data)]
    with (folder / "server.out").open("wb") as out:
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=out,
            cwd=Path(__file__).parents[2],
        )  # fmt: skip
    try:
        if process.stdout is None:
            raise RuntimeError("the server has no pipes")
        line = process.stdout.readline()
        if not line:
            raise RuntimeError((folder / "server.out").read_text("utf-8"))
        yield Served(json.loads(line), process)
    finally:
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()


class _Answer(NamedTuple):
    """A body in both codings, with the lines of its head that do not depend on the request."""

    head: bytes
    etag: bytes
    plain: bytes | None  # None: made of `packed` where somebody asks for it
    packed: bytes


def _answer(body: bytes, content_type: str = _HTML) -> _Answer:
    etag = b'"%08x"' % zlib.crc32(body)
    head = b"Content-Type: %s\r\nETag: %s\r\n" % (content_type.encode(), etag)
    packed = gzip.compress(body, 6, mtime=0)
    return _Answer(head, etag, body if len(body) < 10_000 else None, packed)


class _Site:
    """One site's answers by path; `show` may change its sitemap."""

    def __init__(self, origin: str, bodies: Sequence[Body]) -> None:
        self._urls = [origin + path for path, _ in bodies]
        own = origin.encode()
        robots = f"User-agent: *\nAllow: /\nSitemap: {origin}/sitemap.xml\n".encode()
        front = b"<html><head><title>Front</title></head><body><h1>News</h1></body></html>"
        self.answers = {
            path.encode(): _answer(html.replace(ORIGIN.encode(), own)) for path, html in bodies
        }
        self.answers[b"/robots.txt"] = _answer(robots, "text/plain")
        self.answers[b"/"] = _answer(front)
        self.show(_ALL)

    def show(self, pages: int) -> None:
        urls = "".join(f"<url><loc>{url}</loc></url>\n" for url in self._urls[:pages])
        space = "http://www.sitemaps.org/schemas/sitemap/0.9"
        document = f'<?xml version="1.0"?>\n<urlset xmlns="{space}">\n{urls}</urlset>\n'
        self.answers[b"/sitemap.xml"] = _answer(document.encode(), "application/xml")


class _Connection(asyncio.Protocol):
    def __init__(self, site: _Site, asked: dict[int, int]) -> None:
        self._site = site
        self._asked = asked
        self._waiting = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if isinstance(transport, asyncio.Transport):
            self._transport = transport

    def data_received(self, data: bytes) -> None:
        *heads, self._waiting = (self._waiting + data).split(b"\r\n\r\n")
        for head in heads:
            if self._transport is not None:
                self._transport.writelines(self._reply(head))

    def _reply(self, head: bytes) -> list[bytes]:
        path = head.split(b" ", 2)[1].partition(b"?")[0]
        lines = {
            name.strip().lower(): value.strip()
            for name, _, value in (line.partition(b":") for line in head.split(b"\r\n")[1:])
        }
        found = self._site.answers.get(path)
        if found is None:
            return self._count(404, b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
        if lines.get(b"if-none-match") == found.etag:
            return self._count(304, b"HTTP/1.1 304 Not Modified\r\nETag: %s\r\n\r\n" % found.etag)
        body, coding = found.packed, b"Content-Encoding: gzip\r\n"
        if b"gzip" not in lines.get(b"accept-encoding", b""):
            body, coding = found.plain or gzip.decompress(found.packed), b""
        head = b"HTTP/1.1 200 OK\r\n%s%sContent-Length: %d\r\n\r\n"
        return self._count(200, head % (found.head, coding, len(body)), body)

    def _count(self, status: int, *parts: bytes) -> list[bytes]:
        self._asked[status] = self._asked.get(status, 0) + 1
        return list(parts)


async def _serve(data: Path) -> None:
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))  # each site listens, and is asked
    loop = asyncio.get_running_loop()
    sites: list[_Site] = []
    asked: dict[int, int] = {}
    origins = []
    for number, pages in enumerate(pickle.loads(data.read_bytes())):
        listener = socket.create_server((f"127.0.{1 + number // 250}.{1 + number % 250}", 0))
        host, port = listener.getsockname()
        origins.append(f"http://{host}:{port}")
        sites.append(_Site(origins[-1], [Body(*page) for page in pages]))
        await loop.create_server(_connections(sites[-1], asked), sock=listener)
    print(json.dumps(origins), flush=True)
    while line := await asyncio.to_thread(sys.stdin.readline):
        what = json.loads(line)
        for site in sites:
            if "show" in what:
                site.show(what["show"])
        print(json.dumps(asked), flush=True)


def _connections(site: _Site, asked: dict[int, int]) -> Callable[[], _Connection]:
    return lambda: _Connection(site, asked)


if __name__ == "__main__":
    asyncio.run(_serve(Path(sys.argv[1])))
