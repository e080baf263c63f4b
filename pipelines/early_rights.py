"""Which rights a page reserves, read off its first bytes and headers without parsing it.

For a page that must not be archived where that is obeyed: what is archived is parsed later.
"""

import html
import re
from collections.abc import Collection, Iterator
from typing import Final

from models.items import Metadata, Page
from models.tdm_rules import WELL_KNOWN, TdmRule
from pipelines.metadata.markup import fold_key
from pipelines.metadata.rights import declared_rights, with_file, with_headers

_READ: Final = 256 << 10  # bytes; heads of pages end far before
# Each takes time in proportion to its text, whatever the text: a comment without an end is taken
# to the end, and a name is tried from its first letter only, and whole.
_COMMENT: Final = re.compile(rb"<!--.*?(?:-->|\Z)", re.DOTALL)
_META: Final = re.compile(rb"<meta\b[^<>]{1,4000}>", re.IGNORECASE)
_ATTRIBUTE: Final = re.compile(
    rb"""(?<![a-z:-])([a-z:-]++)\s*+=\s*+(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE
)
_NAMES: Final = ("name", "property", "http-equiv")


def obeyed_right(page: Page, obey: Collection[str], rule: TdmRule | None = None) -> str | None:
    """The first of `obey` ('noarchive', 'tdm') that is reserved, in words.

    By the page, its headers, or `rule`, which the file of its host has for it.
    """
    if not obey:
        return None
    metas: dict[str, list[str]] = {}
    for name, content in _metas(page.body[:_READ]):
        metas.setdefault(fold_key(name), []).append(content)
    declared = Metadata(**declared_rights(metas, page.final_url)._asdict())
    rights = with_headers(declared, page.headers, page.final_url)
    if "noarchive" in obey and "noarchive" in (rights.robots_directives or "").split(", "):
        return "its robots directives say noarchive"
    if "tdm" in obey and with_file(rights, rule).tdm_reservation:
        by_file = rights.tdm_reservation is None
        return "text and data mining is reserved" + (f" by {WELL_KNOWN}" if by_file else "")
    return None


def _metas(head: bytes) -> Iterator[tuple[str, str]]:
    for tag in _META.findall(_COMMENT.sub(b"", head)):
        said = {
            name.lower().decode(): html.unescape((a or b or c).decode("utf-8", "replace"))
            for name, a, b, c in _ATTRIBUTE.findall(tag)
        }
        for name in _NAMES:
            if name in said and said.get("content"):
                yield said[name], said["content"].strip()
