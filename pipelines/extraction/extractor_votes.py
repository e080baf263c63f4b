"""What extractors keep of each piece: two cheap votes, and a costly one only if these differ."""

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from lxml.html import HtmlElement

from pipelines.extraction.blocks import Container, Outline, Piece
from pipelines.extraction.main_content import main_content

# Measured: the thorough way on those pages where trafilatura's fast way and density agree on less
# than this (one page in six) gains all that it gains on every page.
_UNSURE: Final = 0.7
_MOST: Final = 6_000  # pieces; trafilatura's time grows with their square, density's does not

_ANCHOR: Final = 40  # characters without spaces that a text holds once or not at all
_CHUNK: Final = 24  # characters: a long piece that is not there whole may be there in part
_DENSE: Final = 0.5  # share of characters in links above which a piece is not prose
_SPACE: Final = re.compile(r"\s+")


class ExtractorVotes(NamedTuple):
    """For each piece the share of it that was kept."""

    first: list[float]  # by the fast way
    kept: list[float]  # by the thorough way if it was asked, else the same
    dense: list[bool]  # by density alone
    densities: list[float]  # for each container, how much prose it holds
    densest: list[bool]  # for each container, whether it is in the one that holds most


def extractor_votes(tree: HtmlElement, url: str, page: Outline) -> ExtractorVotes:
    """The votes of trafilatura and of prose density on a page's pieces."""
    densities, best = density(page)
    densest = inside(page.containers, best)
    prose = _prose(page, densest)
    if len(page.pieces) > _MOST:
        alone = [float(dense) for dense in prose]
        return ExtractorVotes(alone, alone, prose, densities, densest)
    first = coverage(page.pieces, main_content(tree, url, thorough=False))
    if agreement(page, [share > 0.5 for share in first], prose) >= _UNSURE:
        return ExtractorVotes(first, first, prose, densities, densest)
    kept = coverage(page.pieces, main_content(tree, url, thorough=True))
    return ExtractorVotes(first, kept, prose, densities, densest)


def _prose(outline: Outline, within: Sequence[bool]) -> list[bool]:
    """Which pieces are prose, in the container that holds most prose."""
    return [
        within[piece.container] and piece.linked * 2 < len(piece.text) and len(piece.tokens) > 3
        for piece in outline.pieces
    ]


def agreement(outline: Outline, one: Sequence[bool], other: Sequence[bool]) -> float:
    """The words that both keep, as F1: 1 if two votes are the same, 0 if they share nothing."""
    counts = [len(piece.tokens) for piece in outline.pieces]
    first = sum(count for count, kept in zip(counts, one, strict=True) if kept)
    second = sum(count for count, kept in zip(counts, other, strict=True) if kept)
    both = sum(n for n, a, b in zip(counts, one, other, strict=True) if a and b)
    return 2 * both / (first + second) if first + second else 1.0


def coverage(pieces: list[Piece], lines: list[str]) -> list[float]:
    """For each piece, the share of it that an extractor's output lines hold: 0 to 1.

    Long pieces are looked for anywhere; short ones only as a whole line between the long ones
    around them, since `Read more` may be on the page five times and kept once.
    """
    squeezed = [_SPACE.sub("", line).casefold() for line in lines]
    whole = "".join(squeezed)
    starts: dict[str, list[int]] = {}
    offset = 0
    for line in squeezed:
        starts.setdefault(line, []).append(offset)
        offset += len(line)
    flat = ["".join(piece.text.split()).casefold() for piece in pieces]
    shares = [0.0] * len(flat)
    anchors: list[tuple[int, int, int]] = []
    reached = 0
    for number, text in enumerate(flat):
        if len(text) >= _ANCHOR:
            shares[number], reached = _long(text, whole, reached, number, anchors)
    _short(flat, shares, whole, starts, anchors)
    return shares


def _long(
    text: str, whole: str, reached: int, number: int, anchors: list[tuple[int, int, int]]
) -> tuple[float, int]:
    at = whole.find(text, reached)
    if at < 0:
        at = whole.find(text)
    if at >= 0:
        anchors.append((number, at, at + len(text)))
        return 1.0, max(reached, at + len(text))
    chunks = [text[i : i + _CHUNK] for i in range(0, len(text) - _CHUNK + 1, _CHUNK)]
    found = sum(chunk in whole for chunk in chunks)
    return found / len(chunks), reached


def _short(
    flat: list[str],
    shares: list[float],
    whole: str,
    starts: dict[str, list[int]],
    anchors: list[tuple[int, int, int]],
) -> None:
    """Short pieces, between the anchors around them."""
    following = [*anchors, (len(flat), len(whole) + 1, 0)]
    used: set[int] = set()
    turn, low = 0, 0
    for number, text in enumerate(flat):
        while following[turn][0] < number:
            low = max(low, following[turn][2])
            turn += 1
        if len(text) >= _ANCHOR:
            continue
        high = following[turn][1]
        for at in starts.get(text, ()):
            if low <= at < high and at not in used:
                used.add(at)
                shares[number] = 1.0
                break
        else:
            at = whole.find(text, low, high) if len(text) > 12 else -1
            shares[number] = 1.0 if at >= 0 else 0.0


def density(outline: Outline) -> tuple[list[float], int]:
    """How much prose each container holds (readability's way), and the one that holds most.

    A prose piece gives its score to its container's parent, half to the grandparent.
    """
    pieces, containers = outline
    scores = [0.0] * len(containers)
    for piece in pieces:
        length = len(piece.text)
        if length < 25 or piece.linked > _DENSE * length:
            continue
        worth = (1 + piece.text.count(",") + min(length / 100, 3)) * (1 - piece.linked / length)
        parent = containers[piece.container].parent
        if parent >= 0:
            scores[parent] += worth
            above = containers[parent].parent
            if above >= 0:
                scores[above] += worth / 2
    best = max(range(len(scores)), key=scores.__getitem__, default=0)
    return scores, best


def inside(containers: list[Container], which: int) -> list[bool]:
    """For each container, whether it is `which` or inside it."""
    found = [False] * len(containers)
    for number, container in enumerate(containers):
        found[number] = number == which or (container.parent >= 0 and found[container.parent])
    return found
