"""A receiver of alerts: a web server on the loopback that may be down, refuse, or hang."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self


class AlertReceiver:
    """Takes what Apprise's `json://` posts; `messages` in their order.

    `status` is its answer. While `hangs`, it takes a message and answers when the block ends.
    """

    def __init__(self) -> None:
        self.messages: list[dict[str, Any]] = []
        self.status = 200
        self.hangs = False
        self._ends = threading.Event()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                said = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                receiver.messages.append(said)
                if receiver.hangs:
                    receiver._ends.wait()
                self.send_response(receiver.status)
                self.end_headers()

            def log_message(self, *_said: object) -> None:
                """Nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    @property
    def address(self) -> str:
        """Its address for WINNOW_NOTIFY, with a password and a token."""
        return f"json://user:hunter2@{self.host}/t0ken"

    @property
    def host(self) -> str:
        """Host and port."""
        return f"127.0.0.1:{self._server.server_port}"

    @property
    def shown(self) -> str:
        """What of the address may be shown."""
        return f"json://{self.host}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_fault: object) -> None:
        self._ends.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
