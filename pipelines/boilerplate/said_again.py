"""What a page says twice: in its synopsis, a caption or a pull quote, and in its body. Kept once.

The body is the element that holds most of the text. What it says itself more than once stays: a
refrain, a short answer; so do lists, tables and headings, which sum up and recur by nature.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from functools import cached_property
from itertools import accumulate, pairwise
from typing import Final

from models.blocks import Block
from models.text import sentences, words

_CAPTION, _QUOTE, _APART, _LEAD, _FORM, _BODY = range(6)  # places, the best one last
_NEVER: Final = frozenset({"heading", "list", "table", "code"})
_LEAST: Final = 7.0  # words that are no coincidence; characters of scripts without spaces are half
_LEAST_QUOTED: Final = 4.0  # the same of a quote, which is meant to repeat
# Words at an end that need not be said elsewhere: who is quoted, who took the picture.
_CREDIT: Final = 8
_LEAST_APART: Final = 8.0  # words of what stands in a box between paragraphs
_PIECES: Final = 3  # of a quote that leaves words out
_PIECE: Final = 3  # words of the shortest
_SPREAD: Final = 2  # times a quote's words, within which its pieces stand
_PROBES: Final = 4  # parts of a text looked for before its words are compared
_PROBE: Final = 12  # characters


def said_again(blocks: Sequence[Block], keeps: Sequence[bool]) -> dict[int, int]:
    """The numbers of blocks that would be kept, but are said in a better place; the best there.

    `keeps`: for each block, whether it would be kept.
    """
    kept = [i for i, keep in enumerate(keeps) if keep]
    places = _places(blocks, kept)
    page = _Page(blocks, kept)
    found: dict[int, int] = {}
    # captions first: a standfirst that is one too stays where it is
    for i in sorted(kept, key=lambda i: (places[i], -i)):
        may_go = places[i] < _BODY and blocks[i].kind not in _NEVER
        if may_go and page.may_be_said(i, places[i]):
            others = [j for j in kept if j not in found and _is_better(blocks, places, j, i)]
            at = page.said_in(i, others, places[i])
            if at is not None:
                found[i] = at
    for i in _parts(blocks, kept, found):
        if places[i] == _QUOTE:
            del found[i]
    quotes = {i: at for i, at in found.items() if places[i] == _QUOTE}
    return found | dict(_credits(blocks, kept, quotes, page))


def _places(blocks: Sequence[Block], kept: Sequence[int]) -> dict[int, int]:
    sizes: Counter[str] = Counter()
    paths: dict[str, Counter[str]] = defaultdict(Counter)
    for i in kept:
        if blocks[i].kind != "quote" and not _is_caption(blocks[i]):
            sizes[_parent(blocks[i])] += len(blocks[i].text)
            paths[_parent(blocks[i])][blocks[i].dom_path] += len(blocks[i].text)
    if not sizes:
        return dict.fromkeys(kept, _BODY)
    body = max(sizes, key=sizes.__getitem__)
    main = max(paths[body], key=paths[body].__getitem__)
    first = next(i for i in kept if blocks[i].dom_path == main)
    return {i: _place(blocks[i], body, main, before=i < first) for i in kept}


def _place(block: Block, body: str, main: str, *, before: bool) -> int:
    if _is_caption(block):
        return _CAPTION
    apart = _parent(block) != body
    if block.kind == "quote" or (apart and _in_aside(block)):
        return _QUOTE
    if apart:
        return _LEAD if before else _APART
    return _BODY if block.dom_path == main else _FORM


def _is_caption(block: Block) -> bool:
    return block.kind == "caption" or block.hint == "caption"


def _parent(block: Block) -> str:
    return block.dom_path.rpartition(">")[0]


def _steps(block: Block) -> list[str]:
    return block.dom_path.split(">")


def _in_aside(block: Block) -> bool:
    return any(step.partition(".")[0] == "aside" for step in _steps(block))


def _is_better(blocks: Sequence[Block], places: Mapping[int, int], j: int, i: int) -> bool:
    """Whether what both say is to stay in j."""
    one, other = places[i], places[j]
    if i == j or blocks[i].dom_path_key == blocks[j].dom_path_key or blocks[j].kind in _NEVER:
        return False  # lines of one form: a refrain
    if one == _FORM:
        # in the body, in a form of its own: a pull quote is a part of a longer paragraph
        return other == _BODY and len(blocks[j].text) > len(blocks[i].text)
    return other > one or (other == one == _LEAD and j < i)


class _Page:
    """The blocks of a page that are kept, with the words of those that were compared."""

    def __init__(self, blocks: Sequence[Block], kept: Sequence[int]) -> None:
        self._blocks, self._kept = blocks, kept
        self._folded: dict[int, str] = {}
        self._words: dict[int, list[str]] = {}
        self._spaced: dict[int, str] = {}

    def words(self, i: int) -> list[str]:
        """The words of a block."""
        if i not in self._words:
            self._words[i] = words(self._blocks[i].text)
        return self._words[i]

    def may_be_said(self, i: int, place: int) -> bool:
        """Whether other blocks may say all of a block: one search of them for each sentence.

        Where a sentence stands but for some words at an end, what is between both ends does.
        """
        credit, left = _credit(place), 0
        for own in () if place == _QUOTE else self._sentences(i):  # a quote leaves words out
            end = min(credit, len(own) // 3)
            if not self._is_elsewhere(f" {' '.join(own[end : len(own) - end])} ", i):
                left += len(own)
            if left > credit:
                return False
        return True

    def said_in(self, i: int, others: Sequence[int], place: int) -> int | None:
        """The block that says most of a block, if others say all of it; None if they do not."""
        near = [j for j in others if self._may_say(i, j)]
        if not near:
            return None
        least = {_QUOTE: _LEAST_QUOTED, _APART: _LEAST_APART}.get(place, _LEAST)
        credit = _credit(place)
        said: Counter[int] = Counter()
        longest, left = 0.0, 0
        for own in self._sentences(i):
            at, missing = self._found(own, near, credit, quote=place == _QUOTE)
            left += missing
            if at is not None:
                said[at] += len(own)
                longest = max(longest, _weight(own) - missing)
        if longest < least or left > credit or (place in {_APART, _FORM} and len(said) > 1):
            return None
        return max(sorted(said), key=said.__getitem__)

    def _sentences(self, i: int) -> Iterator[list[str]]:
        return filter(None, map(words, sentences(self._blocks[i].text)))

    def _is_elsewhere(self, said: str, i: int) -> bool:
        """Whether some words, with a space around them, stand in another block."""
        start, end = self._spans[i]
        return self._whole.find(said, 0, start) >= 0 or self._whole.find(said, end) >= 0

    @cached_property
    def _whole(self) -> str:
        return "".join(map(self._spaced_words, self._kept))

    @cached_property
    def _spans(self) -> dict[int, tuple[int, int]]:
        """Where each block is in the whole."""
        ends = accumulate((len(self._spaced_words(i)) for i in self._kept), initial=0)
        return dict(zip(self._kept, pairwise(ends), strict=True))

    def _found(
        self, own: list[str], near: Sequence[int], credit: int, *, quote: bool
    ) -> tuple[int | None, int]:
        """Which block says a sentence, and how many of its words are not said there."""
        for missing in range(min(credit, len(own) // 3) + 1):
            ends = {" ".join(own[missing:]), " ".join(own[: len(own) - missing])}
            for j in near:
                if any(f" {end} " in self._spaced_words(j) for end in ends):
                    return j, missing
        if quote:
            for j in near:
                if _shortened(own, self.words(j)):
                    return j, 0
        return None, len(own)

    def _may_say(self, i: int, j: int) -> bool:
        """Whether parts of a text stand in another, as they do if all of it is said there."""
        text, other = self._fold(i), self._fold(j)
        step = max(1, len(text) // _PROBES)
        return any(text[at : at + _PROBE] in other for at in range(0, len(text), step))

    def _fold(self, i: int) -> str:
        if i not in self._folded:
            self._folded[i] = self._blocks[i].text.casefold()
        return self._folded[i]

    def _spaced_words(self, i: int) -> str:
        if i not in self._spaced:
            self._spaced[i] = f" {' '.join(self.words(i))} "
        return self._spaced[i]


def _credit(place: int) -> int:
    """How many words of a block there need not be said elsewhere."""
    return _CREDIT if place <= _QUOTE else 0


def _weight(own: Sequence[str]) -> float:
    return sum(1.0 if len(token) > 1 else 0.5 for token in own)


def _shortened(own: Sequence[str], other: Sequence[str]) -> bool:
    """Whether a quote is some pieces of a text, near each other and in its order."""
    if not set(own) <= set(other):
        return False
    matched = SequenceMatcher(None, own, other, autojunk=False).get_matching_blocks()[:-1]
    if len(matched) > _PIECES or sum(one.size for one in matched) < len(own):
        return False
    spread = matched[-1].b + matched[-1].size - matched[0].b
    return spread <= _SPREAD * len(own) and all(one.size >= _PIECE for one in matched)


def _parts(blocks: Sequence[Block], kept: Sequence[int], found: Mapping[int, int]) -> list[int]:
    """Those found that are lines of something longer, of which the rest is said nowhere else."""
    lines: list[list[int]] = []
    for i in kept:
        last = lines[-1][-1] if lines else None
        if last == i - 1 and blocks[last].dom_path_key == blocks[i].dom_path_key:
            lines[-1].append(i)
        else:
            lines.append([i])
    return [i for run in lines if not all(j in found for j in run) for i in run if i in found]


def _credits(
    blocks: Sequence[Block], kept: Sequence[int], quotes: Mapping[int, int], page: _Page
) -> Iterator[tuple[int, int]]:
    """Who said a quote that goes, right behind it in its box: it goes with the quote."""
    for i, at in quotes.items():
        after = i + 1
        if after not in kept or after in quotes:
            continue
        near = blocks[after].position == blocks[i].position + 1
        box = _parent(blocks[i]).rpartition(">")[2]
        inside = box in _steps(blocks[after])[-2:] and box not in _steps(blocks[at])
        if near and inside and len(page.words(after)) <= _CREDIT:
            yield after, at
