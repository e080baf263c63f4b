"""Opinions on the main content: two cheap ones, and a dear one only where these part."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from lxml.html import HtmlElement

from pipelines.extraction.blocks import Outline
from pipelines.extraction.main_content import main_content
from pipelines.extraction.votes import coverage, density, inside

# Measured: asking the thorough one where trafilatura's fast way and density agree on less than
# this (one page in six) gains all that asking it on every page does.
_UNSURE: Final = 0.7
_MOST: Final = 6_000  # pieces; trafilatura's time grows with their square, density's does not


class ExtractorVotes(NamedTuple):
    """For each piece the share of it that was kept."""

    first: list[float]  # by the fast way
    kept: list[float]  # by the thorough way, where it was asked, else the same
    dense: list[bool]  # by density alone
    densities: list[float]  # for each container, how much prose it holds
    densest: list[bool]  # for each, whether it stands in the one that holds most


def extractor_votes(tree: HtmlElement, url: str, page: Outline) -> ExtractorVotes:
    """What is the page's main content, as far as extractors can say."""
    densities, best = density(page)
    densest = inside(page.containers, best)
    prose = _prose(page, densest)
    if len(page.pieces) > _MOST:
        alone = [float(said) for said in prose]
        return ExtractorVotes(alone, alone, prose, densities, densest)
    first = coverage(page.pieces, main_content(tree, url, thorough=False))
    if agreement(page, [share > 0.5 for share in first], prose) >= _UNSURE:
        return ExtractorVotes(first, first, prose, densities, densest)
    kept = coverage(page.pieces, main_content(tree, url, thorough=True))
    return ExtractorVotes(first, kept, prose, densities, densest)


def _prose(outline: Outline, within: Sequence[bool]) -> list[bool]:
    """Which pieces stand in the container that holds most prose, and are prose themselves."""
    return [
        within[piece.container] and piece.linked * 2 < len(piece.text) and len(piece.tokens) > 3
        for piece in outline.pieces
    ]


def agreement(outline: Outline, one: Sequence[bool], other: Sequence[bool]) -> float:
    """The words that both keep, as F1: 1 where two opinions are the same, 0 where they part."""
    counts = [len(piece.tokens) for piece in outline.pieces]
    first = sum(count for count, kept in zip(counts, one, strict=True) if kept)
    second = sum(count for count, kept in zip(counts, other, strict=True) if kept)
    both = sum(n for n, a, b in zip(counts, one, other, strict=True) if a and b)
    return 2 * both / (first + second) if first + second else 1.0
