"""Opinions on a page's pieces: which of them an extractor's output holds, and what density says."""

import re
from typing import Final

from pipelines.extraction.blocks import Container, Outline, Piece

_ANCHOR: Final = 40  # characters without spaces that stand in a text once or not at all
_CHUNK: Final = 24  # characters: a long piece that is not there whole may be there in part
_DENSE: Final = 0.5  # share of characters in links above which a piece is not prose
_SPACE: Final = re.compile(r"\s+")


def coverage(pieces: list[Piece], lines: list[str]) -> list[float]:
    """For each piece, the share of it that stands in an extractor's output lines: 0 to 1.

    Long pieces are looked for anywhere; short ones only as a whole line between the long ones
    that stand around them, since `Read more` may be on the page five times and kept once.
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
    """For each container, whether it is the one asked for or stands inside it."""
    found = [False] * len(containers)
    for number, container in enumerate(containers):
        found[number] = number == which or (container.parent >= 0 and found[container.parent])
    return found
