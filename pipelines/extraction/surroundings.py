"""What stands around each piece of a page: sums by container and by place, made once a page."""

import math
import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from pipelines.extraction.blocks import Outline
from pipelines.extraction.extractor_votes import ExtractorVotes

_END: Final = re.compile(r"[.!?…。！？।:;؟][\"'»”’)\]]*$")
_LONG: Final = 8  # words of a piece that marks where the main content begins and ends


class Place(NamedTuple):
    """What stands at one place of the page's template."""

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
    """Sums over the page that every row looks at."""

    counts: list[int]  # words
    logs: list[float]
    links: list[float]  # share of characters in links
    ends: list[bool]  # as a sentence does
    holds: Holds
    places: dict[str, Place]
    seen: dict[str, int]  # how often each text stands on the page
    before: list[int]  # words before each piece
    first: int  # the span of main content, by pieces
    last: int
    h1: int
    top: float  # the densest container's score
    page: tuple[float, float]  # words kept (log), and their share


def candidates(outline: Outline, kept: Sequence[float]) -> list[bool]:
    """Pieces that a verdict is asked for; the rest are menus and the like, far from any text."""
    found = [share > 0 for share in kept]
    worth = [
        len(piece.tokens) >= 4 and piece.linked <= 0.8 * len(piece.text) for piece in outline.pieces
    ]
    near = [one or other for one, other in zip(found, worth, strict=True)]
    return [any(near[max(0, i - 1) : i + 2]) for i in range(len(near))]


def surroundings(outline: Outline, places: Sequence[str], opinion: ExtractorVotes) -> Surroundings:
    """What the rows of a page's pieces have in common."""
    pieces, containers = outline
    kept = opinion.kept
    counts = [len(piece.tokens) for piece in pieces]
    ends = [_END.search(piece.text, max(0, len(piece.text) - 4)) is not None for piece in pieces]
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
        places=_places(outline, places, kept, ends),
        seen=seen,
        before=before,
        first=span[0] if span else len(pieces),
        last=span[-1] if span else -1,
        h1=next((i for i, tag in enumerate(tags) if tag == "h1"), -1),
        top=max(opinion.densities, default=0.0) or 1.0,
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


def _places(
    outline: Outline, places: Sequence[str], kept: Sequence[float], ends: Sequence[bool]
) -> dict[str, Place]:
    nothing = Place(0, 0.0, 0, 0)
    found: dict[str, Place] = {}
    for piece, place, share, end in zip(outline.pieces, places, kept, ends, strict=True):
        count = len(piece.tokens)
        words, keep, prose, pieces = found.get(place, nothing)
        said = count if end and piece.linked * 2 < len(piece.text) else 0
        found[place] = Place(words + count, keep + count * share, prose + said, pieces + 1)
    return found
