"""Bytes into text: which encoding a page is really in, whatever it declares."""

import codecs
import re
from typing import Final, NamedTuple

import webencodings

from models import charset_detection as detection

# Python's codec for an encoding of the WHATWG standard, if it is not the one of the same name.
_CODECS: Final = {
    "iso-8859-8-i": "iso-8859-8", "macintosh": "mac-roman", "x-mac-cyrillic": "mac-cyrillic",
    "windows-874": "cp874", "gbk": "gb18030", "big5": "big5hkscs", "shift_jis": "cp932",
    "euc-kr": "cp949", "replacement": None, "x-user-defined": None,
}  # fmt: skip
_MARKS: Final = (
    (codecs.BOM_UTF32_LE, "utf-32le"),  # begins as the mark of UTF-16 does
    (codecs.BOM_UTF32_BE, "utf-32be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16le"),
    (codecs.BOM_UTF16_BE, "utf-16be"),
)
_ALL_MARKS: Final = tuple(mark for mark, _ in _MARKS)
_META: Final = re.compile(rb"<meta[^>]{0,400}?charset\s*=\s*[\"']?\s*([\w:.-]{2,40})", re.I)
_PRESCAN: Final = 4096  # bytes; the standard looks at 1024, pages put <meta> later
_PROBES: Final = 16  # places of a large body that are looked at
_PROBE: Final = 8192  # bytes at each; a multiple of 4 keeps the wide encodings in step
_PIECE: Final = 1 << 14  # bytes of a body that are looked at together
_CONTROLS: Final = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]+")  # ESC is of ISO-2022-JP
_CONTROL_BYTES: Final = bytes([*range(9), *range(14, 27), *range(28, 32), 127])
_ESCAPE: Final = b"\x1b"
_JAPANESE: Final = (b"\x1b$B", b"\x1b$@")  # of ISO-2022-JP, whose bytes are all ASCII
_STRAY: Final = re.compile("[\udc80-\udcff]")  # a byte that is not UTF-8
_BEYOND_ASCII: Final = re.compile("[^\x00-\x7f]+")
_LIE: Final = 0.005  # share of undecodable characters above which a label is not believed


class Decoded(NamedTuple):
    """A body as text."""

    text: str
    is_sure: bool  # the bytes, a label or a language tells the encoding


def codec_of(label: str | None) -> str | None:
    """The Python codec of a WHATWG label; None for any other name.

    Names such as `punycode` or `unicode_escape` are Python codecs too, slow or dangerous ones.
    """
    if not label or not label.isascii():  # all labels of the standard are ASCII
        return None
    known = webencodings.lookup(label.strip(" \t\r\n\"'"))
    return _CODECS.get(known.name, known.name) if known else None


def decode(body: bytes, label: str | None) -> str:
    """As `decoded`, whether or not the encoding is sure."""
    return decoded(body, label).text


def decoded(body: bytes, label: str | None) -> Decoded:
    """The page's text, by its byte order mark, else the header's `label`, its <meta>, or detection.

    A label that leaves too much undecodable is wrong, as is a Latin one of text that is not, and
    the next one is tried. Strict UTF-8 goes before single-byte labels: other text is hardly ever
    valid UTF-8 by chance.
    """
    if (text := _shown(body, label)) is not None:
        return Decoded(text, is_sure=True)
    labels = [codec for codec in (codec_of(label), _declared(body)) if codec]
    for codec in dict.fromkeys(labels):
        text = _mostly_utf8(body) if codec == "utf-8" else body.decode(codec, "replace")
        if text is None or text.count("\ufffd") > _LIE * (len(body) + 1):
            continue
        if codec not in detection.LATIN or detection.is_latin(body):
            return Decoded(text, is_sure=True)
    if (text := _mostly_utf8(body)) is not None:
        return Decoded(text, is_sure=True)
    found = detection.detected(body)
    return Decoded(body.decode(found or "cp1252", "replace"), is_sure=found is not None)


def in_utf8(body: bytes, label: str | None) -> tuple[bytes, bool]:
    """The text of `decoded` in UTF-8, and whether it is sure; most bodies are that already."""
    if _is_plain_utf8(body, label):
        return body, True
    text, is_sure = decoded(body, label)
    return text.encode("utf-8", "replace"), is_sure


