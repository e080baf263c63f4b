"""The address that a page names as its own, read off its first bytes without parsing it.

For a page that must not be archived if it is another address of one that was erased: what is
archived is parsed later, in another process.
"""

import html
import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import urljoin

from models.items import Page

_READ: Final = 256 << 10  # bytes; heads of pages end far before
_LINK: Final = re.compile(rb"<link\b[^<>]{1,4000}>", re.IGNORECASE)
_VALUE: Final = rb"""\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))"""
_REL: Final = re.compile(rb"(?<![\w-])rel" + _VALUE, re.IGNORECASE)
_HREF: Final = re.compile(rb"(?<![\w-])href" + _VALUE, re.IGNORECASE)
_HEADER: Final = re.compile(r"<([^<>]*)>([^<]*)")  # an address, and what is said of it
_SAID: Final = re.compile(r"""(?<![\w-])rel\s*=\s*(?:"([^"]*)"|([^\s",;]+))""", re.IGNORECASE)


def canonical_links(page: Page) -> Iterator[str]:
    """Absolute URLs of `<link rel=canonical>` and of the Link header; none, or several."""
    named = [
        url
        for name, value in page.headers
        if name.lower() == "link"
        for url, said in _HEADER.findall(value)
        if any("canonical" in "".join(rel).lower().split() for rel in _SAID.findall(said))
    ]
    for tag in _LINK.findall(page.body[:_READ]):
        if any(b"canonical" in b"".join(rel).lower().split() for rel in _REL.findall(tag)):
            hrefs = [b"".join(href) for href in _HREF.findall(tag)]
            named += [html.unescape(href.decode("utf-8", "replace")) for href in hrefs[:1]]
    for url in named:
        try:
            yield urljoin(page.final_url, url.strip())
        except ValueError:
            continue  # it names nothing
