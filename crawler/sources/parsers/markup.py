"""A stranger's HTML as a tree, for links: it is read in a process that can be killed."""

import codecs
from typing import Final

from lxml import etree
from w3lib.encoding import html_body_declared_encoding, read_bom, resolve_encoding

from crawler.sources.parsers.links import SourceBroken

# Python calls these text encodings; no page means them, and some are quadratic or run escapes.
_NEVER: Final = frozenset(
    {"punycode", "idna", "unicode-escape", "raw-unicode-escape", "utf-7", "undefined", "utf-32"}
)


def parse_html(body: bytes, charset: str | None = None) -> etree._Element:
    """The root of the page; raises SourceBroken for what has no markup at all."""
    text = body.decode(_encoding(body, charset), "replace").replace("\x00", "")
    parser = etree.HTMLParser(
        encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError as broken:
        raise SourceBroken(f"not HTML: {broken.msg}") from broken
    if root is None:
        raise SourceBroken("empty")
    return root


def _encoding(body: bytes, charset: str | None) -> str:
    marked, _ = read_bom(body)
    for name in (marked, charset, html_body_declared_encoding(body[:4096])):
        known = resolve_encoding(name) if name else None
        if known and codecs.lookup(known).name not in _NEVER:
            return known
    return "utf-8"
