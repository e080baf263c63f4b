"""Text in the form that every database accepts, and words for comparing texts."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_SPACES = re.compile(r"[^\S\n]+")
_WORD = re.compile(
    # one token for each character in scripts without spaces between words
    "[\u0e00-\u0e7f\u0e80-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf"
    "\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
    "|[^\\W\u0e00-\u0e7f\u0e80-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf"
    "\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+"
)


def clean(text: str) -> str:
    """The text in NFC, without NUL, control characters and lone surrogates."""
    return unicodedata.normalize("NFC", _FORBIDDEN.sub("", text.replace("\r\n", "\n")))


def one_line(text: str) -> str:
    """The text cleaned, with each run of white space replaced by one space."""
    return " ".join(clean(text).split())


def paragraphs(text: str) -> str:
    """The text cleaned, with one blank line between paragraphs and no stray spaces."""
    lines = (_SPACES.sub(" ", line).strip() for line in clean(text).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def words(text: str) -> list[str]:
    """Words, case folded; single characters in scripts without spaces (Han, kana, Thai, ...)."""
    return _WORD.findall(text.casefold())


@lru_cache(maxsize=8192)  # several callers count the words of each block
def count_words(text: str) -> int:
    """The number of `words` in a text."""
    return len(words(text))


def content_hash(text: str) -> str:
    """64 hex digits of the SHA-256 of the text."""
    return hashlib.sha256(text.encode()).hexdigest()


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that a mistyped one is most like; None if none is near."""
    import difflib  # noqa: PLC0415 - only a mistake needs it

    return next(iter(difflib.get_close_matches(word, list(known), n=1)), None)
