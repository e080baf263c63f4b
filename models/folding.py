"""Texts made alike that readers take for the same: case, accents, digits."""

import re
import unicodedata
from typing import Final

_FORMAT: Final = re.compile("[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
# accents of Latin, Greek and Cyrillic letters, and the Arabic marks that many leave out
_MARKS: Final = re.compile("[\u0300-\u036f\u064b-\u0655]")
_SAME: Final = str.maketrans("ıيىك", "iییک")  # letters that one language writes for another's


def folded(text: str) -> str:
    """A text to compare names by: digits 0 to 9, any case, letters without their accents.

    Dotless and dotted i are one letter, so that Turkish capitals are found too.
    """
    if text.isascii():
        return text.lower()
    lower = unicodedata.normalize("NFKD", _FORMAT.sub("", text)).casefold()
    apart = unicodedata.normalize("NFKD", lower)
    plain = unicodedata.normalize("NFC", _MARKS.sub("", apart)).translate(_SAME)
    return re.sub(r"[^\D0-9]", lambda m: str(unicodedata.decimal(m[0])), plain)
