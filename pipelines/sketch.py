"""What two texts are compared by: folded tokens, shingles, a body key and a bottom-k sketch.

The keys stand in databases for years, so they depend on no library's version: xxh3 is frozen,
and Unicode promises that the normal form of an assigned character never changes. Whoever
changes anything here that a golden digest notices raises `VERSION`, and databases are rebuilt.
"""

import re
import unicodedata
from dataclasses import dataclass
from heapq import nsmallest
from itertools import islice
from typing import Final

from xxhash import xxh3_64_intdigest

SHINGLE: Final = 5  # tokens a shingle
KEYS: Final = 16  # keys a sketch
SHORTEST: Final = 20  # tokens; under this a text is compared for equality only
VERSION: Final = f"1 nfkc-casefold tokens, {SHINGLE}-shingles, bottom-{KEYS} of xxh3-64"

# Invisible inside words: soft hyphen, joiners, direction marks, variation selectors, BOM, Arabic
# tatweel and vowel signs, Hebrew points, accents that no composed character takes up.
_INVISIBLE: Final = re.compile(
    "[\u00ad\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u061c\u0640"
    "\u064b-\u065f\u0670\u06d6-\u06dc\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f"
    "\ufeff\U000e0000-\U000e01ef]+"
)
# Scripts without spaces: Thai, Lao, Burmese, Khmer, kana, Han. One token a character.
_SPACELESS: Final = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3041-\u309f\u30a1-\u30fa\u30fc-\u30ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
_TOKEN: Final = re.compile(f"[{_SPACELESS}]|[^\\W{_SPACELESS}]+")
_ASCII_TOKEN: Final = re.compile(r"\w+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Sketch:
    """All that the index keeps of a text."""

    body_key: int | None  # 63 bits of all tokens; None where there are none
    tokens: int
    keys: tuple[int, ...]  # the smallest shingle hashes, ascending, 63 bits; empty if too short


def tokens(text: str) -> list[str]:
    """The text's words, folded: NFKC, case, invisible characters; no punctuation.

    Linear in the text, but for long runs of combining marks, which `models.text.clean` meets
    first. A character of a script without spaces is a token by itself.
    """
    if text.isascii():
        return _ASCII_TOKEN.findall(text.lower())
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return _TOKEN.findall(_INVISIBLE.sub("", folded))


def shingles(words: list[str]) -> set[int]:
    """The 63-bit hashes of all runs of five tokens; one of all tokens where there are fewer."""
    if not words:
        return set()
    coded = " ".join(words).encode().split(b" ")
    runs = zip(*(islice(coded, start, None) for start in range(SHINGLE)), strict=False)
    hashed = {xxh3_64_intdigest(b" ".join(run)) >> 1 for run in runs}
    return hashed or {xxh3_64_intdigest(b" ".join(coded)) >> 1}


def sketch(text: str) -> Sketch:
    """What the index keeps of a text. Deterministic over processes, machines and releases."""
    words = tokens(text)
    if not words:
        return Sketch(None, 0, ())
    body = xxh3_64_intdigest(" ".join(words).encode()) >> 1
    if len(words) < SHORTEST:
        return Sketch(body, len(words), ())
    return Sketch(body, len(words), tuple(nsmallest(KEYS, shingles(words))))