def _is_plain_utf8(body: bytes, label: str | None) -> bool:
    """Whether `_shown` would decode the whole body as UTF-8."""
    if body.startswith(_ALL_MARKS) or _unmarked_wide(body):
        return False
    if _is_wide([codec_of(label), _declared(body)]):
        return False
    if _ESCAPE in body and any(escape in body for escape in _JAPANESE):
        return False
    return body.isascii() or _is_utf8(body)


def _is_utf8(body: bytes) -> bool:
    """Whether the body can be decoded; piece by piece, so that no text of its size is made."""
    view, at = memoryview(body), 0
    try:
        while at < len(body):
            last = at + _PIECE >= len(body)
            at += codecs.utf_8_decode(view[at : at + _PIECE], "strict", last)[1]
    except UnicodeDecodeError:
        return False
    return True


def _shown(body: bytes, label: str | None) -> str | None:
    """The text where the bytes themselves show their encoding, or None."""
    for mark, codec in _MARKS:
        if body.startswith(mark):
            return body[len(mark) :].decode(codec, "replace")
    if wide := _unmarked_wide(body):
        return body.decode(wide, "replace")
    declared = [codec_of(label), _declared(body)]
    if (text := _strict(body)) is None or _is_wide(declared):
        return None
    if _ESCAPE in body and any(escape in body for escape in _JAPANESE):
        return body.decode("iso2022-jp", "replace")
    return text


def _mostly_utf8(body: bytes) -> str | None:
    """UTF-8 into which bytes of cp1252 were pasted, as from a word processor; None for others."""
    text = body.decode("utf-8", "surrogateescape")
    strays = len(_STRAY.findall(text))
    if strays > sum(map(len, _BEYOND_ASCII.findall(text))) - strays:
        return None
    return _STRAY.sub(_of_cp1252, text)


def _of_cp1252(stray: re.Match[str]) -> str:
    return bytes([ord(stray[0]) - 0xDC00]).decode("cp1252", "replace")


def noise(body: bytes, label: str | None) -> float:
    """The share, 0 to 1, of control and undecodable characters in the body; 0 of an empty one.

    Text has hardly any, whatever its encoding; compressed data has a tenth, a program more. Of a
    large body some places are read, evenly spaced. What cannot be decoded counts where the bytes
    themselves show the encoding; elsewhere it shows a wrong label, not binary data.
    """
    probed = _probed(body)
    marked = probed.startswith(_ALL_MARKS)
    if not marked and len(probed.translate(None, _CONTROL_BYTES)) == len(probed):
        return 0.0  # and so it is neither UTF-16 nor UTF-32, whose markup is full of zeros
    text = _shown(probed, label)
    if text is None:
        text = probed.decode(codec_of(label) or _declared(probed) or "windows-1252", "replace")
    count = sum(map(len, _CONTROLS.findall(text)))
    if marked or _unmarked_wide(probed):
        count += text.count("\ufffd")
    return count / max(1, len(text))


def _probed(body: bytes) -> bytes:
    if len(body) <= _PROBES * _PROBE:
        return body
    step = (len(body) - _PROBE) // (_PROBES - 1) // 4 * 4
    return b"".join(body[n * step : n * step + _PROBE] for n in range(_PROBES))


def _unmarked_wide(body: bytes) -> str | None:
    """UTF-16 or UTF-32 without a mark: of markup's characters, the high bytes are zero."""
    head = body[: min(len(body), _PRESCAN) // 4 * 4]
    if b"\0" not in head:
        return None
    first, second, third, fourth = (4 * head[n::4].count(0) / len(head) for n in range(4))
    if max(first, 1 - third, 1 - fourth) < 0.1:
        return "utf-32le"
    if max(fourth, 1 - first, 1 - second) < 0.1:
        return "utf-32be"
    even, odd = (first + third) / 2, (second + fourth) / 2
    if max(even, odd) < 0.3 or min(even, odd) > 0.05:
        return None
    return "utf-16le" if odd > even else "utf-16be"


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
