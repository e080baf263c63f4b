"""Text as terms of the search index, the same on every database.

A term is a word without case and accents. Scripts without spaces between words (Han, kana, Thai,
Lao, Khmer, Burmese), and Hangul, whose words carry endings, become overlapping pairs of characters
and the last character alone: each character begins a term, and a part of a run is a run of terms.
"""

import re
import unicodedata
from itertools import pairwise
from typing import Final

MOST_CHARACTERS: Final = 200_000  # of a text that are indexed: no article is as long
LONGEST: Final = 60  # characters of a term; the rest of it is neither stored nor asked for

# for a regular expression: characters of scripts in which spaces part no words, and Hangul
UNSPACED: Final = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\ua9e0-\ua9ff\uaa60-\uaa7f"  # Thai, Lao, Burmese, Khmer
    "\u3005-\u3007\u3031-\u3035\u3040-\u30ff\u31f0-\u31ff"  # kana
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"  # Han
    "\uac00-\ud7ff"  # Hangul
)
# marks of these scripts, which stay with their character
_MARKS: Final = (
    "\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ece\u102b-\u103e\u1056-\u1059"
    "\u105e-\u1060\u1062-\u1064\u1067-\u106d\u1071-\u1074\u1082-\u108d\u108f\u109a-\u109d"
    "\u17b4-\u17d3\u17dd\u3099\u309a\uaa7b-\uaa7d"
)
_HAS_UNSPACED: Final = re.compile(f"[{UNSPACED}]")
_PIECE: Final = re.compile(f"[{UNSPACED}]+|[^{UNSPACED}]+")
_CHARACTER: Final = re.compile(f".[{_MARKS}]*", re.DOTALL)
# accents, vowel signs of Arabic and Hebrew that many leave out, the stroke that lengthens Arabic
_LEFT_OUT: Final = re.compile(
    "[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\ufe00-\ufe0f"
    "\U000e0100-\U000e01ef]"
)
_ACCENTED: Final = re.compile("[\u00aa-\u024f\u0370-\u03ff\u1e00-\u1fff]")  # Latin and Greek
_STROKED: Final = {
    "ø": "o", "đ": "d", "ł": "l", "ħ": "h", "ŧ": "t", "ı": "i", "æ": "ae", "œ": "oe",
}  # fmt: skip
_OF_ASCII: Final = bytes(  # the upper half is met by no ASCII
    ord(chr(code).lower()) if chr(code).isalnum() else 32 for code in range(128)
).ljust(256)


class _Folding(dict[int, str]):
    """For `str.translate`, after case folding: a letter without accents, a space, or nothing.

    It grows with the characters that are met.
    """

    def __missing__(self, code: int) -> str:
        char = chr(code)
        kind = unicodedata.category(char)
        if _LEFT_OUT.match(char) or kind in ("Cf", "Me"):
            made = ""
        elif _ACCENTED.match(char) and kind[0] == "L":
            apart = _LEFT_OUT.sub("", unicodedata.normalize("NFD", char))
            made = _STROKED.get(apart, apart)
        else:
            made = char if kind[0] in "LMN" else " "
        self[code] = made
        return made


_FOLDING: Final = _Folding()


def folded(text: str) -> str:
    """The text in NFKC, without case and accents, with a space for all that is part of no word."""
    if text.isascii():
        return text.encode().translate(_OF_ASCII).decode()
    lower = unicodedata.normalize("NFKC", text).casefold()
    return unicodedata.normalize("NFKC", lower).translate(_FOLDING)


def pieces(text: str) -> list[str]:
    """Words, without case and accents; a run of characters without spaces is one of its own."""
    words = folded(text).split()
    if text.isascii():
        return words
    found: list[str] = []
    for word in words:
        if _HAS_UNSPACED.search(word):
            found.extend(_PIECE.findall(word))
        else:
            found.append(word)
    return found


def is_unspaced(piece: str) -> bool:
    """Whether a piece is a run of characters that spaces do not part into words."""
    return _HAS_UNSPACED.match(piece) is not None


def characters(piece: str) -> list[str]:
    """The characters of a run, each with its marks."""
    return _CHARACTER.findall(piece)


def pairs(piece: str) -> list[str]:
    """A run as overlapping pairs of characters, and the last character."""
    single = characters(piece)
    return [*map("".join, pairwise(single)), single[-1]]


def terms(title: str | None, text: str) -> list[str]:
    """The terms of an article in their order, at most `LONGEST` characters each."""
    found: list[str] = []
    for piece in pieces(f"{title or ''}\n{text[:MOST_CHARACTERS]}"):
        if is_unspaced(piece):
            found.extend(pairs(piece))
        else:
            found.append(piece[:LONGEST])
    return found
