"""A server without manners: each path sends the bytes that it was given, whatever HTTP says."""

import socket
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from types import TracebackType
from typing import Self

from tests.support.site_server import Asked

# the bytes of an answer, part by part; a generator may pause in between, or never end
Behaviour = Callable[[Asked], Iterable[bytes]]
MISSING = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class HostileServer:
    """Raw sockets on the loopback: `pages` maps a path to its behaviour, `log` is what came.

    One connection is one request: it is closed after each answer.
    """

    def __init__(self) -> None:
        self.pages: dict[str, Behaviour] = {}
        self.log: list[Asked] = []
        self.sent: dict[str, int] = {}  # bytes that were taken from us, by path
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=64)
        self._open = True
        self._thread = threading.Thread(target=self._accept, daemon=True)

    @property
    def url(self) -> str:
        """The origin, without a slash at its end."""
        return f"http://127.0.0.1:{self._socket.getsockname()[1]}"

    def asked(self, path: str) -> list[Asked]:
        """The requests for a path, in order."""
        return [asked for asked in self.log if asked.path == path]

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._open = False
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)  # wakes `accept`
        self._socket.close()
        self._thread.join()

    def _accept(self) -> None:
        while self._open:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return  # closed
            threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):  # a client that has had enough is what we are for
            connection.settimeout(30)
            asked = _read(connection)
            if asked is None:
                return
            self.log.append(asked)
            behaviour = self.pages.get(asked.path)
            for part in behaviour(asked) if behaviour else [MISSING]:
                connection.sendall(part)
                self.sent[asked.path] = self.sent.get(asked.path, 0) + len(part)
                if not self._open:
                    return
            connection.shutdown(socket.SHUT_WR)  # FIN, not RST: what was sent arrives


def _read(connection: socket.socket) -> Asked | None:
    """The request; None where the client left."""
    head = b""
    while b"\r\n\r\n" not in head:
        part = connection.recv(65536)
        if not part:
            return None
        head += part
    first, *lines = head.partition(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")
    pairs = (line.partition(":") for line in lines)
    headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
    return Asked(first.split(" ")[1], headers, time.monotonic())
