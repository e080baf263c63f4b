"""The entries of a long sitemap, told apart without parsing: those seen before are left out. Pure.

A sitemap of 50,000 URLs is read each hour and names ten new ones. Its `<url>` elements are
compared, byte by byte, with those of the reading before, and a sitemap of the others alone is
parsed. Where the bytes could be understood otherwise than the parser does, all of it is parsed.
"""

import html
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from hashlib import blake2b
from itertools import pairwise
from typing import Final

from crawler.sources.parsers.links import SourceBroken, joined
from crawler.sources.parsers.sitemap import MAX_URLS, is_gzip, unpacked

LONGEST: Final = 16 * 1024 * 1024  # bytes that are held at once; a longer one is parsed as it comes
WIDTH: Final = 8  # bytes of a digest, and of the beginning of a URL's key
LEFT_OUT: Final = bytes(WIDTH)  # in the place of a key: the page is not wanted
_OPENS: Final = re.compile(rb"<([A-Za-z_][\w.-]*:)?url(?=[\s>])")
_LOC: Final = re.compile(r"<loc>\s*(?:<!\[CDATA\[)?(.*?)(?:\]\]>)?\s*</loc>", re.DOTALL)


@dataclass(slots=True)
class Unseen:
    """What of a sitemap is to be parsed, and what becomes known of its entries."""

    body: bytes  # a sitemap of the unseen entries alone
    known: dict[bytes, bytes]  # digest of an entry -> beginning of its URL's key, or LEFT_OUT
    read: dict[str, list[bytes]] = field(default_factory=dict)  # URL -> digests, of the unseen

    def record(self, url: str, key: bytes) -> None:
        """Notes that a link was stored, or left out: its entry need not be parsed again."""
        for digest in self.read.get(url, ()):
            self.known[digest] = key[:WIDTH]

    def packed(self) -> bytes:
        """Digests and keys, in order, for `unseen` to compare with."""
        return b"".join(digest + self.known[digest] for digest in sorted(self.known))


def unpack(packed: bytes) -> dict[bytes, bytes]:
    """Digest -> key of each entry that `Unseen.packed` gave."""
    width = 2 * WIDTH
    starts = range(0, len(packed), width)
    return {packed[n : n + WIDTH]: packed[n + WIDTH : n + width] for n in starts}


def wanted(packed: bytes) -> int:
    """How many of the entries are of pages that are wanted."""
    return sum(key != LEFT_OUT for key in unpack(packed).values())


def unseen(body: bytes, url: str, packed: bytes, again: Collection[bytes]) -> Unseen | None:
    """The part of a sitemap at `url` that is not in `packed`, or whose key is in `again`.

    None where it has to be parsed whole: it is no sitemap of entries alone, too long, or broken.
    """
    plain = _plain(body)
    bounds = None if plain is None else _bounds(plain)
    if plain is None or not bounds:
        return None
    seen = unpack(packed)
    found = Unseen(b"", {})
    parts = [plain[: bounds[0][0]]]
    for start, end in bounds:
        entry = plain[start:end]
        digest = blake2b(entry, digest_size=WIDTH).digest()
        key = seen.get(digest)
        if key is not None and key not in again:
            found.known[digest] = key
            continue
        parts.append(entry)
        if named := _named(entry, url):
            found.read.setdefault(named, []).append(digest)
    found.body = b"".join([*parts, plain[bounds[-1][1] :]])
    return found


def _plain(body: bytes) -> bytes | None:
    if not is_gzip(body):
        return body if len(body) <= LONGEST else None
    try:
        whole = b"".join(_at_most(unpacked(body)))
    except SourceBroken:  # what it has until there is for the parser, which says so too
        return None
    return whole if len(whole) <= LONGEST else None


def _at_most(pieces: Iterator[bytes]) -> Iterator[bytes]:
    size = 0
    for piece in pieces:
        yield piece
        size += len(piece)
        if size > LONGEST:
            return


def _bounds(plain: bytes) -> list[tuple[int, int]]:
    """Start and end of each entry; none where that is not sure by the bytes alone."""
    opens = [(match.start(), match[1] or b"") for match in _OPENS.finditer(plain)]
    if not opens or len(opens) > MAX_URLS or len({prefix for _, prefix in opens}) > 1:
        return []
    closes = b"</" + opens[0][1] + b"url>"
    bounds: list[tuple[int, int]] = []
    for start, _prefix in opens:
        if bounds and start < bounds[-1][1]:
            return []  # one in another
        end = plain.find(closes, start)
        if end < 0:
            return []
        bounds.append((start, end + len(closes)))
    inside = plain[bounds[0][0] : bounds[-1][1]]
    gaps = (plain[end:start] for (_, end), (start, _) in pairwise(bounds))
    if b"<!--" in inside or b"<!ENTITY" in plain or any(gap.strip() for gap in gaps):
        return []
    return bounds


def _named(entry: bytes, url: str) -> str | None:
    """The URL of an entry as the parser has it; where it is another, the entry is never known."""
    found = _LOC.search(entry.decode("utf-8", "replace"))
    return joined(url, html.unescape(found[1]).strip()) if found else None
