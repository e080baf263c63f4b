"""Bylines in a page's text, for pages whose JSON-LD and meta name no person."""

import re
from collections.abc import Iterator
from typing import cast

from lxml.etree import XPath
from lxml.html import HtmlElement

from pipelines.metadata.markup import text_of

_MAX_LOOKED_AT = 300
_MAX_BYLINE = 120  # characters; longer texts are about the author, or no byline
_MAX_SIGNED = 80
_SOON = 120  # elements below the heading: a byline, not a teaser's
_SIGNED_TAGS = ("h1", "h2", "h3", "h4", "h5", "h6", "p", "div", "span", "a", "li", "address", "em")
_CANDIDATES = XPath(
    "//*[@itemprop='author' or contains(@rel, 'author') or contains(@class, 'uthor')"
    " or contains(@class, 'yline') or contains(@class, 'utor') or contains(@class, 'uteur')"
    " or contains(@href, '/author') or contains(@href, '/autor') or contains(@href, '/auteur')]"
    "[not(ancestor-or-self::nav or ancestor-or-self::footer or ancestor-or-self::aside)]",
    smart_strings=False,
)
_MARK = re.compile(r"author(?!i[sz])|byline|autor(?!i[sz])|auteur", re.IGNORECASE)
_SIGNED = re.compile(
    r"(?:(?:written|text|words|story|posted|published)\s+)?(?:by|von|por|par|door|przez|oleh|av|af)"
    r"(?::\s*|\s+)[^\W\d_]",
    re.IGNORECASE,
)
_ELSEWHERE = re.compile(r"comment|related|teaser|card|promo|sidebar|footer|recommend|popular", re.I)
_ABOUT = re.compile(r"bio|image|img|photo|avatar|social|follow|title|job|role|desc|box|date|time")


def bylines(tree: HtmlElement) -> Iterator[tuple[str, ...]]:
    """The texts of each byline, in document order; elements side by side are one byline."""
    candidates = cast(list[HtmlElement], _CANDIDATES(tree))  # the expression yields elements
    marked = [element for element in candidates[:_MAX_LOOKED_AT] if _is_mark(element)]
    outer = {parent for element in marked for parent in element.iterancestors()}
    group: list[str] = []
    row: HtmlElement | None = None
    for element in marked:
        text = element.get("content") or text_of(element)
        if element in outer or not text or len(text) > _MAX_BYLINE:
            continue
        here = _row(element)
        if group and here is not row:
            yield tuple(group)
            group = []
        row = here
        group.append(text)
    if group:
        yield tuple(group)


def signed_lines(tree: HtmlElement) -> Iterator[str]:
    """Short texts soon after the first heading that begin with "By", in some language."""
    below = -1
    for element in tree.iter(*_SIGNED_TAGS):
        if element.tag == "h1" or below >= 0:
            below += 1
        if below > _SOON:
            return
        if below >= 0 and _SIGNED.match((element.text or "").lstrip() + "x"):
            text = " ".join(text_of(element).split())
            if len(text) <= _MAX_SIGNED and _SIGNED.match(text):
                yield text


def _is_mark(element: HtmlElement) -> bool:
    own = element.get("class", "")
    if not isinstance(element.tag, str) or element.tag in ("script", "img", "link", "meta"):
        return False
    named = element.get("itemprop") == "author" or "author" in element.get("rel", "").split()
    linked = re.search(r"/(?:authors?|autor(?:en|es|a|i)?|auteurs?)/.", element.get("href", ""))
    if not (named or linked or _MARK.search(own)) or _ABOUT.search(own):
        return False
    nearby = [element, *list(element.iterancestors())[:6]]
    return not any(_ELSEWHERE.search(near.get("class", "")) for near in nearby)


def _row(element: HtmlElement) -> HtmlElement:
    """What holds one author beside another: the list, or the parent of single links."""
    parent = element.getparent()
    item = parent if parent is not None and parent.tag in ("li", "span") else element
    above = item.getparent()
    return above if above is not None else item
