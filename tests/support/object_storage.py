"""An S3 server on the loopback (moto), with a wrapper that makes it fail as such servers do."""

import logging
import re
import socket
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import uuid4

from moto.backends import get_backend
from moto.moto_server.werkzeug_app import (
    DomainDispatcherApplication,
    MotoRequestHandler,
    create_backend_app,
)
from werkzeug.serving import make_server

_ERROR: Final = (
    '<?xml version="1.0" encoding="UTF-8"?><Error><Code>{code}</Code><Message>{said}</Message>'
    "<RequestId>1</RequestId></Error>"
)
Environ = dict[str, Any]
Start = Callable[..., Any]


@dataclass
class Fault:
    """What happens to requests whose `METHOD /bucket/key` the expression finds."""

    where: re.Pattern[str]
    kind: str  # 503 | 403 | cut (the answer) | cut upload | hang
    times: int = 1 << 30  # how often, from now on
    go_on: threading.Event = field(default_factory=threading.Event)  # ends `hang`
    met: int = 0


class S3Server:
    """The server; `environment` is what a process needs to find it."""

    def __init__(self) -> None:
        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        self._app: Any = DomainDispatcherApplication(create_backend_app)
        self._server = make_server(
            "127.0.0.1", 0, self._answer, threaded=True, request_handler=MotoRequestHandler
        )
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()
        self._faults: list[Fault] = []
        self.requests: list[str] = []  # `METHOD /bucket/key?query`, as they came

    @property
    def environment(self) -> Mapping[str, str]:
        """The variables by which the S3 library finds the server."""
        return {
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{self._server.port}",
            "AWS_ACCESS_KEY_ID": "winnow",
            "AWS_SECRET_ACCESS_KEY": "secret-of-winnow",
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_EC2_METADATA_DISABLED": "true",
        }

    def bucket(self) -> str:
        """The name of a new bucket."""
        name = f"winnow-{uuid4().hex[:12]}"
        _backend().create_bucket(name, "us-east-1")
        return name

    def objects(self, bucket: str) -> dict[str, bytes]:
        """What a bucket holds, by key."""
        keys = _backend().buckets[bucket].keys
        return {name: keys[name].value for name in sorted(keys)}

    def open_uploads(self, bucket: str) -> list[str]:
        """The keys of uploads in parts that are neither done nor given up."""
        return sorted(one.key_name for one in _backend().buckets[bucket].multiparts.values())

    def put(self, bucket: str, key: str, body: bytes) -> None:
        """Puts an object there, past the server."""
        _backend().put_object(bucket, key, body)

    @contextmanager
    def failing(self, where: str, kind: str, times: int = 1 << 30) -> Iterator[Fault]:
        """Requests fail until the block ends."""
        fault = Fault(re.compile(where), kind, times)
        self._faults.append(fault)
        try:
            yield fault
        finally:
            fault.go_on.set()
            self._faults.remove(fault)

    def close(self) -> None:
        """Ends the server."""
        for fault in self._faults:
            fault.go_on.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _answer(self, environ: Environ, start: Start) -> Iterable[bytes]:
        query = f"?{environ['QUERY_STRING']}" if environ["QUERY_STRING"] else ""
        asked = f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}{query}"
        self.requests.append(asked)
        for fault in self._faults:
            if fault.met < fault.times and fault.where.search(asked):
                fault.met += 1
                return self._failed(fault, environ, start)
        answer: Iterable[bytes] = self._app(environ, start)
        return answer

    def _failed(self, fault: Fault, environ: Environ, start: Start) -> Iterable[bytes]:
        connection: socket.socket = environ["werkzeug.socket"]
        if fault.kind in {"503", "403"}:
            environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
            line, code, said = {
                "503": ("503 Slow Down", "SlowDown", "Please reduce your request rate."),
                "403": ("403 Forbidden", "InvalidAccessKeyId", "The key does not exist."),
            }[fault.kind]
            body = _ERROR.format(code=code, said=said).encode()
            start(line, [("Content-Type", "application/xml"), ("Content-Length", str(len(body)))])
            return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]
        if fault.kind == "hang":
            fault.go_on.wait()
            return self._app(environ, start)
        if fault.kind == "cut upload":
            environ["wsgi.input"].read(1)
            connection.shutdown(socket.SHUT_RDWR)
            start("500 Cut", [])
            return []
        body = b"".join(self._app(environ, start))
        return self._half(body, connection)

    @staticmethod
    def _half(body: bytes, connection: socket.socket) -> Iterator[bytes]:
        yield body[: len(body) // 2]
        connection.shutdown(socket.SHUT_RDWR)


def _backend() -> Any:
    return get_backend("s3")["123456789012"]["aws"]
