"""A TCP proxy on the loopback: a database that goes away and comes back, for one test alone."""

import socket
import threading
from contextlib import suppress
from types import TracebackType
from typing import Self

from sqlalchemy import make_url

_PORTS = {"postgresql": 5432, "mysql": 3306}


class TcpProxy:
    """Stands before the server of a database URL; `url` leads through it.

    While it is `away`, connections are closed as soon as they are made; `turned_away` counts them.
    """

    def __init__(self, url: str, *, away: bool = False) -> None:
        target = make_url(url)
        self._target = (
            target.host or "127.0.0.1",
            target.port or _PORTS[target.get_backend_name()],
        )
        self._listener = socket.create_server(("127.0.0.1", 0))
        port = self._listener.getsockname()[1]
        here = target.set(host="127.0.0.1", port=port)
        self.url = here.render_as_string(hide_password=False)
        self.away = away
        self.turned_away = 0
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def cut(self) -> None:
        """Closes all connections, and every new one."""
        self.away = True
        with self._lock:
            for end in self._open:
                _shut(end)

    def restore(self) -> None:
        """Lets connections through again."""
        self.away = False

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        _shut(self._listener)
        self._thread.join()
        self._listener.close()
        self.cut()

    def _serve(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:  # shut down: the test is over
                return
            if self.away:
                self.turned_away += 1
                client.close()
                continue
            server = socket.create_connection(self._target)
            with self._lock:
                self._open |= {client, server}
            for source, sink in ((client, server), (server, client)):
                threading.Thread(target=self._carry, args=(source, sink), daemon=True).start()

    def _carry(self, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):  # the other direction, or the test, closed it
            while data := source.recv(65536):
                sink.sendall(data)
        _shut(sink)
        with self._lock:
            self._open.discard(source)
        source.close()


def _shut(end: socket.socket) -> None:
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
