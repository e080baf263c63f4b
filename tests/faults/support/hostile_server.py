"""A server without manners: each path sends the bytes that it was given, whatever HTTP says."""

import socket
import time
from collections.abc import Callable, Iterable
from contextlib import suppress

from tests.support.listener import Listener
from tests.support.site_server import Asked

# the bytes of an answer, part by part; a generator may pause in between, or never end
Behaviour = Callable[[Asked], Iterable[bytes]]
MISSING = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class HostileServer(Listener):
    """Raw sockets on the loopback: `pages` maps a path to its behaviour, `log` is what came.

    One connection is one request: it is closed after each answer.
    """

    def __init__(self) -> None:
        super().__init__()
        self.pages: dict[str, Behaviour] = {}
        self.log: list[Asked] = []
        self.sent: dict[str, int] = {}  # bytes that were taken from us, by path

    @property
    def url(self) -> str:
        """The origin, without a slash at its end."""
        return f"http://127.0.0.1:{self.port}"

    def asked(self, path: str) -> list[Asked]:
        """The requests for a path, in order."""
        return [asked for asked in self.log if asked.path == path]

    def answer(self, connection: socket.socket) -> None:
        """Sends the bytes of the path that is asked for."""
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
                if self._closing:
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
