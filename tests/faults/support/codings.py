"""Bodies packed by each coding that HTTP knows, and the places at which one can be cut."""

import gzip
import random
import sys
import zlib
from collections.abc import Callable, Mapping
from typing import Final

import brotli

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd


def _raw_deflate(body: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(body) + packer.flush()


# name -> Content-Encoding, packer; deflate is sent in both of its readings
PACKERS: Final[Mapping[str, tuple[str, Callable[[bytes], bytes]]]] = {
    "gzip": ("gzip", gzip.compress),
    "deflate": ("deflate", zlib.compress),
    "raw-deflate": ("deflate", _raw_deflate),
    "br": ("br", brotli.compress),
    "zstd": ("zstd", zstd.compress),
}


def places(length: int, number: int, chance: random.Random) -> list[int]:
    """Up to `number` places to cut so many bytes: the edges, the trailer's bytes, and any."""
    edges = [length // 2, length - 1, length - 4, length - 8, 1, 10, length - 9, length - 2]
    kept = [place for place in dict.fromkeys(edges) if 0 < place < length][:number]
    rest = [place for place in range(1, length) if place not in set(kept)]
    return kept + chance.sample(rest, min(max(number - len(kept), 0), len(rest)))
