"""Who wrote an article: people first, then agencies, then the paper itself."""

import re
from collections.abc import Callable, Iterator, Set
from itertools import chain
from typing import Any

from lxml.html import HtmlElement

from models.text import words
from pipelines.metadata.bylines import bylines, head_bylines, signed_lines
from pipelines.metadata.head import Head
from pipelines.metadata.jsonld import PageNodes, flat
from pipelines.metadata.markup import Markup
from pipelines.metadata.names import looks_personal, split_names
from pipelines.metadata.titles import is_site_name

Candidate = tuple[str, tuple[str, ...]]  # source, names

_METAS = (  # folded, as Markup keeps them
    "author", "parselyauthor", "sailthruauthor", "articleauthor", "ogarticleauthor",
    "articleauthorname", "articlebyline", "dccreator", "dctermscreator", "cxenseparseauthor",
    "byl", "authors", "authorname", "dcsextauthor", "citationauthor",
)  # fmt: skip
_WRITTEN_BY_KEYS = ("writtenby", "geschriebenvon", "verfasstvon", "ecritpar", "escritopor")
_SIGN_OF_DESK = re.compile("[A-Z]{2,6}")  # "By AFP", and not a teaser that begins with "By"
# WordPress and others write "twitter:label1" = "Written by", "twitter:data1" = the name.
_WRITTEN_BY = re.compile(
    r"^(?:written|posted|words)?\s*by$|^(?:verfasst|geschrieben)?\s*von$|^(?:é|e)crit par$|"
    r"^escrito por$|^scritto da$|^geschreven door$|^skrevet a[fv]$|^skriven av$|^napisane przez$|"
    r"^(?:author|autor|auteur|autore|автор)$",
    re.IGNORECASE,
)


def authors_of(
    tree: HtmlElement,
    markup: Markup,
    nodes: PageNodes,
    site_names: frozenset[str],
    head: Callable[[], Head],
) -> Candidate | None:
    """The first candidate that names others than the site; if none does, the first candidate.

    `site_names` are folded. A paper that signs for its reporter in JSON-LD is passed over if the
    page's meta or byline names the person.
    """
    signed_by_site: Candidate | None = None
    for source, names in candidates(tree, markup, nodes, site_names, head):
        others = tuple(name for name in names if not is_site_name(name, site_names))
        if others:
            return source, others
        if names and signed_by_site is None:
            signed_by_site = source, names
    return signed_by_site or _signed(tree, head().others)


def candidates(
    tree: HtmlElement,
    markup: Markup,
    nodes: PageNodes,
    site_names: frozenset[str],
    head: Callable[[], Head],
) -> Iterator[Candidate]:
    """Who a page names, the most trusted field first; a field without any names nobody."""
    for value in nodes.values("author", "creator"):
        yield "jsonld", split_names(_person_names(value, nodes))
    for name in _METAS:
        yield "meta", split_names(markup.meta(name))
    for number in ("1", "2"):
        if any(_WRITTEN_BY.match(label) for label in markup.meta(f"twitterlabel{number}")):
            yield "meta", split_names(markup.meta(f"twitterdata{number}"))
    for name, contents in markup.metas.items():
        if name.endswith(_WRITTEN_BY_KEYS):  # twitter:misc:Written by
            yield "meta", split_names(contents)
    for texts in chain(head_bylines(head()), bylines(tree, head().others)):
        people = [name for name in split_names(texts) if looks_personal(name)]
        yield "byline", tuple(name for name in people if words(name)[0] not in site_names)


def _signed(tree: HtmlElement, others: Set[HtmlElement]) -> Candidate | None:
    """The unmarked line "By ..." below the heading, if nothing else names anyone."""
    for line in signed_lines(tree, others):
        names = split_names([line])
        if people := tuple(n for n in names if looks_personal(n) or _SIGN_OF_DESK.fullmatch(n)):
            return "byline", people
    return None


def _person_names(value: Any, nodes: PageNodes) -> Iterator[str]:
    for part in flat(value):
        person = nodes.follow(part)
        if isinstance(person, dict):
            person = person.get("name") or " ".join(
                str(person[key]) for key in ("givenName", "familyName") if person.get(key)
            )
        yield from (name for name in flat(person) if isinstance(name, str))
