"""Untrusted HTML as a tree, for links; it is parsed in a process that can be killed."""

from lxml import etree

from crawler.sources.parsers.links import SourceBroken
from models.charset import decode


def parse_html(body: bytes, charset: str | None = None) -> etree._Element:
    """The root of the page; raises SourceBroken for what has no markup at all."""
    text = decode(body, charset).replace("\x00", "")
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
