"""What two texts are compared by: folded tokens, shingles, a body key and a bottom-k sketch.

The keys stand in databases for years, so they depend on no library's version: xxh3 is frozen,
and Unicode promises that the normal form of an assigned character never changes. Whoever
changes anything here that a golden digest notices raises `VERSION` of
`models.duplicates.index_version`, and databases are rebuilt.
"""

import re
import unicodedata
from collections.abc import Sequence
from heapq import nsmallest
from itertools import islice
from typing import Final

from xxhash import xxh3_64_intdigest

from models.items import Sketch

SHINGLE: Final = 5  # tokens a shingle
KEYS: Final = 16  # keys a sketch
SHORTEST: Final = 20  # tokens; under this a text is compared for equality only

# Invisible inside words: soft hyphen, joiners, direction marks, variation selectors, BOM, Arabic
# tatweel and vowel signs, Hebrew points, accents that no composed character takes up.
_INVISIBLE: Final = re.compile(
    "[\u00ad\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u061c"
    "\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\ufe00-\ufe0f\ufeff\U000e0000-\U000e01ef]+"
)
# Scripts without spaces: Thai, Lao, Burmese, Khmer, kana, Han. One token a character.
_SPACELESS: Final = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3041-\u309f\u30a1-\u30fa\u30fc-\u30ff"
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
_SPACELESS_CHARACTER: Final = re.compile(f"[{_SPACELESS}]")
_TOKEN: Final = re.compile(f"[{_SPACELESS}]|[^\\W{_SPACELESS}]+")
_WORD: Final = re.compile(r"\w+")


def tokens(text: str) -> list[str]:
    """The text's words, folded: NFKC, case, invisible characters; no punctuation.

    A character of a script without spaces is a token by itself.
    """
    if text.isascii():
        return _WORD.findall(text.lower())
    folded = _nfkc(_nfkc(text).casefold())
    visible = _INVISIBLE.sub("", folded)
    return (_TOKEN if _SPACELESS_CHARACTER.search(visible) else _WORD).findall(visible)


def shingles(words: Sequence[str]) -> list[int]:
    """The 64-bit hashes of all runs of five tokens, in order; of all tokens if there are fewer."""
    if not words:
        return []
    coded = " ".join(words).encode().split(b" ")
    runs = zip(*(islice(coded, start, None) for start in range(SHINGLE)), strict=False)
    hashed = [xxh3_64_intdigest(b" ".join(run)) for run in runs]
    return hashed or [xxh3_64_intdigest(b" ".join(coded))]


def sketch(text: str) -> Sketch:
    """What the index keeps of a text: the same in every process, on every machine."""
    words = tokens(text)
    if not words:
        return Sketch(None, 0, ())
    body = xxh3_64_intdigest(" ".join(words).encode()) >> 1
    if len(words) < SHORTEST:
        return Sketch(body, len(words), ())
    smallest = nsmallest(KEYS, set(shingles(words)))
    return Sketch(body, len(words), tuple(sorted({_low_bits(key) for key in smallest})))


def _nfkc(text: str) -> str:
    return text if unicodedata.is_normalized("NFKC", text) else unicodedata.normalize("NFKC", text)


def _low_bits(key: int) -> int:
    # The smallest hashes begin with zeros; their low bits are still spread evenly. 32 of them
    # halve the index, and three shared by chance do not happen in 10^8 articles.
    low = key & 0xFFFFFFFF
    return low - (1 << 32) if low >> 31 else low
