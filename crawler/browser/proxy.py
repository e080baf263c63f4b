"""The one way out of the browser: a proxy on the loopback that connects only where we may.

It serves whoever knows the secret of a page that is being rendered, resolves each name itself, and
connects to no address but those that were checked. What a name is when a page asks for it is thus
what is connected to. With WINNOW_PROXY it hands on, to that proxy alone, what was checked.
"""

import asyncio
from asyncio import StreamReader, StreamWriter
from collections.abc import Awaitable, Callable, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field
from typing import Final

from crawler.browser.proxy_heads import (
    END,
    Asked,
    BadHead,
    answer_head,
    connect_head,
    forwarded_head,
    is_interim,
    is_open,
    read_request,
)
from crawler.browser.traffic import Traffic
from crawler.middlewares.proxy import Proxy
from crawler.middlewares.refusals import Refusal

# the addresses of an origin, all of them checked; raises Refusal, and OSError for no such name
Resolve = Callable[[tuple[str, int]], Awaitable[Sequence[str]]]

_HEAD: Final = 64 << 10  # bytes of a head at most
_PIECE: Final = 64 << 10
_PATIENCE: Final = 15.0  # seconds for a head, and for a connection to each address
_ASKS: Final = b'Proxy-Authenticate: Basic realm="winnow"\r\n'


class GuardingProxy:
    """Serves the pages that were let in, at a port of 127.0.0.1.

    `upstream`: the proxy that is asked in the place of servers.
    """

    def __init__(self, upstream: Proxy | None = None) -> None:
        self._upstream = upstream
        self._pages: dict[bytes, _Page] = {}  # by their credentials
        self._tasks: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None

    @property
    def port(self) -> int:
        """The port, once it is started."""
        if self._server is None:
            raise RuntimeError("the proxy is not started")
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    async def start(self) -> None:
        """Listens, at a port that the system gives."""
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0, limit=_HEAD)

    def let_in(self, traffic: Traffic, resolve: Resolve) -> None:
        """From now on the page may connect, where `resolve` names addresses."""
        self._pages[traffic.credentials] = _Page(traffic, resolve, self._upstream)

    def shut_out(self, traffic: Traffic) -> None:
        """Ends all connections of the page; there will be no other."""
        page = self._pages.pop(traffic.credentials, None)
        for task in page.tasks if page else ():
            task.cancel()

    async def close(self) -> None:
        """Ends all connections, and listens no more."""
        if self._server is not None:
            self._server.close()
            self._server = None
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _accept(self, reader: StreamReader, writer: StreamWriter) -> None:
        task = asyncio.ensure_future(self._serve(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, reader: StreamReader, writer: StreamWriter) -> None:
        with closing(writer), suppress(OSError, EOFError, TimeoutError):  # either side went away
            try:
                head = await asyncio.wait_for(reader.readuntil(END), _PATIENCE)
                asked = read_request(head)
            except (BadHead, asyncio.LimitOverrunError):
                await _say(writer, "400 Bad Request")
                return
            page = self._pages.get(asked.credentials)
            task = asyncio.current_task()
            if page is None or task is None:
                await _say(writer, "407 Proxy Authentication Required", _ASKS)
                return
            page.tasks.add(task)
            task.add_done_callback(page.tasks.discard)
            await page.serve(asked, reader, writer)


@dataclass(slots=True)
class _Page:
    """A page that was let in, and its connections."""

    traffic: Traffic
    resolve: Resolve
    upstream: Proxy | None
    tasks: set[asyncio.Task[None]] = field(default_factory=set)

    async def serve(self, asked: Asked, reader: StreamReader, writer: StreamWriter) -> None:
        """One request: refused, or passed to its server and answered."""
        if not self.traffic.connect():
            await _say(writer, "429 Too Many Requests")
            return
        try:
            addresses = await self.resolve(asked.origin)
        except Refusal as refusal:
            self.traffic.refuse(refusal.reason)
            await _say(writer, "403 Forbidden")
            return
        except OSError:
            addresses = ()  # the name has none
        if self.upstream is None:
            there, back = await _connect(addresses, asked.origin[1], writer)
        else:
            there, back = await _connect([self.upstream.host], self.upstream.port, writer)
        with closing(back):
            head = asked.head
            if self.upstream is not None:
                head = await self._hand_on(self.upstream, asked, there, back, writer)
            if head is None:
                writer.write(b"HTTP/1.1 200 OK" + END)
            else:
                self._count(len(head))
                back.write(head)
            up = asyncio.ensure_future(self._pump(reader, back))
            down = asyncio.ensure_future(self._answer(there, writer, asked.head is None))
            try:
                await (asyncio.gather(up, down) if asked.head is None else down)
            finally:
                up.cancel()
                down.cancel()
                await asyncio.gather(up, down, return_exceptions=True)

    async def _hand_on(
        self,
        proxy: Proxy,
        asked: Asked,
        there: StreamReader,
        back: StreamWriter,
        writer: StreamWriter,
    ) -> bytes | None:
        """What the other proxy is sent; None once it opened a tunnel. Raises EOFError for none."""
        if asked.head is not None:
            return forwarded_head(asked, proxy.authorization)
        back.write(connect_head(asked.origin, proxy.authorization))
        try:
            opened = is_open(await asyncio.wait_for(there.readuntil(END), _PATIENCE))
        except (EOFError, asyncio.LimitOverrunError, TimeoutError):
            opened = False
        if not opened:
            await _say(writer, "502 Bad Gateway")
            raise EOFError("the other proxy opens no tunnel")
        return None

    async def _answer(self, there: StreamReader, writer: StreamWriter, is_tunnel: bool) -> None:
        is_head = not is_tunnel
        while is_head:
            try:
                head = await there.readuntil(END)
            except asyncio.LimitOverrunError as long:
                raise EOFError("the head of the answer is too long") from long
            self._count(len(head))
            writer.write(answer_head(head))
            is_head = is_interim(head)
        await self._pump(there, writer)

    async def _pump(self, reader: StreamReader, writer: StreamWriter) -> None:
        """Passes on what comes until its end."""
        while piece := await reader.read(_PIECE):
            self._count(len(piece))
            writer.write(piece)
            await writer.drain()
        if writer.can_write_eof():
            writer.write_eof()

    def _count(self, size: int) -> None:
        """Raises EOFError where it is more than the page may bring."""
        if not self.traffic.count(size):
            raise EOFError("more bytes than a page may bring")


async def _connect(
    addresses: Sequence[str], port: int, writer: StreamWriter
) -> tuple[StreamReader, StreamWriter]:
    """A connection to the first address that takes one; raises OSError, once it is said."""
    fault: Exception = OSError("the name has no address")
    for address in addresses:
        try:
            return await asyncio.wait_for(
                asyncio.open_connection(address, port, limit=_HEAD), _PATIENCE
            )
        except (OSError, TimeoutError) as failed:
            fault = failed
    await _say(writer, "502 Bad Gateway")
    raise fault


async def _say(writer: StreamWriter, status: str, more: bytes = b"") -> None:
    writer.write(
        b"HTTP/1.1 %s\r\n%sContent-Length: 0\r\nConnection: close" % (status.encode(), more) + END
    )
    await writer.drain()
