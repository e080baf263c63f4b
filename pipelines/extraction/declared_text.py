"""What a page declares of its text: titles, description, and the articleBody of its JSON-LD."""

import html
import json
import re
from typing import Final, NamedTuple

from lxml.html import HtmlElement

from models.text import plain, words

_BODY: Final = re.compile(r'"articleBody"\s*:\s*"((?:[^"\\]++|\\.)*+)"')
_TAGS: Final = re.compile(r"<[^<>]{0,500}>")
_TITLES: Final = frozenset({"og:title", "twitter:title", "title"})
_STORY: Final = re.compile(
    r'"@type"\s*:\s*\[?\s*"(?:\w*Article|BlogPosting|LiveBlogPosting|Report|Review)"'
)
_LEADS: Final = frozenset({"og:description", "description", "twitter:description"})


class DeclaredText(NamedTuple):
    """A page's declarations, folded: the words of its titles and description, its body."""

    titles: tuple[frozenset[str], ...] = ()
    lead: frozenset[str] = frozenset()
    body: str = ""  # JSON-LD articleBody without spaces, case folded
    story: bool = False  # it declares itself an article: og:type, JSON-LD @type


def declared_text(tree: HtmlElement) -> DeclaredText:
    """Read from the page's head and scripts; empty where they declare nothing."""
    titles: list[str] = []
    scripts: list[str] = []
    title, lead, story = None, "", False
    for element in tree.iter("title", "meta", "script"):
        if element.tag == "script":
            if _is_data(element) and (text := element.text):
                scripts.append(text)
            continue
        if element.tag == "title":
            title = element.text or "" if title is None else title  # the first is the page's
            continue
        name = (element.get("property") or element.get("name") or "").lower()
        if name in _TITLES:
            titles.append(element.get("content") or "")
        elif name in _LEADS and not lead:
            lead = element.get("content") or ""
        elif name == "og:type":
            story = "article" in (element.get("content") or "").lower()
    heads = {frozenset(words(plain(text))) for text in [title or "", *titles]}
    return DeclaredText(
        tuple(head for head in heads if head),
        frozenset(words(plain(lead))),
        _body(scripts),
        story or any(_STORY.search(script) for script in scripts),
    )


def _is_data(script: HtmlElement) -> bool:
    return "json" in (script.get("type") or "")


def _body(scripts: list[str]) -> str:
    """The longest articleBody, without markup, spaces and case, however broken the JSON is."""
    bodies = [
        _plain(found)
        for script in scripts
        if '"articleBody"' in script
        for found in _BODY.findall(script)
    ]
    return max(bodies, key=len, default="")


def _plain(quoted: str) -> str:
    try:
        text = json.loads(f'"{quoted}"', strict=False)
    except json.JSONDecodeError:  # an escape that JSON does not know: good enough as it is
        text = quoted
    return "".join(html.unescape(_TAGS.sub(" ", text)).split()).casefold()
