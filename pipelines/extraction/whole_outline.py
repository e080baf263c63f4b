"""A page's outline with all that readers see of it, wherever the markup keeps it."""

from collections.abc import Sequence

from lxml.html import HtmlElement

from pipelines.extraction import hidden_sources
from pipelines.extraction.blocks import Outline, walk
from pipelines.extraction.folded import unfold
from pipelines.extraction.hidden_sources import Source
from pipelines.extraction.inline import join_sentences
from pipelines.extraction.preformatted import part_preformatted
from pipelines.extraction.tree import parse_fragment


def prepared(tree: HtmlElement, article_body: str) -> list[Source]:
    """Gives the tree the form in which it is read; returns the text that it does not show."""
    sources = hidden_sources.hidden_sources(tree, article_body)
    _prepare(tree)
    return sources


def whole_outline(
    tree: HtmlElement, sources: Sequence[Source]
) -> tuple[Outline, list[HtmlElement]]:
    """The outline of a prepared page, with what only a hidden source holds; and its elements."""
    walked = walk(tree)
    if not sources:
        return walked
    shown = hidden_sources.prose_words(walked[0])
    contents = {
        source: parse_fragment(source.markup)
        for source in sources
        if hidden_sources.may_hold_more(source, shown)
    }
    for content in contents.values():
        _prepare(content)
    found = [
        (source, hidden_sources.prose_words(walk(content)[0]))
        for source, content in contents.items()
    ]
    revealed = hidden_sources.best(found, shown)
    for source in reversed(revealed):  # two at one place stay in order
        hidden_sources.insert(tree, source, contents[source])
    return walk(tree) if revealed else walked


def _prepare(tree: HtmlElement) -> None:
    """Gives sentences, accordions and `pre` the form in which they are read; the rest goes."""
    unfold(tree)
    join_sentences(tree)
    part_preformatted(tree)
