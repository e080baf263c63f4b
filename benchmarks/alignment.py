"""Which blocks of a page are its truth: the labels that the page model is fitted on."""

from collections.abc import Sequence
from typing import Final

from models.text import words

_RUN: Final = 4  # words in a row that are no chance
_SHORT: Final = 6  # words below which a block is looked for between its neighbours only


def labels(texts: Sequence[str], truth: str) -> list[float]:
    """For each block the share of its words that are truth: 0 to 1. No word of it counts twice.

    Long blocks first, wherever they stand; then short ones, whole, between the long ones around.
    """
    told = words(truth)
    blocks = [words(text) for text in texts]
    used = bytearray(len(told))
    found: dict[int, tuple[float, int, int]] = {}
    index: dict[tuple[str, ...], list[int]] = {}
    for at in range(len(told) - _RUN + 1):
        index.setdefault(tuple(told[at : at + _RUN]), []).append(at)
    long = (number for number, block in enumerate(blocks) if len(block) >= _SHORT)
    for number in sorted(long, key=lambda n: -len(blocks[n])):
        runs = _runs(blocks[number], told, used, index)
        share = sum(length for _, length in runs) / len(blocks[number])
        if share >= 0.3:
            found[number] = (share, runs[0][0], sum(runs[-1]))
            for at, length in runs:
                used[at : at + length] = b"\1" * length
    _label_short(blocks, told, used, found)
    return [found[number][0] if number in found else 0.0 for number in range(len(blocks))]


def _runs(
    block: list[str], told: list[str], used: bytearray, index: dict[tuple[str, ...], list[int]]
) -> list[tuple[int, int]]:
    """Where runs of the block stand in the truth: place and length in words."""
    runs: list[tuple[int, int]] = []
    at = 0
    while at <= len(block) - _RUN:
        places = [p for p in index.get(tuple(block[at : at + _RUN]), ()) if not used[p]]
        near = sum(runs[-1]) if runs else 0
        length = 0
        if places:
            place = min(places, key=lambda p: abs(p - near) if runs else p)
            while (
                at + length < len(block)
                and place + length < len(told)
                and block[at + length] == told[place + length]
                and not used[place + length]
            ):
                length += 1
        if length >= _RUN:
            runs.append((place, length))
        at += length if length >= _RUN else 1
    return runs


def _label_short(
    blocks: list[list[str]],
    told: list[str],
    used: bytearray,
    found: dict[int, tuple[float, int, int]],
) -> None:
    following = sorted(found)
    low, turn = 0, 0
    for number, block in enumerate(blocks):
        if number in found and len(block) >= _SHORT:
            low = found[number][2]
            turn += 1
            continue
        if not block or len(block) >= _SHORT:
            continue
        high = found[following[turn]][1] if turn < len(following) else len(told)
        for at in range(low, high - len(block) + 1):
            if told[at : at + len(block)] == block and not any(used[at : at + len(block)]):
                used[at : at + len(block)] = b"\1" * len(block)
                found[number] = (1.0, at, at + len(block))
                low = at + len(block)
                break
