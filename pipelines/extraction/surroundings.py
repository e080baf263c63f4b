"""What is around each piece of a page: sums by container and by DOM path, made once a page."""

import math
from collections.abc import Sequence
from typing import Final, NamedTuple

from pipelines.extraction.blocks import Outline
from pipelines.extraction.extractor_votes import ExtractorVotes
from pipelines.extraction.narrowing import beside, prose_like
from pipelines.extraction.spans import sentence_ends

_LONG: Final = 8  # words of a piece that marks where the main content begins and ends


class PathSums(NamedTuple):
    """The pieces under one DOM path."""

    words: int
    kept: float  # of these words
    prose: int  # words in sentences, not links
    pieces: int


class Holds(NamedTuple):
    """For each container, with all inside."""

    words: list[float]
    kept: list[float]  # of these words
    linked: list[float]  # words in links


class Surroundings(NamedTuple):
    """Sums over the page that every row of features reads."""

    counts: list[int]  # words
    logs: list[float]
    links: list[float]  # share of characters in links
    ends: list[bool]  # as a sentence does
    holds: Holds
    dom_paths: dict[str, PathSums]
    seen: dict[str, int]  # how often each text stands on the page
    before: list[int]  # words before each piece
    first: int  # the span of main content, by pieces
    last: int
    h1: int
    top: float  # the densest container's score
    page: tuple[float, float]  # words kept (log), and their share


def candidates(outline: Outline, kept: Sequence[float]) -> list[bool]:
    """Which pieces are scored; the rest are menus and the like, far from any text."""
    return beside(
        [share > 0 or worth for share, worth in zip(kept, prose_like(outline), strict=True)]
    )


def surroundings(outline: Outline, dom_paths: Sequence[str], votes: ExtractorVotes) -> Surroundings:
    """The sums that the features of a page's pieces share."""
    pieces, containers = outline
    kept = votes.kept
    counts = [len(piece.tokens) for piece in pieces]
    ends = sentence_ends(pieces)
    before, words, seen = [], 0, dict[str, int]()
    for piece, count in zip(pieces, counts, strict=True):
        before.append(words)
        words += count
        seen[piece.text] = seen.get(piece.text, 0) + 1
    span = [i for i, share in enumerate(kept) if share > 0.5 and counts[i] >= _LONG]
    kept_words = sum(count * share for count, share in zip(counts, kept, strict=True))
    tags = (containers[piece.container].tag for piece in pieces)
    return Surroundings(
        counts=counts,
        logs=[math.log1p(count) for count in counts],
        links=[piece.linked / len(piece.text) for piece in pieces],
        ends=ends,
        holds=_holds(outline, kept),
        dom_paths=_path_sums(outline, dom_paths, kept, ends),
        seen=seen,
        before=before,
        first=span[0] if span else len(pieces),
        last=span[-1] if span else -1,
        h1=next((i for i, tag in enumerate(tags) if tag == "h1"), -1),
        top=max(votes.densities, default=0.0) or 1.0,
        page=(math.log1p(kept_words), kept_words / max(1, words)),
    )


def _holds(outline: Outline, kept: Sequence[float]) -> Holds:
    containers = outline.containers
    words, keep, linked = ([0.0] * len(containers) for _ in range(3))
    for piece, share in zip(outline.pieces, kept, strict=True):
        count, number = len(piece.tokens), piece.container
        words[number] += count
        keep[number] += count * share
        linked[number] += count * piece.linked / len(piece.text)
    for number in range(len(containers) - 1, 0, -1):
        if words[number]:
            parent = containers[number].parent
            words[parent] += words[number]
            keep[parent] += keep[number]
            linked[parent] += linked[number]
    return Holds(words, keep, linked)


def _path_sums(
    outline: Outline, dom_paths: Sequence[str], kept: Sequence[float], ends: Sequence[bool]
) -> dict[str, PathSums]:
    nothing = PathSums(0, 0.0, 0, 0)
    found: dict[str, PathSums] = {}
    for piece, path, share, end in zip(outline.pieces, dom_paths, kept, ends, strict=True):
        count = len(piece.tokens)
        words, keep, prose, pieces = found.get(path, nothing)
        sentences = count if end and piece.linked * 2 < len(piece.text) else 0
        found[path] = PathSums(words + count, keep + count * share, prose + sentences, pieces + 1)
    return found
