"""The server: a socket on the loopback, and an end at the first signal."""

import errno
import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

import uvicorn
from starlette.types import ASGIApp

from models.errors import WinnowError

HOST: Final = "127.0.0.1"
_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)


class PortTaken(WinnowError):
    """The port cannot be had; the message says why, and names the option."""


def listen(port: int) -> socket.socket:
    """A socket on the loopback that browsers can connect to at once; 0: any free port.

    Raises PortTaken.
    """
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
        listener.listen()
    except OSError as fault:
        listener.close()
        taken = fault.errno == errno.EADDRINUSE
        why = "is taken" if taken else f"cannot be used: {fault.strerror}"
        raise PortTaken(
            f"port {port} of {HOST} {why}; name another: --port N, or any free one: --port 0"
        ) from fault
    return listener


class Server(uvicorn.Server):
    """A uvicorn server that ends at the first SIGINT or SIGTERM, whatever is being loaded."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Takes both signals while it serves; unlike uvicorn's, they are not raised again."""
        if threading.current_thread() is not threading.main_thread():
            yield  # as in tests: whoever started the thread ends the server
            return
        before = {number: signal.signal(number, self._stop) for number in _SIGNALS}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self.stop()

    def stop(self) -> None:
        """Has the server end; what it is loading is cut off, which is nobody's fault."""
        logging.getLogger("uvicorn.error").disabled = True
        self.should_exit = self.force_exit = True


def make_server(app: ASGIApp) -> Server:
    """A server that logs nothing but faults."""
    config = uvicorn.Config(
        app,
        access_log=False,
        log_config=None,
        log_level=logging.WARNING,
        lifespan="off",
        ws="none",
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=1,
    )
    return Server(config)


def serve(app: ASGIApp, listener: socket.socket, ended: Callable[[], None]) -> None:
    """Serves until SIGINT or SIGTERM, then calls `ended`.

    A page that is still being made then ends with the process.

    Its thread waits for the database, and Python would wait for the thread.
    """
    try:
        make_server(app).run(sockets=[listener])
    finally:
        ended()
    busy = [t for t in threading.enumerate() if t is not threading.main_thread() and not t.daemon]
    if busy:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(0)
