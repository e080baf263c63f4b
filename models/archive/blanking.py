"""Records taken out of WARC files: each gives way to a record of the same length that says so.

All other records keep their places, so that nobody's offsets change: neither those of this database
nor those of another one that shares the archive. A file is written anew beside the old one and
takes its name once it is on the disk; a kill leaves the one or the other.
"""

import mmap
import os
import re
import zlib
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Final, NamedTuple
from uuid import uuid4

from models.archive.warc import GZIP, sync_folder
from models.clock import utc_now
from models.errors import ArchiveError
from models.file_owner import keep_owner

UNFINISHED: Final = ".erasing"  # ends the name of a file that is being written
_STEP: Final = 1 << 20
_HEAD: Final = 64 << 10  # bytes of a record that hold its headers
_MAGIC: Final = b"\x1f\x8b\x08"  # begins a gzip member
_TARGET: Final = re.compile(rb"(?im)^WARC-(?:Refers-To-)?Target-URI:[ \t]*<?([^\s>]+)")
_TYPE: Final = re.compile(rb"(?im)^WARC-Type:[ \t]*(\w+)")
_SAYS: Final = b"Taken out on request.\r\n"
_FLAG, _UNKNOWN_SYSTEM = 16, 255  # of a gzip header: it has a comment; made by


class Place(NamedTuple):
    """Where something is in a file, in bytes."""

    offset: int
    length: int


class _Member(NamedTuple):
    """A gzip member, or what cannot be read of one."""

    place: Place
    head: bytes  # what it begins with, decompressed; as far as it can be
    whole: bool


@dataclass(frozen=True, slots=True)
class Blanked:
    """What was done to a file."""

    records: int  # that were taken out
    unreadable: tuple[Place, ...] = ()  # of which nobody can tell what they hold


def blank(path: Path, goes: Callable[[str], bool], known: Collection[Place] = ()) -> Blanked:
    """Takes the records out of a file whose target URI `goes`, and the `known` if they are damaged.

    Nobody may write the file meanwhile. A file that is not there holds nothing. Raises ArchiveError
    if it cannot be read or written.
    """
    unfinished = path.with_name(path.name + UNFINISHED)
    try:
        unfinished.unlink(missing_ok=True)  # of a call that was killed
        if not path.exists() or not path.stat().st_size:
            return Blanked(0)
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as old:
            going, unreadable = _found(old, goes, known)
            if going:
                _write(old, going, unfinished, os.fstat(file.fileno()))
        if going:
            unfinished.replace(path)
            sync_folder(path.parent)
    except OSError as fault:
        raise ArchiveError(f"{path}: {fault.strerror or fault}") from fault
    return Blanked(len(going), tuple(unreadable))


def is_blank(path: Path) -> bool:
    """Whether records were taken out of a file, and none is left but the one about the file.

    Damage counts as a record. Raises OSError.
    """
    if not path.stat().st_size:
        return False
    taken_out = False
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as old:
        for member in _members(old):
            head, _, block = member.head.partition(b"\r\n\r\n")
            says = _TYPE.search(head)
            kind = says[1].lower() if says and member.whole else b""
            if kind == b"metadata" and block.startswith(_SAYS):
                taken_out = True
            elif kind != b"warcinfo":
                return False
    return taken_out


def blank_member(length: int) -> bytes:
    """One gzip member of exactly so many bytes: a WARC record that says that one was taken out.

    What is longer than the record is spaces in it, stored as they are; the last few bytes are a
    comment in the member's header. Raises ValueError for fewer bytes than any response takes.
    """
    now, name = utc_now(), uuid4()
    spaces = max(0, length - len(_member(now, name, 0, level=0)))
    while spaces and len(_member(now, name, spaces, level=0)) > length:
        spaces -= 1
    level = 0 if len(_member(now, name, 0, level=0)) <= length else 9
    member = _member(now, name, spaces if level == 0 else 0, level=level)
    short = length - len(member)
    if short < 0:
        raise ValueError(f"{length} bytes are too few for a record")
    if short:
        comment = b" " * (short - 1) + b"\0"
        member = member[:3] + bytes([_FLAG]) + member[4:10] + comment + member[10:]
    return member


