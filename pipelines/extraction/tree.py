"""Bytes into a tree that no hostile page can make slow, huge or silently empty."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

import lxml.etree
import lxml.html
from lxml.html import HtmlElement

from models.charset import in_utf8
from models.errors import ExtractionFailed, PageTooLarge
from pipelines.extraction import noscript, shadow_roots
from pipelines.extraction.left_open import VOIDS, open_buttons, open_voids

# Characters, and references to them, that make libxml2 cut a text or trafilatura discard it.
# In UTF-8 a byte below 0x80 is always a character of its own, so bytes can be dropped unseen.
_CONTROLS: Final = bytes([*range(9), 11, 12, *range(14, 32), 127])
_UNCOUNTED: Final = bytes(set(range(256)).difference(_CONTROLS, b"<="))
_CONTROL_REFERENCE: Final = re.compile(
    rb"&#(?:[xX]0*(?:[0-8bBcCeEfF]|1[0-9a-fA-F]|7[fF]|[dD][89a-fA-F][0-9a-fA-F]{2}|[fF]{3}[eEfF])"
    rb"|0*(?:[0-8]|1[124-9]|2\d|3[01]|127|5529[6-9]|55[3-9]\d\d|56\d\d\d|57[0-2]\d\d"
    rb"|573[0-3]\d|5734[0-3]))(?:;|(?![0-9a-fA-F]))"
)
_TAG: Final = re.compile(r"""<[a-zA-Z][^\s<>"'/]*+(?:[^<>"']++|"[^"]*+"|'[^']*+'|<)*+>""")
_TAG_NAME: Final = re.compile(r"<[a-zA-Z][^\s<>\"'/]*")
_MAX_ATTRIBUTES: Final = 2000  # libxml2 compares each attribute of a tag with all others
_ROOM: Final = 2 * _MAX_ATTRIBUTES  # bytes; a shorter tag cannot have as many
_MAX_SPAN: Final = 50  # trafilatura writes out every cell that colspan and rowspan claim
# Of 1,075 real news pages the largest has 4,900 elements and 0.4 million characters of text.
MAX_ELEMENTS: Final = 100_000
MAX_CHARACTERS: Final = 3_000_000
_NO_TEXT: Final = frozenset({"script", "style", "template", "svg"})
UNREAD: Final = frozenset({
    "script", "style", "noscript", "template", "svg", "iframe", "select", "option", "textarea",
    "button", "input", "head", "object", "canvas", "audio", "video", "map", "math", "embed",
    "datalist", "progress",
})  # fmt: skip
_NOT_HTML: Final = (
    (b"%PDF-", "a PDF"),
    (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"GIF8", "an image"),
    (b"PK\x03\x04", "a ZIP archive"),
    (b"\x1f\x8b", "gzip"),
)
# lxml.html's own lookup calls Python for each element's class, thousands of times a page, to tell
# forms and inputs apart, which is not needed here.
_ELEMENTS: Final = lxml.etree.ElementDefaultClassLookup(
    element=lxml.html.HtmlElement, comment=lxml.html.HtmlComment
)
_HEAD_TAGS: Final = frozenset({"title", "meta", "link", "base", "script", "style", "noscript"})
_HTML_SPACES: Final = b" \n\t\r\f"
_MENDED: Final = (*VOIDS, "button", "td", "th", "template", "rt", "rp", "rtc")
_RUBY: Final = frozenset({"rt", "rp", "rtc"})
_START: Final = 4096  # bytes in which a document of XML shows what it is
_FOREIGN_ROOT: Final = re.compile(r"\s*(?:<\?xml[^>]{0,200}>\s*)?<(rss|feed|urlset|sitemapindex)\b")


def parse(body: bytes, charset: str | None) -> HtmlElement:
    """The page's tree, without comments and processing instructions.

    `charset` is the Content-Type header's label, if any. Raises ExtractionFailed, with the
    reason, if the body is empty or not HTML, PageTooLarge if it is beyond any article.
    """
    start = body[:1024].lstrip()
    if not start and not body.strip():
        raise ExtractionFailed("the page is empty")
    for magic, name in _NOT_HTML:
        if start.startswith(magic):
            raise ExtractionFailed(f"not HTML: the body is {name}")
    source, is_sure = in_utf8(body, charset)
    if not is_sure:
        raise ExtractionFailed("its encoding is unknown: none that it declares fits, nor any other")
    return _parsed(source)


def parse_text(text: str) -> HtmlElement:
    """As `parse`, from decoded text."""
    return _parsed(text.encode("utf-8", "replace"))


def _parsed(source: bytes) -> HtmlElement:
    """The tree of a source in UTF-8; as text it would take twice the memory and the time."""
    if b"<" not in source:
        raise ExtractionFailed("not HTML: the body has no tags")
    if found := _FOREIGN_ROOT.match(source.lstrip()[:_START].decode("utf-8", "ignore")):
        raise ExtractionFailed(f"not HTML: the body is XML, <{found.group(1)}>")
    parser = lxml.etree.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True
    )
    parser.set_element_class_lookup(_ELEMENTS)
    counted = source.translate(None, _UNCOUNTED)  # once for all that is counted
    tags, equals = counted.count(b"<"), counted.count(b"=")
    source = noscript.as_text(_without_attribute_bombs(source, tags, equals))
    if len(counted) > tags + equals:
        source = source.translate(None, _CONTROLS)
    safe = _CONTROL_REFERENCE.sub(b"", source)
    try:
        tree = lxml.html.document_fromstring(safe, parser=parser)
    except (lxml.etree.ParserError, lxml.etree.XMLSyntaxError) as error:
        raise ExtractionFailed(f"not HTML: {error}") from error
    # A tag opens one element and implies at most one more, and nothing above adds one; text has no
    # more characters than bytes.
    if 2 * tags > MAX_ELEMENTS or len(safe) > MAX_CHARACTERS:
        _require_article_size(tree)
    _give_body(tree)
    _mend(tree)
    return tree


def _mend(tree: HtmlElement) -> None:
    """What is mended in the whole tree, in one pass."""
    found: dict[str, list[HtmlElement]] = {}
    for element in tree.iter(*_MENDED):
        found.setdefault(element.tag, []).append(element)
    if not found:
        return
    open_voids(element for name in VOIDS for element in found.get(name, ()))
    open_buttons(found.get("button", ()))
    _clamp_spans([*found.get("td", ()), *found.get("th", ())])
    shadow_roots.flatten(found.get("template", ()))
    if not _RUBY.isdisjoint(found):
        # readings of ruby stand beside the words, in them they would hide them from any search
        lxml.etree.strip_elements(tree, *_RUBY, with_tail=False)


def parse_fragment(markup: str) -> HtmlElement:
    """The markup's elements in a `div`; raises as `parse_text` does."""
    body = parse_text(f"<html><body>{markup}</body></html>").find("body")
    body.tag = "div"
    return body


def _require_article_size(tree: HtmlElement) -> None:
    """Raises PageTooLarge: what follows takes time and memory for each element and character."""
    elements = characters = 0
    for element in tree.iter():
        elements += 1
        characters += len(element.tail or "")
        if element.tag not in _NO_TEXT:
            characters += len(element.text or "")
    if elements > MAX_ELEMENTS:
        raise PageTooLarge(f"{elements:,} elements; no article has more than {MAX_ELEMENTS:,}")
    if characters > MAX_CHARACTERS:
        raise PageTooLarge(
            f"{characters:,} characters of text; no article has more than {MAX_CHARACTERS:,}"
        )


def _give_body(tree: HtmlElement) -> None:
    """Moves a page without <body> out of its head, where libxml2 puts <main> and the like."""
    head = tree.find("head")
    if head is not None and tree.find("body") is None:
        body = lxml.etree.SubElement(tree, "body")
        body.extend([child for child in head if child.tag not in _HEAD_TAGS])


def _without_attribute_bombs(source: bytes, tags: int, equals: int) -> bytes:
    """Tags with thousands of attributes lose them all; searched for only if a page may have one."""
    if equals <= _MAX_ATTRIBUTES + 20 * tags and not any(map(_crowded, _long_pieces(source))):
        return source
    return _TAG.sub(_bare_if_bomb, source.decode()).encode()


def _long_pieces(source: bytes) -> Iterator[bytes]:
    """What stands between two `>` and has room for too many attributes."""
    start = 0
    while start + _ROOM < len(source):
        last = source.rfind(b">", start, start + _ROOM + 1)
        if last < 0:
            end = source.find(b">", start)
            last = end if end >= 0 else len(source)
            yield source[start:last]
        start = last + 1


def _crowded(piece: bytes) -> bool:
    """Whether the start of a tag, up to its first `>`, has room for too many attributes."""
    tag = piece[piece.rfind(b"<") + 1 :]
    if len(tag) < _ROOM or len(tag) - len(tag.translate(None, _HTML_SPACES)) < _MAX_ATTRIBUTES:
        return False
    return len(tag.split()) > _MAX_ATTRIBUTES


def _bare_if_bomb(tag: re.Match[str]) -> str:
    source = tag.group()
    if len(source) < _ROOM or max(source.count("="), len(source.split())) <= (_MAX_ATTRIBUTES):
        return source
    name = _TAG_NAME.match(source)
    return f"{name.group()}>" if name else ""


def strip_unread(tree: HtmlElement) -> None:
    """Removes what holds no text for readers, once everything else has been read from it."""
    lxml.etree.strip_elements(tree, *UNREAD, with_tail=False)


def _clamp_spans(cells: Iterable[HtmlElement]) -> None:
    for cell in cells:
        for name in ("colspan", "rowspan"):
            value = cell.get(name)
            if value and (not value.isdecimal() or len(value) > 3 or int(value) > _MAX_SPAN):
                cell.set(name, str(_MAX_SPAN) if value.isdecimal() else "1")
