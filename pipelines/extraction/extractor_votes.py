"""What two extractors keep of each piece: trafilatura, and the density of prose."""

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from lxml.html import HtmlElement

from models.text import plain
from pipelines.extraction.blocks import Container, Outline, Piece
from pipelines.extraction.main_content import main_content

_MOST: Final = 6_000  # pieces; trafilatura's time grows with their square, density's does not

_ANCHOR: Final = 40  # characters without spaces that a text holds once or not at all
_CHUNK: Final = 24  # characters: a long piece that is not there whole may be there in part
_SHORTEST: Final = 12  # characters: shorter texts are on every page, by chance
_GRAM: Final = 8  # characters; with _STRIDE - 1 more they are the shortest text that is looked for
_STRIDE: Final = 6
_LONG: Final = 100_000  # characters of an output; a shorter one is searched faster than indexed
_DENSE: Final = 0.5  # share of characters in links above which a piece is not prose
_SPACE: Final = re.compile(r"\s+")


class ExtractorVotes(NamedTuple):
    """What was kept of each piece."""

    kept: list[float]  # the share of it, by trafilatura
    dense: list[bool]  # by density alone
    densities: list[float]  # for each container, how much prose it holds
    densest: list[bool]  # for each container, whether it is in the one that holds most


def extractor_votes(tree: HtmlElement, page: Outline) -> ExtractorVotes:
    """The votes of trafilatura and of prose density on a page's pieces.

    `tree` may be narrowed: what it lacks is not kept.
    """
    densities, best = density(page)
    densest = inside(page.containers, best)
    prose = _prose(page, densest)
    if len(page.pieces) > _MOST:
        return ExtractorVotes([float(dense) for dense in prose], prose, densities, densest)
    return ExtractorVotes(coverage(page.pieces, main_content(tree)), prose, densities, densest)


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


class _Output:
    """The text of an extractor's output, in which thousands of others are looked for.

    A search that fails reads all of it: on a page of megabytes that takes minutes. Of a long
    output every `_STRIDE`-th gram is remembered, and only a text that has one of them among its
    first `_STRIDE` grams can be in it.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        long = range(0, len(text), _STRIDE) if len(text) > _LONG else ()
        self._grams = {text[at : at + _GRAM] for at in long}

    def may_hold(self, text: str) -> bool:
        """False only if the output does not hold the text, of more than `_SHORTEST` characters."""
        grams = self._grams
        return not grams or any(text[at : at + _GRAM] in grams for at in range(_STRIDE))

    def find(self, text: str, start: int) -> int:
        """The first place from `start` on, else the first of all; -1 if there is none."""
        if not self.may_hold(text):
            return -1
        at = self.text.find(text, start)
        return self.text.find(text) if at < 0 else at


def coverage(pieces: list[Piece], lines: list[str]) -> list[float]:
    """For each piece, the share of it that an extractor's output lines hold: 0 to 1.

    Long pieces are looked for anywhere; short ones only as a whole line between the long ones
    around them, since `Read more` may be on the page five times and kept once.
    """
    squeezed = [_SPACE.sub("", plain(line)).casefold() for line in lines]
    whole = _Output("".join(squeezed))
    starts: dict[str, list[int]] = {}
    offset = 0
    for line in squeezed:
        starts.setdefault(line, []).append(offset)
        offset += len(line)
    for places in starts.values():
        places.reverse()
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
    text: str, whole: _Output, reached: int, number: int, anchors: list[tuple[int, int, int]]
) -> tuple[float, int]:
    at = whole.find(text, reached)
    if at >= 0:
        anchors.append((number, at, at + len(text)))
        return 1.0, max(reached, at + len(text))
    chunks = [text[i : i + _CHUNK] for i in range(0, len(text) - _CHUNK + 1, _CHUNK)]
    found, last = 0, reached
    for chunk in chunks:
        at = whole.find(chunk, last)
        if at >= 0:
            found, last = found + 1, at
    return found / len(chunks), reached


def _short(
    flat: list[str],
    shares: list[float],
    whole: _Output,
    starts: dict[str, list[int]],  # the last place first; it is used up
    anchors: list[tuple[int, int, int]],
) -> None:
    """Short pieces, between the anchors around them."""
    following = [*anchors, (len(flat), len(whole.text) + 1, 0)]
    used: set[int] = set()
    turn, low = 0, 0
    for number, text in enumerate(flat):
        while following[turn][0] < number:
            low = max(low, following[turn][2])
            turn += 1
        if len(text) >= _ANCHOR:
            continue
        high = following[turn][1]
        places = starts.get(text, [])
        while places and (places[-1] < low or places[-1] in used):
            places.pop()  # `low` never falls, so that it is of no use later either
        if places and places[-1] < high:
            used.add(places.pop())
            shares[number] = 1.0
        elif len(text) > _SHORTEST and whole.may_hold(text):
            shares[number] = 1.0 if whole.text.find(text, low, high) >= 0 else 0.0


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
