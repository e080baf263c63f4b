"""A small forwarding proxy on the loopback: HTTP by absolute address, and tunnels by CONNECT.

It resolves names itself, from `routes`, as a real proxy does: a test's sites have public names
there that no machine knows.
"""

import base64
import re
import socket
import threading
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

from tests.support.listener import Listener, shut

_END = b"\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Passed:
    """One request as the proxy saw it."""

    method: str
    target: str  # an address, or host:port of CONNECT
    authorization: str  # '' if there was none


class ForwardProxy(Listener):
    """`log` keeps what was asked for; `routes` maps a host to where it is."""

    def __init__(self, login: str = "") -> None:
        super().__init__()
        self.login = login  # user:password that is asked for; '': nobody is asked
        self.routes: dict[str, int] = {}  # a host's name: a port of the loopback
        self.log: list[Passed] = []
        self.refused: dict[str, str] = {}  # a host's name: the status that it gets

    @property
    def url(self) -> str:
        """What WINNOW_PROXY is set to, with the login."""
        login = f"{self.login}@" if self.login else ""
        return f"http://{login}127.0.0.1:{self.port}"

    @property
    def targets(self) -> list[str]:
        """What was asked for, in order."""
        return [passed.target for passed in self.log]

    def answer(self, connection: socket.socket) -> None:
        """One request, and all that follows on its connection."""
        with connection, suppress(OSError):
            head = _head_of(connection)
            if head is None:
                return
            method, target, _ = head.split(b"\r\n")[0].decode().split(" ")
            found = re.search(rb"(?im)^proxy-authorization:\s*(\S.*?)\r?$", head)
            self.log.append(Passed(method, target, found[1].decode() if found else ""))
            wanted = f"Basic {base64.b64encode(self.login.encode()).decode()}"
            if self.login and self.log[-1].authorization != wanted:
                _say(connection, "407 Who are you", "Proxy-Authenticate: Basic realm=x\r\n")
                return
            parts = urlsplit(f"//{target}" if method == "CONNECT" else target)
            host, port = parts.hostname or "", parts.port or 80
            if host in self.refused:
                _say(connection, self.refused[host])
                return
            there = self.routes.get(host) or (port if host == "127.0.0.1" else None)
            if there is None:
                _say(connection, "502 No such name")
                return
            self._carry_on(connection, there, method, target, head)

    def _carry_on(
        self, connection: socket.socket, port: int, method: str, target: str, head: bytes
    ) -> None:
        with socket.create_connection(("127.0.0.1", port)) as server:
            if method == "CONNECT":
                connection.sendall(b"HTTP/1.1 200 Connection established" + _END)
            else:
                server.sendall(_forwarded(head, target))
            back = threading.Thread(target=_carry, args=(server, connection), daemon=True)
            back.start()
            if method == "CONNECT":
                _carry(connection, server)
            back.join()


def _head_of(connection: socket.socket) -> bytes | None:
    head = b""
    while _END not in head:
        piece = connection.recv(65536)
        if not piece:
            return None
        head += piece
    return head


def _forwarded(head: bytes, target: str) -> bytes:
    """The request as its server gets it: a path, and one request a connection."""
    first, *lines = head.removesuffix(_END).split(b"\r\n")
    parts = urlsplit(target)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    kept = [line for line in lines if not line.lower().startswith((b"proxy-", b"connection"))]
    method = first.split(b" ")[0]
    return (
        b"\r\n".join([b"%s %s HTTP/1.1" % (method, path.encode()), *kept, b"Connection: close"])
        + _END
    )


def _say(connection: socket.socket, status: str, more: str = "") -> None:
    head = f"HTTP/1.1 {status}\r\n{more}Content-Length: 0\r\nConnection: close"
    connection.sendall(head.encode() + _END)


def _carry(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while piece := source.recv(65536):
            sink.sendall(piece)
    shut(sink)
