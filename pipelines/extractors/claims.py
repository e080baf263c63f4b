"""What a page says of its own text: titles, description, and the articleBody of its JSON-LD."""

import html
import json
import re
from typing import Final

from lxml.html import HtmlElement

from models.text import words
from pipelines.extractors.features import Claims

_BODY: Final = re.compile(r'"articleBody"\s*:\s*"((?:[^"\\]++|\\.)*+)"')
_TAGS: Final = re.compile(r"<[^<>]{0,500}>")
_TITLES: Final = frozenset({"og:title", "twitter:title", "title"})
_LEADS: Final = frozenset({"og:description", "description", "twitter:description"})


def claims(tree: HtmlElement) -> Claims:
    """Read from the page's head and scripts; empty where they say nothing."""
    titles = [tree.findtext(".//title") or ""]
    lead = ""
    for meta in tree.iter("meta"):
        name = (meta.get("property") or meta.get("name") or "").lower()
        if name in _TITLES:
            titles.append(meta.get("content") or "")
        elif name in _LEADS and not lead:
            lead = meta.get("content") or ""
    heads = {frozenset(words(title)) for title in titles}
    return Claims(tuple(head for head in heads if head), frozenset(words(lead)), _body(tree))


def _body(tree: HtmlElement) -> str:
    """The longest articleBody, without mark-up, spaces and case, however broken the JSON is."""
    bodies = [
        _plain(found)
        for script in tree.iter("script")
        if script.text and '"articleBody"' in script.text
        for found in _BODY.findall(script.text)
    ]
    return max(bodies, key=len, default="")


def _plain(quoted: str) -> str:
    try:
        text = json.loads(f'"{quoted}"', strict=False)
    except json.JSONDecodeError:  # an escape that JSON does not know: the text says enough as it is
        text = quoted
    return "".join(html.unescape(_TAGS.sub(" ", text)).split()).casefold()
