"""A page's metadata: title, authors, dates and more, each with its source."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple, TypeVar

from lxml.html import HtmlElement

from models.items import Hint, Metadata
from models.text import one_line
from pipelines.metadata.authors import authors_of
from pipelines.metadata.head import article_head
from pipelines.metadata.headlines import headline
from pipelines.metadata.jsonld import PageNodes, bare_url, flat, page_nodes, texts
from pipelines.metadata.language import language_of, primary_tag
from pipelines.metadata.markup import Markup, absolute, read_markup
from pipelines.metadata.published import PageDates, modified_at, published_at
from pipelines.metadata.rights import TDM, declared_rights
from pipelines.metadata.titles import site_names

T = TypeVar("T")

_MAX_DESCRIPTION = 5_000
_MAX_TAGS = 50
_MAX_TAG = 100
_CONTENT_TIERS = {"free": False, "locked": True, "premium": True, "paid": True}
_TRUE, _FALSE = frozenset({"true", "yes", "1"}), frozenset({"false", "no", "0"})


class PageMetadata(NamedTuple):
    """What a page declares of itself."""

    metadata: Metadata
    article_body: str  # the JSON-LD's articleBody, as written; empty if there is none, or a paywall


def read_metadata(
    tree: HtmlElement, url: str, hint: Hint, *, newest: datetime | None = None
) -> Metadata:
    """As `read_page_metadata`, the metadata alone."""
    return read_page_metadata(tree, url, hint, newest=newest).metadata


def read_page_metadata(
    tree: HtmlElement, url: str, hint: Hint, *, newest: datetime | None = None
) -> PageMetadata:
    """The metadata of a parsed page at `url`, with the `hint` of its source; the tree stays as is.

    `newest` is when the page was fetched (aware): dates more than two days later are ignored. A
    date without time or zone is a day, at midnight UTC. No content of a page raises.
    """
    markup = read_markup(tree)
    nodes = page_nodes(markup.scripts, own_urls(markup, url), titles_of(markup))
    names = site_names(markup, nodes, url)
    head = cache(lambda: article_head(tree, titles_of(markup)))
    told = headline(markup, nodes, names, hint, url)
    language = language_of(_languages(markup, nodes), told[1] if told else "", tree)
    tag = _with_country(language[1], markup) if language else None
    published = published_at(PageDates(tree, url, markup, nodes, hint, newest, tag, head))
    found: dict[str, tuple[str, Any] | None] = {
        "title": told,
        "authors": authors_of(tree, markup, nodes, names, head),
        "published_at": published and (published.source, published.at),
        "modified_at": modified_at(markup, nodes, hint, newest),
        "language": language,
        "description": _first(_descriptions(markup, nodes)),
        "image_url": _first(_images(markup, nodes, url)),
        "tags": _first(_tags(markup, nodes)),
        "paywalled": _first(_paywalls(markup, nodes)),
        "canonical_url": _first(_canonicals(markup, nodes, url)),
    }
    known = {name: field for name, field in found.items() if field is not None}
    rights = declared_rights(markup.metas, url)
    reserved = {} if rights.tdm_reservation is None else {TDM: "meta"}
    metadata = Metadata(
        **{name: value for name, (_, value) in known.items()},
        published_precision=published.precision if published else None,
        published_offset=published.offset if published else None,
        **rights._asdict(),
        sources={name: source for name, (source, _) in known.items()} | reserved,
    )
    bodies = () if metadata.paywalled else nodes.texts("articleBody")
    return PageMetadata(metadata, max(bodies, key=len, default=""))


def _first(candidates: Iterable[tuple[str, T | None]]) -> tuple[str, T] | None:
    for source, value in candidates:
        if value is not None and value not in ("", ()):
            return source, value
    return None


def own_urls(markup: Markup, url: str) -> frozenset[str]:
    """The addresses that a page has or claims, as JSON-LD may name them."""
    named = [url, markup.canonical or "", *markup.meta("ogurl")]
    return frozenset(bare_url(name) for name in named if name)


def titles_of(markup: Markup) -> tuple[str, ...]:
    """The titles by which a page's own headline and JSON-LD nodes are found."""
    return (*markup.headings[:3], *markup.meta("ogtitle"), markup.document_title)


def _languages(markup: Markup, nodes: PageNodes) -> Iterator[tuple[str, str | None]]:
    for value in nodes.values("inLanguage"):
        yield "jsonld", primary_tag(texts(value))
    yield "html", primary_tag([markup.language or ""])
    yield "meta", primary_tag(markup.meta("oglocale", "contentlanguage", "language"))


def _with_country(language: str, markup: Markup) -> str:
    """The page's language as it declares it, with its country: "en-GB"."""
    declared = filter(None, [markup.language, *markup.meta("oglocale", "contentlanguage")])
    return next((text for text in declared if primary_tag([text]) == language), language)


def _descriptions(markup: Markup, nodes: PageNodes) -> Iterator[tuple[str, str]]:
    for text in nodes.texts("description"):
        yield "jsonld", _line(text, _MAX_DESCRIPTION)
    for text in markup.meta("ogdescription", "description", "twitterdescription"):
        yield "meta", _line(text, _MAX_DESCRIPTION)


def _images(markup: Markup, nodes: PageNodes, url: str) -> Iterator[tuple[str, str | None]]:
    for value in nodes.values("image"):
        for part in flat(value):
            image = nodes.follow(part)
            if isinstance(image, dict):
                image = image.get("url") or image.get("contentUrl")
            for text in texts(image):
                yield "jsonld", absolute(text, url)
    for text in markup.meta("ogimagesecureurl", "ogimage", "twitterimage", "image"):
        yield "meta", absolute(text, url)


def _tags(markup: Markup, nodes: PageNodes) -> Iterator[tuple[str, tuple[str, ...]]]:
    for value in nodes.values("keywords"):
        yield "jsonld", _split_tags(texts(value))
    for name in ("articletag", "newskeywords", "keywords", "parselytags"):
        yield "meta", _split_tags(markup.meta(name))


def _split_tags(lists: Iterable[str]) -> tuple[str, ...]:
    kept: dict[str, str] = {}
    for listed in lists:
        for part in listed[:_MAX_DESCRIPTION].replace(";", ",").split(","):
            tag = _line(part, _MAX_TAG)
            if tag and len(kept) < _MAX_TAGS:
                kept.setdefault(tag.casefold(), tag)
    return tuple(kept.values())


def _paywalls(markup: Markup, nodes: PageNodes) -> Iterator[tuple[str, bool | None]]:
    for value in nodes.values("isAccessibleForFree"):
        yield "jsonld", _not(value)
    for text in markup.meta("isaccessibleforfree"):
        yield "meta", _not(text)
    for text in markup.meta("articlecontenttier"):
        yield "meta", _CONTENT_TIERS.get(text.strip().lower())


def _not(free: Any) -> bool | None:
    word = str(free).rsplit("/", 1)[-1].strip().lower()
    return True if word in _FALSE else False if word in _TRUE else None


def _canonicals(markup: Markup, nodes: PageNodes, url: str) -> Iterator[tuple[str, str | None]]:
    yield "link", absolute(markup.canonical or "", url)
    for text in markup.meta("ogurl"):
        yield "meta", absolute(text, url)
    for text in nodes.texts("mainEntityOfPage", "url"):
        yield "jsonld", absolute(text, url)


def _line(text: str, limit: int) -> str:
    return one_line(text[: 2 * limit])[:limit].strip()
