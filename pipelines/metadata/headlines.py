"""The article's headline, chosen among the page's titles."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from models.items import Hint
from models.text import words
from pipelines.metadata.jsonld import PageNodes, bare_url
from pipelines.metadata.markup import Markup, opening_headings
from pipelines.metadata.slugs import Slug, slug_of
from pipelines.metadata.titles import (
    declared_names,
    is_site_name,
    shown_names,
    tidy,
    uncut,
    without_site,
    without_slogan,
    without_unknown_site,
)

_LOOKED_AT = 10  # headings: the article's is among the first
_CLEARLY = 0.1  # by how much the URL must fit a rival better; docs/decisions/0011
_SPELLED_OUT = 0.8  # fit of a title that the URL spells out


@dataclass(frozen=True, slots=True)
class Candidate:
    """A title, its field ("social" is og:title), and its source."""

    field: str
    source: str
    title: str


def headline(
    markup: Markup, nodes: PageNodes, site_names: frozenset[str], hint: Hint, url: str = ""
) -> tuple[str, str] | None:
    """The source and the headline of the page at `url`; None if no field holds a title."""
    titles = [
        Candidate(c.field, c.source, t)
        for c in candidates(markup, nodes, hint)
        if (t := tidy(c.title))
    ]
    slug, declared = slug_of(url), declared_names(markup, nodes)
    bare = [
        replace(c, title=title)
        for c in _bare(titles, markup, site_names)
        if not is_site_name(c.title, site_names)
        and (title := _without_slogan(c, titles, declared, slug))
    ]
    if not bare:  # some pages give their headline for the site's name, or for the publisher's
        shown = shown_names(markup, url)
        bare = [
            c
            for c in titles
            if slug.fit(c.title) >= _SPELLED_OUT or (shown and not is_site_name(c.title, shown))
        ]
    best = _chosen(bare or list(_below_logo(markup, site_names)), slug)
    if best is None:
        return None
    title = uncut(best.title, [c.title for c in bare])
    if best.field == "title" and not (markup.headings or declared):
        title = without_unknown_site(title, bare_url(url).partition("/")[0], slug)
    return best.source, title


def _without_slogan(
    candidate: Candidate, titles: list[Candidate], declared: frozenset[str], slug: Slug
) -> str:
    """The title without the site's name and slogan, unless the page's heading has it too."""
    shown = {tuple(words(c.title)) for c in titles if c.field in ("heading", "headline")}
    if candidate.field in ("heading", "headline") or tuple(words(candidate.title)) in shown:
        return candidate.title
    return without_slogan(candidate.title, declared, slug)


def _below_logo(markup: Markup, site_names: frozenset[str]) -> Iterator[Candidate]:
    """The headings of the main part, where everything above them is the site's name."""
    for text in map(tidy, opening_headings(markup)):
        if words(text) and not is_site_name(text, site_names):
            yield Candidate("heading", "heading", text)


def candidates(markup: Markup, nodes: PageNodes, hint: Hint) -> Iterator[Candidate]:
    """Every title, the most trusted field first."""
    fields: tuple[tuple[str, str, Iterable[str]], ...] = (
        ("social", "meta", markup.meta("ogtitle")),
        ("headline", "jsonld", nodes.texts("headline")),
        ("meta", "meta", markup.meta("twittertitle", "title", "dctitle", "headline")),
        ("heading", "heading", filter(None, [_main_heading(markup)])),
        ("name", "jsonld", nodes.texts("name")),
        ("hint", hint.source or "hint", filter(None, [hint.title])),
        ("title", "title", [markup.document_title]),
    )
    for field, source, titles in fields:
        for title in titles:
            yield Candidate(field, source, title)


def _bare(
    titles: list[Candidate], markup: Markup, site_names: frozenset[str]
) -> Iterator[Candidate]:
    """The titles without the site's name; one that is nothing else is left out."""
    others = [c.title for c in titles]
    heading = next((c.title for c in titles if c.field == "heading"), "")
    sections = list(filter(None, map(tidy, markup.meta("articlesection", "contentcategory"))))
    written = {tuple(words(c.title)) for c in titles if c.field == "headline"}
    for c in titles:
        # what JSON-LD calls the headline is no shorter title with something added
        shorter = [] if tuple(words(c.title)) in written else others
        if bare := without_site(c.title, site_names, shorter, heading, sections):
            yield Candidate(c.field, c.source, bare)


def _chosen(titles: list[Candidate], slug: Slug) -> Candidate | None:
    """The first title, unless the URL fits the page's headline better.

    og:title is often written for sharing. The rival is JSON-LD's headline or, if a page has
    none, its heading. How much better the URL must fit: docs/decisions/0011.
    """
    first = next(iter(titles), None)
    written = next((c for c in titles if c.field == "headline"), None)
    heading = next((c for c in titles if c.field == "heading"), None)
    rival = written or heading
    if first is None or rival is None or words(rival.title) == words(first.title):
        return first
    fit = slug.fit(rival.title)
    gain = fit - slug.fit(first.title)
    if written is None:
        return rival if gain > _CLEARLY else first
    if heading and words(heading.title) == words(written.title):
        return rival if gain > 0 and _holds(first.title, rival.title) else first
    return rival if gain > _CLEARLY and fit >= _SPELLED_OUT else first


def _holds(longer: str, shorter: str) -> bool:
    return f" {' '.join(words(shorter))} " in f" {' '.join(words(longer))} "


def _main_heading(markup: Markup) -> str | None:
    """Of the first headings, the one that shares most words with the page's <title>."""
    title = set(words(markup.document_title))
    headings = [heading for heading in markup.headings[:_LOOKED_AT] if words(heading)]
    return max(headings, key=lambda heading: len(title & set(words(heading))), default=None)