def _member(now: datetime, name: object, spaces: int, level: int) -> bytes:
    block = _SAYS + b" " * spaces
    head = (
        f"WARC/1.1\r\nWARC-Type: metadata\r\nWARC-Record-ID: <urn:uuid:{name}>\r\n"
        f"WARC-Date: {now:%Y-%m-%dT%H:%M:%SZ}\r\nContent-Type: text/plain\r\n"
        f"Content-Length: {len(block)}\r\n\r\n"
    )
    record = head.encode() + block + b"\r\n\r\n"
    deflater = zlib.compressobj(level, zlib.DEFLATED, -zlib.MAX_WBITS)
    packed = deflater.compress(record) + deflater.flush()
    ends = zlib.crc32(record).to_bytes(4, "little") + len(record).to_bytes(4, "little")
    return _MAGIC + bytes(6) + bytes([_UNKNOWN_SYSTEM]) + packed + ends


def _found(
    old: mmap.mmap, goes: Callable[[str], bool], known: Collection[Place]
) -> tuple[list[Place], list[Place]]:
    """The places that go, and those of which nobody can tell."""
    going: list[Place] = []
    unreadable: list[Place] = []
    for member in _members(old):
        target = _TARGET.search(member.head.partition(b"\r\n\r\n")[0])
        if target is not None:
            if goes(target[1].decode("utf-8", "replace")):
                going.append(member.place)
        elif not member.whole:
            at = member.place.offset
            of = [one for one in known if at <= one.offset < at + member.place.length]
            (going if of else unreadable).append(member.place)
    return going, unreadable


def _members(old: mmap.mmap) -> Iterator[_Member]:
    """Every gzip member; after damage, from the next that can be read on."""
    at, size = 0, len(old)
    while at < size:
        length, head = _measured(old, at)
        if length is not None:
            yield _Member(Place(at, length), head, whole=True)
        else:
            length = _next_record(old, at + 1) - at
            yield _Member(Place(at, length), head, whole=False)
        at += length


def _measured(old: mmap.mmap, start: int) -> tuple[int | None, bytes]:
    """Bytes of the member at `start`, None if it is damaged or cut; and what it begins with."""
    inflater, head, at = zlib.decompressobj(GZIP), b"", start
    while not inflater.eof:
        piece = inflater.unconsumed_tail
        if not piece:
            piece = old[at : at + _STEP]
            at += len(piece)
            if not piece:
                return None, head
        try:
            said = inflater.decompress(piece, _STEP)
        except zlib.error:
            return None, head
        if len(head) < _HEAD:
            head += said[: _HEAD - len(head)]
    return at - len(inflater.unused_data) - start, head


def _next_record(old: mmap.mmap, at: int) -> int:
    """Where the next member begins that is a WARC record; the file's end if there is none."""
    while (at := old.find(_MAGIC, at)) >= 0:
        inflater = zlib.decompressobj(GZIP)
        try:
            if inflater.decompress(old[at : at + _STEP], 5) == b"WARC/":
                return at
        except zlib.error:
            pass  # the bytes only look like a member's first
        at += 1
    return len(old)


def _write(old: mmap.mmap, going: Collection[Place], to: Path, before: os.stat_result) -> None:
    with to.open("xb") as new:
        keep_owner(new.fileno(), before)
        at = 0
        for place in sorted(going):
            _copy(old, at, place.offset, new)
            new.write(blank_member(place.length))
            at = place.offset + place.length
        _copy(old, at, len(old), new)
        new.flush()
        os.fsync(new.fileno())


def _copy(old: mmap.mmap, start: int, end: int, new: IO[bytes]) -> None:
    for at in range(start, end, _STEP):
        new.write(old[at : min(end, at + _STEP)])
