"""WARC records: written as gzip members, read by their location, repaired after a kill."""

import io
import os
import re
import threading
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from isal import isal_zlib

from models.errors import ArchiveError
from models.items import Page

GZIP: Final = 16 + zlib.MAX_WBITS
# ISA-L's best: a page of 437 KB takes 1.4 ms of CPU, zlib's level 4 takes 4 for a tenth less space
_LEVEL: Final = 3
_STEP: Final = 1 << 20
_HEADERS_MOST: Final = 4 << 20  # bytes that a record may have besides its body
RENDERED_BY: Final = "Winnow-Rendered-By"  # a record's own field, so that no site can set it
# bodies are stored decoded and whole, so these would be wrong
_TRANSFER: Final = frozenset({"content-encoding", "transfer-encoding", "content-length"})
_TOKEN: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # RFC 9110, a header's name
# what warcio and we meet in a record whose headers are missing or nonsense
_MALFORMED: Final = (ValueError, TypeError, AttributeError, LookupError)
_IMPORTING: Final = threading.Lock()
_CONTROL: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")


@dataclass(frozen=True, slots=True)
class Record:
    """One response, as it was written."""

    url: str
    fetched_at: datetime  # aware, UTC
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


def response_member(page: Page) -> bytes:
    """A page as one gzip member: a `response` record of its final URL, with its digests."""
    headers = [(n, v) for n, v in map(_header, page.headers) if _TOKEN.fullmatch(n)]
    headers = [(n, v) for n, v in headers if n.lower() not in _TRANSFER]
    headers.append(("Content-Length", str(len(page.body))))
    warc_headers = {"WARC-Date": _date(page.fetched_at)}
    if page.truncation:
        warc_headers["WARC-Truncated"] = page.truncation.kind
    if page.rendered_by:
        warc_headers[RENDERED_BY] = page.rendered_by
    writer = _writer()
    record = writer.create_warc_record(
        page.final_url,
        "response",
        payload=io.BytesIO(page.body),
        length=len(page.body),
        http_headers=_warcio("statusandheaders").StatusAndHeaders(
            _status_line(page.status), headers, protocol="HTTP/1.1"
        ),
        warc_headers_dict=warc_headers,
    )
    return _member(writer, record)


def info_member(filename: str, software: str) -> bytes:
    """The `warcinfo` record that a file begins with."""
    writer = _writer()
    info = {"software": software, "format": "WARC File Format 1.1"}
    return _member(writer, writer.create_warcinfo_record(filename, info))


def read_record(path: Path, offset: int, length: int, most: int) -> Record:
    """The response at a location; `most` is the size of its body in bytes.

    Raises ArchiveError, which names file and offset, if the file is gone or cut, or has no whole
    response record of that size there.
    """
    return record_of(read_member(path, offset, length), most, f"{path} at {offset}")


def read_member(path: Path, offset: int, length: int) -> bytes:
    """The bytes at a location of a local file. Raises ArchiveError if it is gone or cut."""
    try:
        with path.open("rb") as file:
            file.seek(offset)
            member = file.read(length)
    except OSError as fault:
        raise ArchiveError(f"{path}: {fault.strerror or fault}") from fault
    if len(member) < length:
        raise ArchiveError(f"{path} at {offset}: cut, {len(member)} of {length} bytes are left")
    return member


def record_of(member: bytes, most: int, where: str) -> Record:
    """The response in a gzip member; `most` is the size of its body in bytes.

    Raises ArchiveError, which says `where`, if it is no whole response record of that size.
    """
    return _parse(_decompress(member, most + _HEADERS_MOST, where), where)


def whole_length(path: Path) -> int:
    """Bytes of a file's whole gzip members; anything after them was cut off."""
    whole = 0
    with path.open("rb") as file:
        inflater, buffer, read = zlib.decompressobj(GZIP), b"", 0
        while buffer or (buffer := file.read(_STEP)):
            read += 0 if inflater.unconsumed_tail else len(buffer)
            try:
                inflater.decompress(buffer, _STEP)
            except zlib.error:
                return whole
            buffer = inflater.unconsumed_tail
            if inflater.eof:
                buffer = inflater.unused_data
                whole = read - len(buffer)
                inflater, read = zlib.decompressobj(GZIP), whole
    return whole


def repair(paths: Iterable[Path]) -> list[Path]:
    """Cuts off what a killed run left unfinished at the end of its files; returns those repaired.

    Only for files that nobody writes: the last record of a live run would look cut too. No
    capture is lost, since its row is committed only after its record is durable. A file without
    one whole record is removed, an empty one too.
    """
    repaired = []
    for path in paths:
        whole = whole_length(path)
        if whole == 0:
            path.unlink()
        elif whole < path.stat().st_size:
            os.truncate(path, whole)
        else:
            continue
        repaired.append(path)
    return repaired


def _writer() -> Any:
    return _warcio("warcwriter").BufferWARCWriter(gzip=False, warc_version="1.1")


def _warcio(part: str) -> Any:
    """A part of warcio: most commands read rows about captures and no WARC file, so it is late.

    Threads that import two parts at once would meet one of them half made.
    """
    with _IMPORTING:
        return import_module(f"warcio.{part}")


def _member(writer: Any, record: Any) -> bytes:
    writer.write_record(record)
    compressor = isal_zlib.compressobj(_LEVEL, isal_zlib.DEFLATED, GZIP)
    return compressor.compress(writer.get_contents()) + compressor.flush()


def _header(header: tuple[str, str]) -> tuple[str, str]:
    # a line break in a value would end the header block
    name, value = header
    return name.strip(), _CONTROL.sub(" ", value).strip()


def _status_line(status: int) -> str:
    known = status in HTTPStatus.__members__.values()
    return f"{status} {HTTPStatus(status).phrase}" if known else f"{status} Unknown"


def _date(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _decompress(member: bytes, most: int, where: str) -> bytes:
    inflater = zlib.decompressobj(GZIP)
    try:
        record = inflater.decompress(member, most)
    except zlib.error as fault:
        raise ArchiveError(f"{where}: not a gzip member: {fault}") from fault
    if not inflater.eof or inflater.unused_data:
        raise ArchiveError(f"{where}: not one whole gzip member of {len(member)} bytes")
    return record


def _parse(record: bytes, where: str) -> Record:
    unreadable, archive = _warcio("exceptions").ArchiveLoadFailed, _warcio("archiveiterator")
    try:
        parsed = next(iter(archive.ArchiveIterator(io.BytesIO(record), check_digests=True)))
        body = parsed.raw_stream.read() if parsed.rec_type == "response" else b""
        if parsed.rec_type != "response" or parsed.http_headers is None:
            raise ArchiveError(f"{where}: a {parsed.rec_type} record, not a response")
        if parsed.digest_checker.passed is not True:
            lack = "digests differ" if parsed.digest_checker.passed is False else "no digest"
            raise ArchiveError(f"{where}: the record is not what was written: {lack}")
        date = parsed.rec_headers.get_header("WARC-Date")
        return Record(
            url=parsed.rec_headers.get_header("WARC-Target-URI"),
            fetched_at=datetime.strptime(date, "%Y-%m-%dT%H:%M:%S.%f%z"),
            status=int(parsed.http_headers.get_statuscode()),
            headers=tuple(parsed.http_headers.headers),
            body=body,
        )
    except (unreadable, EOFError, StopIteration, *_MALFORMED) as fault:
        raise ArchiveError(f"{where}: not a WARC record: {fault}") from fault


def sync_folder(folder: Path) -> None:
    """Has the folder on the disk: a new file's name is there only with it."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
