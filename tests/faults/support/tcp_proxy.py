"""A TCP proxy before a database: it passes, cuts what is open, refuses, or takes its time."""

import socket
import threading
import time
from contextlib import suppress
from types import TracebackType
from typing import Self

from sqlalchemy import make_url

PORTS = {"postgresql": 5432, "mysql": 3306}


class TcpProxy:
    """Stands at a port of its own for the server at a database's URL; the server is untouched."""

    def __init__(self, url: str) -> None:
        self._target = make_url(url)
        port = self._target.port or PORTS[self._target.get_backend_name()]
        self._server = (self._target.host or "127.0.0.1", port)
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=64)
        self._pairs: list[tuple[socket.socket, socket.socket]] = []
        self._lock = threading.Lock()
        self._refusing = False
        self.pause = 0.0  # seconds before each part, in both directions
        self.refused = 0  # connections that came while we refused
        self._thread = threading.Thread(target=self._accept, daemon=True)

    @property
    def url(self) -> str:
        """The database's URL, by way of the proxy."""
        there = self._target.set(host="127.0.0.1", port=self._socket.getsockname()[1])
        return there.render_as_string(hide_password=False)

    @property
    def open(self) -> int:
        """Connections that are open."""
        with self._lock:
            return len(self._pairs)

    def cut(self) -> None:
        """Tears down every open connection."""
        with self._lock:
            pairs, self._pairs = self._pairs, []
        for pair in pairs:
            for end in pair:
                with suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)
                end.close()

    def refuse(self) -> None:
        """Cuts, and lets nobody in until `admit`."""
        self._refusing = True
        self.cut()

    def admit(self) -> None:
        """Lets connections in again."""
        self._refusing = False

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._refusing = True
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join()
        self.cut()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._socket.accept()
            except OSError:
                return  # closed
            if self._refusing:
                self.refused += 1
                client.close()
                continue
            server = socket.create_connection(self._server)
            with self._lock:
                self._pairs.append((client, server))
            for source, sink in ((client, server), (server, client)):
                threading.Thread(target=self._pump, args=(source, sink), daemon=True).start()

    def _pump(self, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):  # the other direction has ended, or we were cut
            while part := source.recv(65536):
                time.sleep(self.pause)
                sink.sendall(part)
        for end in (source, sink):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        with self._lock:
            self._pairs = [pair for pair in self._pairs if source not in pair]
