"""JSON-LD as pages really have it: repaired, and the nodes that describe this page."""

import html
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from models.text import words

Node = Mapping[str, Any]

# Keys that hold the page's own nodes. Lists of other articles (itemListElement, hasPart, ...) are
# not walked, so a teaser or a post of a live blog is never taken for the page.
_HOLDERS = ("@graph", "mainEntity", "mainEntityOfPage", "@list", "@set")
_MAX_NODES = 5_000  # a page's own graph has dozens
_MAX_SCRIPT = 16_000_000  # characters; a longer script costs memory and adds nothing
_ARTICLES = frozenset({"blogposting", "liveblogposting", "report", "socialmediaposting"})
_WORKS = frozenset({
    "review", "claimreview", "videoobject", "audioobject", "recipe", "podcastepisode",
    "imagegallery",
})  # fmt: skip
_KEYS = ("headline", "datePublished", "dateModified", "author", "isAccessibleForFree", "inLanguage")
_BROKEN_KEY = {key: re.compile(rf'"{key}"\s*:\s*') for key in _KEYS}
_TRAILING_COMMA = re.compile(r",(?=\s*[}\]])")
_WRAPPING = re.compile(r"^\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[)|(?:-->|//\s*\]\]>|\]\]>)\s*$")
_DECODER = json.JSONDecoder(strict=False)
_BEFORE_HOST = re.compile(r"^(?:https?:)?//(?:www\.|m\.|amp\.)?", re.IGNORECASE)
_VOCABULARY = re.compile(r"[/#:]")
_SPACE = re.compile(r"[\s;,\ufeff]*")


@dataclass(frozen=True, slots=True)
class PageNodes:
    """The nodes that describe this page, best first, and all named nodes, to follow references."""

    nodes: tuple[Node, ...] = ()
    named: Mapping[str, Node] = field(default_factory=dict)

    def values(self, *keys: str) -> Iterator[Any]:
        """The nodes' values of the first key, then of the next; empty values left out."""
        for key in keys:
            for node in self.nodes:
                if (value := node.get(key)) not in (None, "", [], {}):
                    yield value

    def texts(self, *keys: str) -> Iterator[str]:
        """The strings of these values."""
        return (text for value in self.values(*keys) for text in texts(value))

    def follow(self, value: Any) -> Any:
        """The node that a bare reference ({"@id": ...}) names, else the value itself."""
        if isinstance(value, dict) and "name" not in value and isinstance(value.get("@id"), str):
            return self.named.get(value["@id"], value)
        return value


def page_nodes(scripts: Iterable[str], urls: frozenset[str], titles: tuple[str, ...]) -> PageNodes:
    """The JSON-LD of a page's scripts, compared with its URLs and titles; broken parts left out."""
    nodes: list[Node] = []
    for script in scripts:
        nodes.extend(_walk(list(_documents(script[:_MAX_SCRIPT]))))
    named = {node["@id"]: node for node in nodes if isinstance(node.get("@id"), str)}
    heads = tuple(w for title in titles if (w := words(title)))
    scored = [(_score(node, urls, heads), node) for node in nodes]
    ranked = sorted((pair for pair in scored if pair[0] > 0), key=lambda pair: -pair[0])
    best = tuple(node for score, node in ranked if score >= 20)
    return PageNodes(best or tuple(node for _, node in ranked[:1]), named)


def flat(value: Any) -> Iterator[Any]:
    """The parts of a value that may be a list, of lists too; {"@list"} and {"@set"} are lists."""
    stack, left = [value], _MAX_NODES
    while stack and left:
        part = stack.pop()
        left -= 1
        if isinstance(part, dict) and "name" not in part:
            part = next((part[key] for key in ("@list", "@set") if key in part), part)
        if isinstance(part, list):
            stack.extend(reversed(part[:left]))
        else:
            yield part


