"""A TCP proxy before a database: it passes, cuts what is open, refuses, or takes its time."""

import socket
import threading
import time
from contextlib import suppress

from sqlalchemy import make_url

from tests.support.listener import Listener, shut

PORTS = {"postgresql": 5432, "mysql": 3306}


class TcpProxy(Listener):
    """Stands before the server at a database's URL, which is untouched; `url` leads through it."""

    def __init__(self, url: str, *, refusing: bool = False) -> None:
        super().__init__()
        target = make_url(url)
        port = target.port or PORTS[target.get_backend_name()]
        self._server = (target.host or "127.0.0.1", port)
        here = target.set(host="127.0.0.1", port=self.port)
        self.url = here.render_as_string(hide_password=False)
        self.pause = 0.0  # seconds before each part, in both directions
        self.refusing = refusing  # connections are closed as soon as they are made
        self.refused = 0  # connections that came meanwhile
        self._pairs: list[tuple[socket.socket, socket.socket]] = []
        self._lock = threading.Lock()

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
                shut(end)

    def refuse(self) -> None:
        """Cuts, and lets nobody in until `admit`."""
        self.refusing = True
        self.cut()

    def admit(self) -> None:
        """Lets connections in again."""
        self.refusing = False

    def answer(self, connection: socket.socket) -> None:
        """Carries what comes to the server, and back."""
        with connection:
            if self.refusing:
                with self._lock:
                    self.refused += 1
                return
            with suppress(OSError), socket.create_connection(self._server) as server:
                pair = (connection, server)
                with self._lock:
                    self._pairs.append(pair)
                if self.refusing:  # since a moment ago: this one was not cut
                    self.cut()
                back = threading.Thread(target=self._carry, args=(server, connection), daemon=True)
                back.start()
                self._carry(connection, server)
                back.join()
                with self._lock:
                    self._pairs = [other for other in self._pairs if other is not pair]

    def __exit__(self, *fault: object) -> None:
        self.refusing = True
        super().__exit__(*fault)
        self.cut()

    def _carry(self, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):  # the other direction has ended, or we were cut
            while part := source.recv(65536):
                if self.pause:
                    time.sleep(self.pause)
                sink.sendall(part)
        shut(source)
        shut(sink)
