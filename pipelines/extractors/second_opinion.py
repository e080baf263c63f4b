"""A second opinion on the main content, at next to no cost: where the page's prose is dense."""

from collections.abc import Sequence

from pipelines.extractors.blocks import Outline
from pipelines.extractors.opinion import density, inside


def dense(outline: Outline) -> list[bool]:
    """Which pieces stand in the container that holds most prose, and are prose themselves."""
    _, best = density(outline)
    within = inside(outline.containers, best)
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
