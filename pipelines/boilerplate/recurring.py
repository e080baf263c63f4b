"""Which texts that a site's pages repeat are the story's own, by what stands around them.

A label leads into text of this page alone: the question of a series, *Ingredients*, a sign of the
zodiac. A row stands among rows of its own page. A call, a legal line or an author's note leads into
nothing, links elsewhere, and is a sentence by itself.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence, Set
from typing import Final, NamedTuple

from models.blocks import Block
from pipelines.boilerplate.carried import carried

PLAIN: Final = frozenset({"", "other"})  # hints of a block without any
_LINKED: Final = 0.1  # share of characters in links that makes a text lead elsewhere
_LINKED_PROSE: Final = 0.5  # the same of a text that a label leads into
_STRONG: Final = 0.8  # share of a label's characters in bold or italics
_LABEL: Final = 120  # characters of the longest label
_STOPS: Final = tuple(".!。！｡।॥۔…։።")  # a sentence ends: labels, and rows of results, do not
_ASKS: Final = tuple("?？؟;՞፧")
_QUOTES: Final = "\"'”’»)）」』"
_ROWS: Final = frozenset({"list", "table"})
_RUN: Final = 3  # rows of paragraphs that make a list
# How many different labels of one form a page must have before they are taken for its own.
_SERIES: Final = 2  # of them are enough, if furniture parts some from the text they lead into
_QUESTIONS: Final = 2
_PLAIN_LABELS: Final = 3


def own_texts(blocks: Sequence[Block], repeated: Sequence[bool]) -> frozenset[int]:
    """The numbers of the blocks that are the page's own text, though other pages show them.

    `repeated`: for each block, whether so many pages show it that it would be removed.
    """
    if not any(again and block.kept for block, again in zip(blocks, repeated, strict=True)):
        return frozenset()
    plain = [block.kept and unspoken(block) for block in blocks]
    doubtful = {i for i, again in enumerate(repeated) if again and plain[i]}
    fresh = [block.kept and not again for block, again in zip(blocks, repeated, strict=True)]
    found = set(_rows(blocks, plain, fresh))
    fresh = [is_fresh or i in found for i, is_fresh in enumerate(fresh)]
    gone = {i for i, again in enumerate(repeated) if again} - found
    return frozenset(found.union(_labels(blocks, doubtful - found, fresh, gone)))


class Form(NamedTuple):
    """What texts of one role on a site's pages have in common."""

    dom_path_key: int
    kind: str
    strong: bool
    linked: bool
    ends: str  # 'stop', 'asks' or nothing


def form_of(block: Block) -> Form:
    """The form of a block, by which texts like it are found."""
    text, more = block.text.rstrip(_QUOTES), carried(block)
    ends = "stop" if text.endswith(_STOPS) else "asks" if text.endswith(_ASKS) else ""
    strong, linked = more.strong >= _STRONG, more.link_density >= _LINKED
    return Form(block.dom_path_key, block.kind, strong, linked, ends)


def unspoken(block: Block) -> bool:
    """Whether nothing speaks against a block: no link, no form, none of its words or names."""
    more = carried(block)
    # words of credits stand in questions too, but no heading is one
    plain = block.hint in PLAIN or (block.hint == "caption" and block.kind == "heading")
    return plain and more.link_density < _LINKED and not more.area_form


def _labels(
    blocks: Sequence[Block], doubtful: Collection[int], fresh: Sequence[bool], gone: Set[int]
) -> Iterator[int]:
    """Labels that lead into text of this page; several of one form, if they are no headings.

    What is `gone` may part some of several from their text, as a call in the midst of a story does.
    """
    forms: dict[tuple[int, int], list[int]] = defaultdict(list)
    for i in sorted(doubtful):
        if needed := _labels_needed(blocks[i]):
            forms[needed, blocks[i].dom_path_key].append(i)
    labels = {i for form in forms.values() for i in form}
    direct = _leading(blocks, labels, fresh, _holds)
    near = _leading(blocks, labels, fresh, _holds_near)
    parted = _leading(blocks, labels, fresh, _holds_near, past=gone - labels)
    for (needed, _), form in forms.items():
        if len({blocks[i].text for i in direct.intersection(form)}) >= needed:
            yield from direct.intersection(form)
        several = {blocks[i].text for i in parted.intersection(form)}
        if near.intersection(form) and len(several) >= max(needed, _SERIES):
            yield from parted.intersection(form)


def _labels_needed(block: Block) -> int:
    """How many texts of a block's form are a page's own labels; 0: it has no label's form."""
    text = block.text.rstrip(_QUOTES)
    if len(text) > _LABEL:
        return 0
    if block.kind == "heading":
        return 1
    if text.endswith(_STOPS):
        return 0
    if carried(block).strong >= _STRONG:
        return 1
    return _QUESTIONS if text.endswith(_ASKS) else _PLAIN_LABELS


def _leading(
    blocks: Sequence[Block],
    labels: Collection[int],
    fresh: Sequence[bool],
    holds: Callable[[Block, Block], bool],
    past: Collection[int] = frozenset(),
) -> set[int]:
    """Labels followed by the page's own text, or by another of them; `past` what may be between."""
    found: set[int] = set()
    for i in sorted(labels, reverse=True):
        after = i + 1
        while after in past:
            after += 1
        if after == len(blocks) or blocks[after].position - blocks[i].position != after - i:
            continue  # a box was there
        text = fresh[after] and carried(blocks[after]).link_density < _LINKED_PROSE
        if (text or after in found) and holds(blocks[i], blocks[after]):
            found.add(i)
    return found


def _holds(label: Block, following: Block) -> bool:
    """Whether the element that holds a label holds the next text too, at any depth."""
    *_, parent, _ = ("", "", *label.dom_path.split(">"))
    return not parent or parent in following.dom_path.split(">")[:-1]


def _holds_near(label: Block, following: Block) -> bool:
    """The same of the element above it: questions and answers may have boxes of their own."""
    *_, above, _, _ = ("", "", "", *label.dom_path.split(">"))
    return _holds(label, following) or (above != "" and above in following.dom_path.split(">")[:-1])


def _rows(blocks: Sequence[Block], plain: Sequence[bool], fresh: Sequence[bool]) -> Iterator[int]:
    """Rows of a list or table of which the page alone shows half, in words or in numbers."""
    start = 0
    for end in range(1, len(blocks) + 1):
        if end < len(blocks) and _same_run(blocks[end - 1], blocks[end]):
            continue
        run = range(start, end)
        start = end
        if blocks[run[0]].kind in _ROWS:
            own = sum(len(blocks[i].text) for i in run if fresh[i])
            if own * 2 >= sum(len(blocks[i].text) for i in run):
                yield from (i for i in run if plain[i] and not fresh[i])
        elif len(run) >= _RUN and any(fresh[: run[0]]) and any(fresh[end:]):
            rows = {blocks[i].text for i in run if plain[i] and _is_row(blocks[i])}
            if len(rows) == len(run):
                yield from (i for i in run if not fresh[i])


def _same_run(one: Block, other: Block) -> bool:
    near = other.position == one.position + 1 and one.kind == other.kind
    return near and (one.kind in _ROWS or one.dom_path_key == other.dom_path_key)


def _is_row(block: Block) -> bool:
    text = block.text.rstrip(_QUOTES)
    return any(map(str.isdigit, text)) and not text.endswith(_STOPS) and len(text) <= _LABEL
