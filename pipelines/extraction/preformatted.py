"""`<pre>` as paragraphs: press releases that are wrapped by hand, poems; code stays as it is."""

import re
from itertools import pairwise
from typing import Final

import lxml.etree
import lxml.html
from lxml.html import HtmlElement

from pipelines.extraction.inline import INLINE

_BLANK: Final = re.compile(r"\n[^\S\n]*\n\s*")
_LINE: Final = re.compile(r"\n\s*")
_COLUMNS: Final = re.compile(r"\S(?: {3,}|\t+| {2}(?<![.!?:;…] {2}))\S")
_INDENTED: Final = re.compile(r"^(?: {2,}|\t)", re.MULTILINE)
_CODE: Final = re.compile(r"[{};=<>|\\]|\)\s*:?$|^\s*(?:[$#>]|//)", re.MULTILINE)
_FORCED: Final = 0.8  # share of line ends that the width forced, from which on they mean nothing
_NARROW: Final = 45  # columns; nobody wraps prose to fewer, and lines of verse are shorter
_LONG: Final = 100  # characters of lines that nobody wrapped: each is a paragraph
_POINTED: Final = 0.5  # share of line ends with a sign of punctuation, as verse has them
_STOP: Final = re.compile(r"[,.;:!?…、。，；：！？،؛؟।—–-][\"'»”’)\]]*$")
_SLACK: Final = 3  # columns by which people break a line early
_MOST_CODE: Final = 0.2  # share of lines with signs that prose has none of
_MOST_COLUMNS: Final = 0.3  # share of lines with columns, or moved in, that make a table of them
_LONGEST: Final = 200_000  # characters of a text that is looked at; no article has as many


def part_preformatted(tree: HtmlElement) -> None:
    """Makes of each `pre` with prose or verse a `div` of paragraphs; code stays `pre`.

    A line's end that the width forced means nothing; any other becomes `br`.
    """
    for pre in list(tree.iter("pre")):
        text = pre.text_content()
        if len(text) > _LONGEST or any(inner.tag not in INLINE for inner in pre.iterdescendants()):
            continue
        if pre.find(".//code") is not None or _is_code(text):
            _break_lines(pre)
        else:
            wrapped = is_wrapped(text)
            _part(pre, _LINE if not wrapped and _is_long(text) else _BLANK, wrapped)


def is_wrapped(text: str) -> bool:
    """Whether the lines of a text end where the next word had no room."""
    lines = text.rstrip().split("\n")
    widest = max(map(width, lines))
    ends = [pair for pair in pairwise(lines) if all(side.strip() for side in pair)]
    pointed = sum(_STOP.search(line.rstrip()) is not None for line, _ in ends)
    if widest < _NARROW or pointed > _POINTED * len(ends):
        return False
    forced = sum(
        width(line.rstrip()) + _apart(line, after) + _first_length(after) > widest - _SLACK
        for line, after in ends
    )
    return bool(ends) and forced >= _FORCED * len(ends)


def _apart(line: str, after: str) -> int:
    return 0 if _is_wide(line.rstrip()[-1:]) and _is_wide(after.lstrip()[:1]) else 1


def _first_length(line: str) -> int:
    """Of the first word: one sign in scripts without spaces."""
    first = line.split(maxsplit=1)[0]
    return 2 if _is_wide(first[0]) else len(first)


def width(line: str) -> int:
    """Columns: signs of East Asia take two."""
    return len(line) if line.isascii() else len(line) + sum(map(_is_wide, line))


def _is_long(text: str) -> bool:
    """Whether most of a text stands in lines longer than anybody wraps."""
    return sum(len(line) for line in text.split("\n") if len(line) > _LONG) * 2 > len(text)


def _is_wide(sign: str) -> bool:
    """Whether a sign is one of those that stand without spaces between words."""
    return (
        "\u2e80" <= sign <= "\u9fff" or "\uf900" <= sign <= "\ufaff" or "\uff00" <= sign <= "\uff60"
    )


def _is_code(text: str) -> bool:
    """Whether a text is code, or a table in columns: what its signs and its shape tell."""
    lines = [line for line in text.split("\n") if line.strip()]
    if not lines:
        return True
    coded = sum(_CODE.search(line) is not None for line in lines)
    columns = sum(_COLUMNS.search(line) is not None for line in lines)
    moved = sum(_INDENTED.match(line) is not None for line in lines)
    if coded > _MOST_CODE * len(lines) or columns > _MOST_COLUMNS * len(lines):
        return True
    return moved > _MOST_COLUMNS * len(lines) and moved < len(lines)


def _break_lines(pre: HtmlElement) -> None:
    """Makes each line break of code or a table in columns a `br`."""
    for element in list(pre.iter()):
        children = list(element)
        pieces = [element.text or "", *(child.tail or "" for child in children)]
        if not any("\n" in piece for piece in pieces):
            continue
        element.text, *breaks = pieces[0].split("\n")
        element[:] = list(map(_break_before, breaks))
        for child, piece in zip(children, pieces[1:], strict=True):
            child.tail, *breaks = piece.split("\n")
            element.extend([child, *map(_break_before, breaks)])


def _break_before(line: str) -> HtmlElement:
    found = lxml.html.Element("br")
    found.tail = line
    return found


def _part(pre: HtmlElement, apart: re.Pattern[str], wrapped: bool) -> None:
    pieces = [("", pre.text or ""), *((child, child.tail or "") for child in pre)]
    children = list(pre)
    for child in children:
        child.tail = None
    pre.tag, pre.text = "div", None
    pre[:] = []
    paragraph = _Paragraph(pre)
    for child, text in pieces:
        if not isinstance(child, str):
            paragraph.add(child)
        first, *others = apart.split(text)
        paragraph.write(first, wrapped)
        for other in others:
            paragraph = _Paragraph(pre)
            paragraph.write(other, wrapped)


class _Paragraph:
    """A paragraph that grows at its end."""

    def __init__(self, parent: HtmlElement) -> None:
        self._element = lxml.etree.SubElement(parent, "p")
        self._last: HtmlElement | None = None

    def add(self, element: HtmlElement) -> None:
        self._element.append(element)
        self._last = element

    def write(self, text: str, wrapped: bool) -> None:
        first, *others = [joined(text)] if wrapped else text.split("\n")
        if self._last is None:
            self._element.text = (self._element.text or "") + first
        else:
            self._last.tail = (self._last.tail or "") + first
        for other in others:
            self.add(_break_before(other))


def joined(text: str) -> str:
    """The lines as one; signs of scripts without spaces are joined without one."""
    lines = text.split("\n")
    whole = [lines[0]]
    for before, line in pairwise(lines):
        if _is_wide(before.rstrip()[-1:]) and _is_wide(line.lstrip()[:1]):
            whole.append(line.lstrip())
        else:
            whole.append(f"\n{line}")
    return "".join(whole)
