"""Every coding is decoded to its end; cut or broken anywhere, it says so."""

import gzip
import sys
import zlib
from collections.abc import Callable
from time import process_time

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.middlewares.content_codings import Decoded, TooLong, decode

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

TEXT = b"".join(b"<p>Line %d of the story.</p>" % n for n in range(40))
SUMMED = {int(zstd.CompressionParameter.checksum_flag): 1}
SKIPPED = b"\x50\x2a\x4d\x18\x04\0\0\0abcd"  # a frame that holds nothing


def raw(text: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(text) + packer.flush()


PACKERS: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "gzip": ("gzip", gzip.compress),
    "x-gzip": ("x-gzip", gzip.compress),
    "zlib": ("deflate", zlib.compress),
    "raw deflate": ("deflate", raw),
    "brotli": ("br", brotli.compress),
    "zstd": ("zstd", zstd.compress),
    "zstd with a checksum": ("zstd", lambda text: zstd.compress(text, options=SUMMED)),
}
CODED = pytest.mark.parametrize(("name", "pack"), PACKERS.values(), ids=list(PACKERS))


@CODED
@given(text=st.binary(max_size=2000))
def test_a_whole_body_is_what_was_packed(
    name: str, pack: Callable[[bytes], bytes], text: bytes
) -> None:
    assert decode(pack(text), name.upper(), 0) == Decoded(text)


@CODED
def test_a_body_cut_at_any_place_is_known(name: str, pack: Callable[[bytes], bytes]) -> None:
    packed = pack(TEXT)
    for length in range(len(packed)):
        found = decode(packed[:length], name, 0)
        assert found.fault is not None and found.unread is None, length
        assert TEXT.startswith(found.body)


@pytest.mark.parametrize("kind", ["gzip", "zlib", "zstd with a checksum"])
def test_a_sum_that_does_not_fit_is_known(kind: str) -> None:
    name, pack = PACKERS[kind]
    packed = bytearray(pack(TEXT))
    packed[-1 if kind != "gzip" else -5] ^= 1
    assert "is broken" in str(decode(bytes(packed), name, 0).fault)


def test_members_and_frames_one_after_another_are_all_read() -> None:
    assert decode(gzip.compress(b"one ") + gzip.compress(b"two"), "gzip", 0).body == b"one two"
    assert decode(SKIPPED + zstd.compress(b"one ") + zstd.compress(b"two"), "zstd", 0) == Decoded(
        b"one two"
    )
    cut = gzip.compress(b"one ") + gzip.compress(b"two")[:-1]
    assert decode(cut, "gzip", 0).fault == "the gzip stream ends before its end"
    padded = gzip.compress(TEXT) + b"\0" * 512
    assert decode(padded, "gzip", 0) == Decoded(TEXT)


@pytest.mark.parametrize(
    ("name", "part"),
    [("gzip", gzip.compress(b"")), ("zstd", SKIPPED), ("zstd", zstd.compress(b""))],
    ids=["gzip", "zstd, skipped", "zstd"],
)
def test_a_body_of_empty_parts_costs_no_time_for_each_byte_behind_it(
    name: str, part: bytes
) -> None:
    """Ten thousand times what lies behind a part are gigabytes; all million parts, a minute."""
    began = process_time()
    found = decode(part * (6_000_000 // len(part)), name, 0)
    assert found == Decoded(b"", f"the {name} stream has more than 10,000 parts")
    assert process_time() - began < 2


def test_many_parts_are_read_where_each_ends_within_a_slice() -> None:
    lines = [b"<p>Line %d of the story.</p>" % n for n in range(2000)]
    for name in ("gzip", "zstd"):
        pack = PACKERS[name][1]
        whole = b"".join(map(pack, lines))
        assert decode(whole, name, 0) == Decoded(b"".join(lines))
        assert decode(whole[:-1], name, 0).fault == f"the {name} stream ends before its end"


def test_codings_one_over_another_are_undone_in_turn() -> None:
    packed = brotli.compress(gzip.compress(TEXT))
    assert decode(packed, "gzip, identity, br", 0) == Decoded(TEXT)
    assert decode(packed, ",".join(["gzip"] * 6), 0).unread == "6 codings one over another"


@pytest.mark.parametrize("name", ["utf-8", "gzip", "lzma"])
def test_a_coding_that_the_body_is_not_in_leaves_it_as_it_is(name: str) -> None:
    assert decode(TEXT, name, 0) == Decoded(TEXT, unread=name)


@CODED
def test_a_bomb_ends_at_the_limit(name: str, pack: Callable[[bytes], bytes]) -> None:
    bomb = pack(b"\0" * 20_000_000)
    with pytest.raises(TooLong):
        decode(bomb, name, 1_000_000)
    assert decode(bomb, name, 0, first=1000) == Decoded(b"\0" * 1000)


@CODED
@given(text=st.binary(max_size=400))
def test_no_bytes_are_too_strange(name: str, pack: Callable[[bytes], bytes], text: bytes) -> None:
    found = decode(text, name, 1 << 20)
    assert found.fault or found.unread or pack(found.body)
