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
_REL: Final = re.compile(rb"""\brel\s*=\s*["']?[^"'>]*\bcanonical\b""", re.IGNORECASE)
_HREF: Final = re.compile(rb"""\bhref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
_HEADER: Final = re.compile(r"""<([^<>]*)>\s*;[^,]*\brel\s*=\s*"?[^",;]*\bcanonical\b""", re.I)


def canonical_links(page: Page) -> Iterator[str]:
    """Absolute URLs of `<link rel=canonical>` and of the Link header; none, or several."""
    named = [
        match[1]
        for name, value in page.headers
        if name.lower() == "link"
        for match in _HEADER.finditer(value)
    ]
    for tag in _LINK.findall(page.body[:_READ]):
        href = _HREF.search(tag) if _REL.search(tag) else None
        if href is not None:
            said: bytes = next(part for part in href.groups() if part is not None)
            named.append(html.unescape(said.decode("utf-8", "replace")))
    for url in named:
        try:
            yield urljoin(page.final_url, url.strip())
        except ValueError:
            continue  # it names nothing
