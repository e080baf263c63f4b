"""Bytes into text: which encoding a page is really in, whatever it declares."""

import codecs
import re
from typing import Final

import webencodings

# Python's codec for an encoding of the WHATWG standard, if it is not the one of the same name.
_CODECS: Final = {
    "iso-8859-8-i": "iso-8859-8", "macintosh": "mac-roman", "x-mac-cyrillic": "mac-cyrillic",
    "windows-874": "cp874", "gbk": "gb18030", "big5": "big5hkscs", "shift_jis": "cp932",
    "euc-kr": "cp949", "replacement": None, "x-user-defined": None,
}  # fmt: skip
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16le"),
    (codecs.BOM_UTF16_BE, "utf-16be"),
)
_META: Final = re.compile(rb"<meta[^>]{0,400}?charset\s*=\s*[\"']?\s*([\w:.-]{2,40})", re.I)
_PRESCAN: Final = 4096  # bytes; the standard looks at 1024, pages put <meta> later
_LIE: Final = 0.005  # share of undecodable characters above which a label is not believed


def codec_of(label: str | None) -> str | None:
    """The Python codec of a WHATWG label; None for any other name.

    Names such as `punycode` or `unicode_escape` are Python codecs too, slow or dangerous ones.
    """
    if not label or not label.isascii():  # all labels of the standard are ASCII
        return None
    known = webencodings.lookup(label.strip(" \t\r\n\"'"))
    return _CODECS.get(known.name, known.name) if known else None


def decode(body: bytes, label: str | None) -> str:
    """The page's text, by its byte order mark, else the header's `label`, its <meta>, or a guess.

    A label that leaves too much undecodable is wrong, and the next one is tried. Strict UTF-8
    goes before single-byte labels: other text is hardly ever valid UTF-8 by chance.
    """
    for mark, codec in _MARKS:
        if body.startswith(mark):
            return body[len(mark) :].decode(codec, "replace")
    declared = [codec_of(label), _declared(body)]
    if (text := _strict(body)) is not None and not _is_wide(declared):
        return text
    candidates = [codec for codec in (*declared, "utf-8", "windows-1252") if codec]
    decoded = [body.decode(codec, "replace") for codec in dict.fromkeys(candidates)]
    limit = _LIE * (len(body) + 1)
    return next(
        (text for text in decoded if text.count("\ufffd") <= limit),
        min(decoded, key=lambda text: text.count("\ufffd")),
    )


def _declared(body: bytes) -> str | None:
    found = _META.search(body, 0, _PRESCAN)
    codec = codec_of(found.group(1).decode("ascii", "replace")) if found else None
    # A <meta> that could be read in ASCII cannot stand in UTF-16: the standard says UTF-8.
    return "utf-8" if codec and codec.startswith("utf-16") else codec


def _strict(body: bytes) -> str | None:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _is_wide(declared: list[str | None]) -> bool:
    """Encodings whose bytes may all be ASCII, so that valid UTF-8 proves nothing."""
    return declared[0] in {"utf-16le", "utf-16be"} or "iso-2022-jp" in declared
