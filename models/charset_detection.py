"""The encoding of a text that declares none, or a wrong one, by what languages look like. Pure."""

import re
import unicodedata
from functools import lru_cache
from typing import Final

# The encodings of the web's standard, by the names of the library; UTF-8 is known without it.
WEB: Final = (
    "windows-1250", "windows-1251", "windows-1252", "windows-1253", "windows-1254",
    "windows-1255", "windows-1256", "windows-1257", "windows-1258", "cp874", "koi8-r", "koi8-u",
    "iso8859-2", "iso8859-5", "iso8859-6", "iso8859-7", "iso8859-13", "iso8859-15", "iso8859-16",
    "gb18030", "big5hkscs", "cp932", "euc-jp", "cp949",
)  # fmt: skip
LATIN: Final = frozenset({"cp1252", "iso8859-1", "iso8859-15", "latin-1", "windows-1252", "ascii"})
_UNREAD: Final = re.compile(
    rb"<!--.*?-->|<(script|style|textarea)\b.*?</\1\s*>|<[a-zA-Z/!?][^>]*>|&#?\w{1,10};",
    re.IGNORECASE | re.DOTALL,
)
_HIGH: Final = re.compile(rb"[\x80-\xff]")
_PLAIN: Final = re.compile(rb"[A-Za-z]")
_WORD: Final = re.compile(r"[^\W\d_]+")
_ODD_INSIDE: Final = re.compile(
    r"[^\W\d_][\x80-\x9f\ufffd\u00a4\u00a6-\u00a9\u00ac\u00ae-\u00b3\u00b6\u00b8\u00b9\u2030]"
    r"+[^\W\d_]"
)
_SAMPLE: Final = 64 * 1024  # bytes of text
_FEW: Final = 0.01  # high bytes of a text: punctuation beside letters that are all ASCII
_MANY: Final = 0.4  # high bytes among letters: more than any Latin script has
_MOST_ODD: Final = 0.2  # of the words


def visible(body: bytes) -> bytes:
    """The page's text without markup, scripts and references: what tells an encoding."""
    return b" ".join(_UNREAD.sub(b" ", body[: 8 * _SAMPLE]).split())[:_SAMPLE]


def is_latin(body: bytes) -> bool:
    """Whether the letters are as those of a Latin script are: mostly ASCII."""
    text = visible(body)
    high = len(_HIGH.findall(text))
    return high <= _MANY * (high + len(_PLAIN.findall(text)))


def detected(body: bytes) -> str | None:
    """The codec by which the body reads as a language; None where no language fits."""
    import chardet  # noqa: PLC0415 - its models take long to load, and few pages need them

    text = visible(body)
    if len(_HIGH.findall(text)) <= _FEW * len(text):
        return "cp1252"
    found = chardet.detect_all(
        text, ignore_threshold=True, include_encodings=WEB, no_match_encoding=WEB[2]
    )
    for guess in found:
        codec = guess["encoding"]
        if codec and is_plausible(text.decode(codec, "replace")):
            return codec
    return None


def is_plausible(text: str) -> bool:
    """Whether the words are words: letters of one script, no signs within them."""
    words = [word for word in _WORD.findall(text) if not word.isascii()]
    mixed = sum(len({_script(letter) for letter in word} - {""}) > 1 for word in words)
    odd = len(_ODD_INSIDE.findall(text)) + mixed + text.count("\ufffd")
    return odd <= _MOST_ODD * len(words)


@lru_cache(maxsize=4096)
def _script(letter: str) -> str:
    """The script by the letter's name; '' for what stands among all, Han and kana as one."""
    name = unicodedata.name(letter, "").partition(" ")[0]
    if unicodedata.category(letter) not in {"Lu", "Ll", "Lo", "Lt"}:
        return ""
    east = ("CJK", "HIRAGANA", "KATAKANA", "HANGUL", "HALFWIDTH", "BOPOMOFO", "IDEOGRAPHIC")
    return "CJK" if name.startswith(east) else name
