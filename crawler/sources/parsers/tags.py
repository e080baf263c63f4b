"""Tags and text of markup that need not be well-formed, as a stream: nothing is refused. Pure.

An XML parser stops at the first fault, and what publishers serve as a sitemap has many: words of
a web server before it, prefixes that nothing declares, a tag closed in other letters, two roots.
Nothing here is resolved or fetched: no entities but XML's own five, no DTD, no stylesheet.
"""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from crawler.sources.parsers.links import SourceBroken

LONGEST: Final = 1 << 20  # characters of one tag, comment or CDATA section
_PLAIN: Final = re.compile(r"([^<]*)<(/?)([^\W\d][\w.:-]*)>")  # nearly all: a tag, text before
_NAME: Final = re.compile(r"</?([^\W\d][^\s<>/]*)")
_REFERENCE: Final = re.compile(r"&(?:(amp|lt|gt|quot|apos)|#(\d{1,7})|#[xX]([0-9A-Fa-f]{1,6}));")
_NAMED: Final = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_CDATA: Final = "<![CDATA["
_ENDS: Final = (("<!--", "-->"), (_CDATA, "]]>"))


class Token(NamedTuple):
    """A tag that opens or closes, or a text between tags."""

    kind: str  # 'open' | 'close' | 'text'
    value: str  # the tag's name as written, or the text


def tokens(pieces: Iterator[str]) -> Iterator[Token]:
    """What the markup has, in order; an empty tag opens and closes.

    A tag that is cut at the end is left out. Raises SourceBroken for declared entities and for
    a tag of more than LONGEST characters.
    """
    held = ""
    for piece in pieces:
        whole, at = held + piece, 0
        while True:
            while plain := _PLAIN.match(whole, at):
                text, closes, name = plain.groups()
                if text and not text.isspace():
                    yield Token("text", unescaped(text))
                yield Token("close" if closes else "open", name)
                at = plain.end()
            start = whole.find("<", at)
            if start < 0 or start > at:
                yield Token("text", unescaped(whole[at : len(whole) if start < 0 else start]))
            if start < 0:
                held = ""
                break
            found, end = _tag(whole, start)
            if end < 0:
                held = whole[start:]
                break
            yield from found
            at = end
        if len(held) > LONGEST:
            raise SourceBroken("broken XML: a tag without an end")


def unescaped(text: str) -> str:
    """The text with XML's own references replaced; all other ampersands stand for themselves."""
    return _REFERENCE.sub(_character, text) if "&" in text else text


def _tag(whole: str, start: int) -> tuple[tuple[Token, ...], int]:
    """The tokens of the tag at `start`, and where it ends; -1 if it goes on."""
    for opens, closes in _ENDS:
        head = whole[start : start + len(opens)]
        if opens.startswith(head):  # or cut within its first characters
            end = whole.find(closes, start + len(opens)) if head == opens else -1
            inside = whole[start + len(opens) : end] if opens == _CDATA else ""
            found = (Token("text", inside),) if inside else ()
            return found, end + len(closes) if end >= 0 else -1
    end = whole.find(">", start)
    another = whole.find("<", start + 1, end if end >= 0 else len(whole))
    if another >= 0 and whole.startswith("<!ENTITY", another):
        raise SourceBroken("it declares entities, which no sitemap needs")
    if another >= 0 and whole[start + 1] not in "!?":
        end = another - 1  # its '>' is missing
    name = None if end < 0 else _NAME.match(whole, start, end + 1)
    if name is not None:
        return _named(whole[start : end + 1], name[1]), end + 1
    if end < 0 or whole[start + 1] in "!?":
        return (), end + 1 or -1
    return (Token("text", "<"),), start + 1


def _named(tag: str, name: str) -> tuple[Token, ...]:
    if tag.startswith("</"):
        return (Token("close", name),)
    opened = Token("open", name)
    return (opened, Token("close", name)) if tag.endswith("/>") else (opened,)


def _character(reference: re.Match[str]) -> str:
    named, decimal, hexadecimal = reference.groups()
    if named:
        return _NAMED[named]
    number = int(decimal) if decimal else int(hexadecimal, 16)
    return chr(number) if number < 0x110000 and not 0xD800 <= number < 0xE000 else "\ufffd"
