"""Bodies decoded to their very end, or said to be cut. Pure: bytes in, bytes and a fault out.

Scrapy's own decoding takes a stream that ends anywhere for a whole one. Here the end that each
format has is looked for: gzip's length and CRC, zlib's Adler sum, the last block of raw deflate
and brotli, the end of a zstd frame and its checksum.
"""

import sys
import zlib
from collections.abc import Callable, Iterator
from typing import Any, Final, NamedTuple

import brotli

if sys.version_info >= (3, 14):
    from compression import zstd  # Scrapy takes the same two
else:
    from backports import zstd

ACCEPTED: Final = ("gzip", "deflate", "br", "zstd")
MOST_CODINGS: Final = 5  # one over another; each costs as much as a whole body
_PIECE: Final = 64 << 10  # bytes decoded at a time
_SLICE: Final = 8 << 10  # bytes that a decoder is given at a time
_MOST_PARTS: Final = 10_000  # gzip members or zstd frames; each costs a decoder, even an empty one
_TOO_MANY: Final = f"has more than {_MOST_PARTS:,} parts"
_GZIP: Final = b"\x1f\x8b"
_WINDOW: Final = 23  # log2 of the bytes that a zstd frame may have held in memory (RFC 9659)


class Decoded(NamedTuple):
    """A body without its content codings."""

    body: bytes  # what could be decoded
    fault: str | None = None  # why it is not whole, in words
    unread: str | None = None  # a coding that nobody here knows, or that the body is not in


class TooLong(ValueError):
    """The decoded body exceeds the limit."""


class Broken(ValueError):
    """The stream is not what its coding asks for, or ends too early."""


def decode(body: bytes, content_encoding: str, most: int, first: int | None = None) -> Decoded:
    """The body without the codings that a Content-Encoding header lists, the last one first.

    Raises TooLong above `most` bytes (0: no limit). `first`: only so many bytes are wanted; the
    rest is not decoded, and not missed.
    """
    names = [name.strip().lower() for name in content_encoding.split(",")]
    names = [name for name in names if name not in ("", "identity")]
    if len(names) > MOST_CODINGS:
        return Decoded(body, unread=f"{len(names)} codings one over another")
    for name in reversed(names):
        pieces = _PIECES.get(name)
        if pieces is None or not _may_be(name, body):
            return Decoded(body, unread=name[:40])
        body, fault = _collect(pieces(body), most, first)
        if fault:
            return Decoded(body, f"the {name} stream {fault}")
    return Decoded(body if first is None else body[:first])


def _collect(pieces: Iterator[bytes], most: int, first: int | None) -> tuple[bytes, str | None]:
    found, size = [], 0
    try:
        for piece in pieces:
            found.append(piece)
            size += len(piece)
            if first is not None and size >= first:
                break
            if most and size > most:
                raise TooLong(f"more than {most} bytes, decoded")
    except Broken as broken:
        return b"".join(found), str(broken)
    return b"".join(found), None


def _may_be(name: str, body: bytes) -> bool:
    """Whether a body may be in a coding, by the first bytes of those that have a mark.

    A server that says gzip and sends plain text sends it whole.
    """
    return "gzip" not in name or body[:2] == _GZIP[: len(body)]


class _Given:
    """A body, handed to a decoder slice by slice; what one did not use is for the next.

    A decoder copies all that lies behind its end. Given a whole body of a million empty members,
    the decoders would copy it a million times.
    """

    def __init__(self, body: bytes) -> None:
        self._body, self._at = body, 0

    @property
    def left(self) -> int:
        """Bytes that are still to be given."""
        return len(self._body) - self._at

    def peek(self, size: int) -> bytes:
        """The next bytes, which stay."""
        return self._body[self._at : self._at + size]

    def take(self) -> bytes:
        """The next slice; empty at the end."""
        taken = self.peek(_SLICE)
        self._at += len(taken)
        return taken

    def put_back(self, unused: bytes) -> None:
        """Takes back the end of the last slice."""
        self._at -= len(unused)


def gunzipped(body: bytes) -> Iterator[bytes]:
    """A gzip file of one or more members, in pieces; what follows and is no member is padding.

    Raises Broken where it breaks off.
    """
    given = _Given(body)
    for _ in range(_MOST_PARTS):
        yield from _inflated(zlib.decompressobj(wbits=31), given)
        head = given.peek(len(_GZIP))
        if head != _GZIP[: len(head)] or not head:
            return
    raise Broken(_TOO_MANY)


def _deflate(body: bytes) -> Iterator[bytes]:
    """Zlib's format as the standard says, or raw deflate as some servers send it."""
    head = int.from_bytes(body[:2])
    wrapped = len(body) < 2 or (body[0] & 0x0F == 8 and head % 31 == 0)
    return _inflated(zlib.decompressobj(wbits=15 if wrapped else -15), _Given(body))


def _inflated(inflater: Any, given: _Given) -> Iterator[bytes]:
    rest = b""
    while not inflater.eof:
        try:
            piece = inflater.decompress(rest or given.take(), _PIECE)
        except zlib.error as fault:
            raise Broken(f"is broken: {fault}") from fault
        rest = inflater.unconsumed_tail
        if piece:
            yield piece
        elif not (rest or given.left or inflater.eof):
            raise Broken("ends before its end")
    given.put_back(inflater.unused_data)


def _brotli(body: bytes) -> Iterator[bytes]:
    decoder, given = brotli.Decompressor(), body
    while not decoder.is_finished():
        try:
            piece = decoder.process(given, output_buffer_limit=_PIECE)
        except brotli.error as fault:
            raise Broken(f"is broken: {fault}") from fault
        given = b""
        if piece:
            yield piece
        elif not decoder.is_finished():
            raise Broken("ends before its end")


def _zstd(body: bytes) -> Iterator[bytes]:
    """Frames one after another; a skippable one counts, and holds nothing."""
    options = {int(zstd.DecompressionParameter.window_log_max): _WINDOW}
    given = _Given(body)
    for _ in range(_MOST_PARTS):
        decoder = zstd.ZstdDecompressor(options=options)
        while not decoder.eof:
            try:
                more = given.take() if decoder.needs_input else b""
                piece = decoder.decompress(more, max_length=_PIECE)
            except zstd.ZstdError as fault:
                raise Broken(f"is broken: {fault}") from fault
            if piece:
                yield piece
            elif decoder.needs_input and not (given.left or decoder.eof):
                raise Broken("ends before its end")
        given.put_back(decoder.unused_data)
        if not given.left:
            return
    raise Broken(_TOO_MANY)


_PIECES: Final[dict[str, Callable[[bytes], Iterator[bytes]]]] = {
    "gzip": gunzipped, "x-gzip": gunzipped, "deflate": _deflate, "br": _brotli, "zstd": _zstd,
}  # fmt: skip
