"""The heads of requests to our proxy and of answers through it. Pure: bytes in, bytes out."""

import re
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from models.urls import origin_of

END: Final = b"\r\n\r\n"
_LINE: Final = re.compile(rb"([A-Z]{1,20}) ([\x21-\x7e]{1,65536}) HTTP/1\.[01]")
_HEADER: Final = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([^\r\n\x00]*)")
_AUTHORITY: Final = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[^\[\]:@/?#\s]+):([0-9]{1,5})")
# of one connection only (RFC 9110, section 7.6.1); each of ours carries one request
_OF_A_CONNECTION: Final = frozenset(
    {b"connection", b"keep-alive", b"proxy-connection", b"proxy-authorization", b"te", b"upgrade"}
)


class BadHead(ValueError):
    """No request that a proxy understands."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A request to the proxy."""

    origin: tuple[str, int]  # host, lower case, and port
    credentials: bytes = field(repr=False)  # the value of Proxy-Authorization; b"" if none
    head: bytes | None  # what the server is sent; None: a tunnel to it


def read_request(head: bytes) -> Asked:
    """A request's head, up to its empty line. Raises BadHead."""
    first, *lines = head.removesuffix(END).split(b"\r\n")
    line = _LINE.fullmatch(first)
    headers = [_HEADER.fullmatch(line) for line in lines]
    if line is None or None in headers:
        raise BadHead("no HTTP/1.1 request")
    pairs = [(found[1], found[2]) for found in headers if found]
    credentials = next((v for n, v in pairs if n.lower() == b"proxy-authorization"), b"")
    method, target = line[1], line[2].decode("ascii")
    if method == b"CONNECT":
        return Asked(_authority(target), credentials, None)
    try:
        origin, parts = origin_of(target), urlsplit(target)
    except ValueError as wrong:
        raise BadHead(f"no web address: {wrong}") from wrong
    if parts.scheme.lower() != "http":
        raise BadHead("only http is asked for without a tunnel")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    kept = [(n, v) for n, v in pairs if n.lower() not in {b"host", *_OF_A_CONNECTION}]
    host = parts.netloc.rpartition("@")[2].encode("ascii")
    sent = [(b"Host", host), *kept, (b"Connection", b"close")]
    return Asked(origin, credentials, _head(b"%s %s HTTP/1.1" % (method, path.encode()), sent))


def connect_head(origin: tuple[str, int], authorization: bytes | None) -> bytes:
    """What another proxy is asked for a tunnel with; `authorization`: what it knows us by."""
    there = _netloc(*origin)
    return _head(b"CONNECT %s HTTP/1.1" % there, [(b"Host", there), *_known_by(authorization)])


def forwarded_head(asked: Asked, authorization: bytes | None) -> bytes:
    """The head of a request without a tunnel, as another proxy gets it."""
    if asked.head is None:
        raise ValueError("a tunnel has no head to pass on")
    first, _, rest = asked.head.partition(b"\r\n")
    method, path, version = first.split(b" ")
    lines = [name + b": " + value + b"\r\n" for name, value in _known_by(authorization)]
    url = b"http://" + _netloc(*asked.origin).removesuffix(b":80") + path
    return b"%s %s %s\r\n" % (method, url, version) + b"".join(lines) + rest


def is_open(answer: bytes) -> bool:
    """Whether another proxy's answer to CONNECT opens the tunnel."""
    return answer[:7] == b"HTTP/1." and answer[8:11] == b" 20"


def answer_head(head: bytes) -> bytes:
    """An answer's head as the browser gets it: the connection is for this answer alone.

    Else the browser would send its next request, to whatever server, down the same connection.
    """
    first, *lines = head.removesuffix(END).split(b"\r\n")
    kept = [
        line for line in lines if line.partition(b":")[0].strip().lower() not in _OF_A_CONNECTION
    ]
    return b"\r\n".join([first, *kept, b"Connection: close"]) + END


def is_interim(head: bytes) -> bool:
    """Whether another head follows this one (100 Continue, 103 Early Hints)."""
    return head[9:10] == b"1" and head[9:12] != b"101"


def _authority(target: str) -> tuple[str, int]:
    found = _AUTHORITY.fullmatch(target)
    if found is None or not 0 < int(found[2]) < 1 << 16:
        raise BadHead("CONNECT takes a host and a port")
    return found[1].strip("[]").lower().rstrip("."), int(found[2])


def _netloc(host: str, port: int) -> bytes:
    return f"[{host}]:{port}".encode() if ":" in host else f"{host}:{port}".encode("ascii")


def _known_by(authorization: bytes | None) -> list[tuple[bytes, bytes]]:
    return [(b"Proxy-Authorization", authorization)] if authorization else []


def _head(first: bytes, headers: list[tuple[bytes, bytes]]) -> bytes:
    return b"\r\n".join([first, *(name + b": " + value for name, value in headers)]) + END