def texts(value: Any) -> Iterator[str]:
    """The strings of a JSON-LD value: a string, a list of them, {"@value"}, {"name"} or {"url"}."""
    for part in flat(value):
        text: Any = part
        if isinstance(text, dict):
            text = next((text[k] for k in ("@value", "name", "url", "@id") if k in text), None)
        if isinstance(text, list):
            text = next((item for item in text if isinstance(item, str)), None)
        if isinstance(text, str | int | float) and not isinstance(text, bool):
            yield str(text)


def bare_url(url: str) -> str:
    """A URL without scheme, www, query, fragment and last slash: enough to compare pages."""
    rest = _BEFORE_HOST.sub("", url.strip())
    return rest.partition("#")[0].partition("?")[0].rstrip("/").casefold()


def types(node: Node) -> frozenset[str]:
    """A node's types, lower case, without their vocabulary's address."""
    value = node.get("@type")
    names = value if isinstance(value, list) else [value]
    return frozenset(_VOCABULARY.split(n)[-1].casefold() for n in names if isinstance(n, str))


def _documents(script: str) -> Iterator[Any]:
    text = script
    for repair in _REPAIRS:
        text = repair(text)
        try:
            parsed = list(_values(text))
        except (ValueError, RecursionError):
            continue
        yield from parsed
        return
    yield _rescued(text)


_REPAIRS: tuple[Callable[[str], str], ...] = (  # each on top of those before it
    lambda text: text,
    lambda text: _WRAPPING.sub("", _WRAPPING.sub("", text)),
    lambda text: html.unescape(text) if "&quot;" in text or "&#34;" in text else text,
    lambda text: _TRAILING_COMMA.sub("", text),
)


def _values(text: str) -> Iterator[Any]:
    at = _SPACE.match(text).end()  # type: ignore[union-attr]  # matches the empty string too
    while at < len(text):
        value, end = _DECODER.raw_decode(text, at)
        yield value
        at = _SPACE.match(text, end).end()  # type: ignore[union-attr]  # as above


def _rescued(text: str) -> Node:
    """From JSON that cannot be repaired: the whole values behind the keys that we read."""
    node: dict[str, Any] = {"@type": "Article"}
    for key, pattern in _BROKEN_KEY.items():
        if match := pattern.search(text):
            try:
                node[key] = _DECODER.raw_decode(text, match.end())[0]
            except (ValueError, RecursionError):
                continue
    return node if len(node) > 1 else {}


def _walk(roots: list[Any]) -> Iterator[Node]:
    stack = roots[::-1]
    left = _MAX_NODES
    while stack and left:
        value = stack.pop()
        left -= 1
        if isinstance(value, list):
            stack.extend(reversed(value[:left]))
        elif isinstance(value, dict):
            yield value
            stack.extend(value[key] for key in _HOLDERS if isinstance(value.get(key), dict | list))


def _rank(node: Node) -> int:
    kinds = types(node)
    if any(kind.endswith("article") or kind in _ARTICLES for kind in kinds):
        return 30
    if any(kind.endswith("page") or kind == "creativework" for kind in kinds):
        return 20
    if not kinds:
        return 20 if "headline" in node else 0
    return 10 if kinds & _WORKS else 0


def _score(node: Node, urls: frozenset[str], heads: tuple[list[str], ...]) -> int:
    """Above 0 if the node may describe the page, 20 and more if it does; the best is highest."""
    rank = _rank(node)
    if not rank:
        return 0
    named = [u for key in ("url", "mainEntityOfPage", "@id") for u in texts(node.get(key))]
    own_urls = {bare for u in named if "//" in u and "/" in (bare := bare_url(u))}
    headline = words(next(texts(node.get("headline")), "")[:2_000])
    same_url = bool(own_urls & urls)
    same_title = bool(headline) and any(_alike(headline, head) for head in heads)
    score = rank + 6 * same_url + 6 * same_title
    score += sum(key in node for key in ("headline", "datePublished", "author"))
    if same_url or same_title:
        return score
    return score - (14 if own_urls else 8 if headline and heads else 0)


def _alike(one: list[str], other: list[str]) -> bool:
    shorter = min(len(one), len(other))
    shared = len(set(one) & set(other))
    return shared >= 0.6 * shorter and (shared > 2 or one == other)
