"""The article's headline, chosen among the titles that a page gives."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from models.items import Hint
from models.text import words
from pipelines.metadata.jsonld import PageNodes, texts
from pipelines.metadata.markup import Markup
from pipelines.metadata.slugs import slug_of
from pipelines.metadata.titles import is_site_name, tidy, uncut, without_site

_LOOKED_AT = 10  # headings: the article's is among the first
_CLEARLY = 0.1  # by how much the address must fit a rival better; docs/decisions/0006
_SPELLED_OUT = 0.8  # fit of a title that the address spells out


@dataclass(frozen=True, slots=True)
class Candidate:
    """A title, the field it stands in ("social" is og:title), and who is named as its source."""

    field: str
    source: str
    title: str


def headline(
    markup: Markup, nodes: PageNodes, house: frozenset[str], hint: Hint, url: str = ""
) -> tuple[str, str] | None:
    """The headline of the page at `url`, and who says so; None if no field holds a title."""
    claims = [
        Candidate(c.field, c.source, t)
        for c in _candidates(markup, nodes, hint)
        if (t := tidy(c.title))
    ]
    told = [claim for claim in _bare(claims, markup, house) if not is_site_name(claim.title, house)]
    best = _chosen(told or claims, url)
    return (best.source, uncut(best.title, [claim.title for claim in told])) if best else None


def _candidates(markup: Markup, nodes: PageNodes, hint: Hint) -> Iterator[Candidate]:
    """Every title, the most trusted field first."""
    fields: tuple[tuple[str, str, Iterable[str]], ...] = (
        ("social", "meta", markup.meta("ogtitle")),
        ("headline", "jsonld", (t for v in nodes.values("headline") for t in texts(v))),
        ("meta", "meta", markup.meta("twittertitle", "title", "dctitle", "headline")),
        ("heading", "heading", filter(None, [_main_heading(markup)])),
        ("name", "jsonld", (t for v in nodes.values("name") for t in texts(v))),
        ("hint", hint.source or "hint", filter(None, [hint.title])),
        ("title", "title", [markup.document_title]),
    )
    for field, source, titles in fields:
        for title in titles:
            yield Candidate(field, source, title)


def _bare(claims: list[Candidate], markup: Markup, house: frozenset[str]) -> Iterator[Candidate]:
    """The claims without the site's name; one that was nothing else is left out."""
    others = [claim.title for claim in claims]
    heading = next((claim.title for claim in claims if claim.field == "heading"), "")
    sections = list(filter(None, map(tidy, markup.meta("articlesection", "contentcategory"))))
    written = {tuple(words(claim.title)) for claim in claims if claim.field == "headline"}
    for claim in claims:
        # what JSON-LD calls the headline is no shorter title with something added
        shorter = [] if tuple(words(claim.title)) in written else others
        if bare := without_site(claim.title, house, shorter, heading, sections):
            yield Candidate(claim.field, claim.source, bare)


def _chosen(claims: list[Candidate], url: str) -> Candidate | None:
    """The first claim, unless the address speaks for the page's headline against it.

    og:title is often written for sharing. The rival is JSON-LD's headline or, where a page has
    none, its heading. How much the address must say: docs/decisions/0006.
    """
    first = next(iter(claims), None)
    written = next((claim for claim in claims if claim.field == "headline"), None)
    heading = next((claim for claim in claims if claim.field == "heading"), None)
    rival = written or heading
    if first is None or rival is None or words(rival.title) == words(first.title):
        return first
    slug = slug_of(url)
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
