"""The words of a page's URL, and how well a title fits them."""

import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from models.text import words

_FEWEST = 3  # words; fewer are a section or a name, not a headline
_MOST = 60  # words read of a title or a URL
_MAX_URL = 2_000  # characters
_LONGEST_NUMBER = 40  # characters read of a word
_APOSTROPHES = re.compile("['’‘]")  # "what's" is spelled "whats"
_NUMBER = re.compile(r"[a-z]{0,10}\d{4,}|[0-9a-f]*\d[0-9a-f]{6,}")  # of an article, no word
_EXTENSION = re.compile(r"\.\w{2,5}$")
_SIGNLESS = str.maketrans({"ß": "ss", "ø": "o", "æ": "ae", "ł": "l", "đ": "d", "ı": "i"})
_SPELLED_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"})


@dataclass(frozen=True, slots=True)
class Slug:
    """The words of the part of a URL that names its article; none if no part does."""

    words: frozenset[str]

    def fit(self, title: str) -> float:
        """From 0 to 1: the share of words that URL and title have in common (Dice)."""
        if not self.words:
            return 0.0
        lower = _APOSTROPHES.sub("", title.casefold())
        plain = self._share(_plain(lower))
        if lower.isascii():
            return plain
        return max(plain, self._share(_plain(lower.translate(_SPELLED_OUT))))

    def _share(self, plain: str) -> float:
        title = set(words(plain)[:_MOST])
        return 2 * len(title & self.words) / (len(title) + len(self.words))


def slug_of(url: str) -> Slug:
    """The slug of a URL: the words of the part of its path that has most of them."""
    try:
        path = unquote(urlsplit(url[:_MAX_URL]).path)
    except ValueError:
        return Slug(frozenset())
    parts = [_spelled(part) for part in path.split("/")]
    longest = max(parts, key=len, default=[])
    return Slug(frozenset(longest if len(longest) >= _FEWEST else ()))


def spelled_out(text: str) -> str:
    """As URLs spell a text: "ä" as "ae", letters without their marks."""
    return _plain(text.casefold().translate(_SPELLED_OUT))


def _spelled(part: str) -> list[str]:
    stem = _EXTENSION.sub("", part.replace("_", "-")) if "." in part else part.replace("_", "-")
    spelled = words(_plain(stem.casefold()))[:_MOST]
    return [
        word for word in spelled if len(word) <= 4 or not _NUMBER.fullmatch(word[:_LONGEST_NUMBER])
    ]


def _plain(lower: str) -> str:
    """Letters without their marks: URLs spell "é" as "e"."""
    if lower.isascii():
        return lower
    apart = unicodedata.normalize("NFKD", lower.translate(_SIGNLESS))
    return "".join(sign for sign in apart if not unicodedata.combining(sign))
