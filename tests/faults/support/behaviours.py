"""Answers for the hostile server: honest ones, and what can be wrong with one."""

import time
from collections.abc import Iterable, Iterator, Sequence

from tests.faults.support.hostile_server import Behaviour
from tests.support.site_server import HTML, Asked

Headers = Sequence[tuple[str, str]]


def head(status: str, headers: Headers, content_type: str = HTML) -> bytes:
    """A status line and headers; the connection is closed after the answer."""
    every = [("Content-Type", content_type), ("Connection", "close"), *headers]
    lines = "".join(f"{name}: {value}\r\n" for name, value in every)
    return f"HTTP/1.1 {status}\r\n{lines}\r\n".encode("latin-1")


def raw(*parts: bytes) -> Behaviour:
    """These bytes, as they are."""
    return lambda _: parts


def whole(
    body: bytes, content_type: str = HTML, status: str = "200 OK", headers: Headers = ()
) -> Behaviour:
    """An honest answer: a body of the length that it says."""
    length = ("Content-Length", str(len(body)))
    return raw(head(status, [*headers, length], content_type), body)


def coded(body: bytes, coding: str) -> Behaviour:
    """A body under the Content-Encoding `coding` (identity: none), of the length that it says."""
    return whole(body, headers=[] if coding == "identity" else [("Content-Encoding", coding)])


def short(body: bytes, claimed: int, coding: str = "identity") -> Behaviour:
    """A body that ends before the Content-Length that was claimed."""
    said = [] if coding == "identity" else [("Content-Encoding", coding)]
    return raw(head("200 OK", [*said, ("Content-Length", str(claimed))]), body)


def chunked(parts: Iterable[bytes], ending: bytes = b"0\r\n\r\n") -> Behaviour:
    """A body in chunks; `ending` is what comes after the last."""
    chunks = b"".join(f"{len(part):x}\r\n".encode() + part + b"\r\n" for part in parts)
    return raw(head("200 OK", [("Transfer-Encoding", "chunked")]), chunks, ending)


def redirect(to: str, status: str = "302 Found") -> Behaviour:
    """A redirect to `to`, unchecked."""
    return whole(b"", status=status, headers=[("Location", to)])


def endless(start: bytes, part: bytes, pause: float = 0.0) -> Behaviour:
    """`start`, then `part` for ever, with a pause before each."""

    def answer(_: Asked) -> Iterator[bytes]:
        yield start
        while True:
            time.sleep(pause)
            yield part

    return answer
