"""What the raw servers of the tests share: a port of the loopback, and a thread a connection."""

import socket
import threading
from contextlib import suppress
from typing import Self


class Listener:
    """Listens on a free port of 127.0.0.1 until the block ends; a subclass answers."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=64)
        self._closing = False
        self._thread = threading.Thread(target=self._accept, daemon=True)

    @property
    def port(self) -> int:
        """The port."""
        port: int = self._socket.getsockname()[1]
        return port

    def answer(self, connection: socket.socket) -> None:
        """Answers one connection, and closes it; in a thread of its own."""
        raise NotImplementedError

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_fault: object) -> None:
        self._closing = True
        shut(self._socket)  # wakes `accept`
        self._thread.join()
        self._socket.close()

    def _accept(self) -> None:
        while not self._closing:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return  # shut
            threading.Thread(target=self.answer, args=(connection,), daemon=True).start()


def shut(end: socket.socket) -> None:
    """Ends a connection in both directions, whoever reads or writes there."""
    with suppress(OSError):  # the other side was first
        end.shutdown(socket.SHUT_RDWR)
