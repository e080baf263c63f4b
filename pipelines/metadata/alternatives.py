"""Every title, author and date that a page gives, with its source: what the metadata chose from."""

from collections.abc import Iterator
from datetime import datetime
from functools import cache
from typing import NamedTuple

from lxml.html import HtmlElement

from models.items import Hint
from pipelines.metadata import authors, headlines
from pipelines.metadata.head import article_head
from pipelines.metadata.jsonld import page_nodes
from pipelines.metadata.language import primary_tag
from pipelines.metadata.markup import read_markup
from pipelines.metadata.page_metadata import own_urls, titles_of
from pipelines.metadata.published import PageDates, stated_moments
from pipelines.metadata.titles import site_names, tidy


class Alternative(NamedTuple):
    """One value that a page gives for a field of its metadata."""

    field: str  # title | authors | published_at
    source: str  # as of `Metadata.sources`
    value: str  # as a person reads it


def alternatives(
    tree: HtmlElement, url: str, hint: Hint, *, newest: datetime
) -> Iterator[Alternative]:
    """What a parsed page at `url` and its source give, the most trusted first, each value once.

    The tree stays as it is.
    """
    seen: set[Alternative] = set()
    for one in _all(tree, url, hint, newest):
        if one.value and one not in seen:
            seen.add(one)
            yield one


def _all(tree: HtmlElement, url: str, hint: Hint, newest: datetime) -> Iterator[Alternative]:
    markup = read_markup(tree)
    nodes = page_nodes(markup.scripts, own_urls(markup, url), titles_of(markup))
    names = site_names(markup, nodes, url)
    head = cache(lambda: article_head(tree, titles_of(markup)))
    for title in headlines.candidates(markup, nodes, hint):
        yield Alternative("title", title.source, tidy(title.title))
    for source, people in authors.candidates(tree, markup, nodes, names, head):
        yield Alternative("authors", source, ", ".join(people))
    declared = primary_tag([markup.language or ""])
    dates = PageDates(tree, url, markup, nodes, hint, newest, declared, head)
    for source, moments in stated_moments(dates):
        for moment in moments:
            form = "%Y-%m-%d" if moment.precision == "day" else "%Y-%m-%d %H:%M UTC"
            yield Alternative("published_at", source, moment.at.strftime(form))
