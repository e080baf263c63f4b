"""The difference of two texts, word by word. Pure."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from difflib import SequenceMatcher
from typing import Final, Literal, NamedTuple

Kind = Literal["same", "removed", "added"]

# a word, a run of spaces, or one other sign; scripts without spaces by the character
_TOKEN: Final = re.compile(
    r"\s+|[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]"
    r"|[^\W\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+|[^\w\s]"
)
_PARAGRAPH: Final = re.compile(r".*?(?:\n\n+|\Z)", re.DOTALL)
_SENTENCE: Final = re.compile(r".*?(?:[.!?\u2026]\S*\s+|\n|[\u3002\uff01\uff1f]|\Z)", re.DOTALL)
_MOST: Final = 50_000  # pairs of equal words; past that, a passage changed as a whole

_LEAST: Final = 0.3  # of the words of a sentence; with fewer in common it is another one


class Change(NamedTuple):
    """A part of the two texts: in both, or in one of them."""

    kind: Kind
    text: str


def word_diff(old: str, new: str) -> list[Change]:
    """The parts of both texts in order.

    'same' and 'removed' parts make `old`, 'same' and 'added' parts make `new`. Neighbours differ in
    their kind, no part is empty, and what was removed stands before what was added for it.
    """
    return _joined(_without_lone_spaces(list(_compared(old, new, (_PARAGRAPH, _SENTENCE)))))


def _compared(old: str, new: str, levels: Sequence[re.Pattern[str]]) -> Iterator[Change]:
    """By paragraphs; those that changed by sentences, and these by words."""
    pattern, *finer = levels or (_TOKEN,)
    before, after = ([part for part in pattern.findall(text) if part] for text in (old, new))
    aligned = list(_aligned(before, after))
    if not levels and _is_other(before, after, aligned):
        aligned = [(False, before, after)]
    for same, gone, came in aligned:
        if same:
            yield Change("same", "".join(gone))
        elif not (levels and gone and came):
            yield Change("removed", "".join(gone))
            yield Change("added", "".join(came))
        elif len(gone) == len(came):  # each was edited
            for one, other in zip(gone, came, strict=True):
                yield from _compared(one, other, finer)
        else:
            yield from _compared("".join(gone), "".join(came), finer)


def _is_other(
    before: list[str], after: list[str], aligned: list[tuple[bool, list[str], list[str]]]
) -> bool:
    """Whether so few words are common that another sentence stands there, not an edited one."""
    common = sum(_word_count(gone) for same, gone, _ in aligned if same)
    return common < _LEAST * max(_word_count(before), _word_count(after))


def _word_count(parts: list[str]) -> int:
    return sum(part[0].isalnum() for part in parts)


def _aligned(old: list[str], new: list[str]) -> Iterator[tuple[bool, list[str], list[str]]]:
    """Whether parts are common, which they are in `old`, and in `new`; in order."""
    most = min(len(old), len(new))
    start = next((n for n in range(most) if old[n] != new[n]), most)
    most -= start
    end = next((n for n in range(most) if old[-1 - n] != new[-1 - n]), most)
    before, after = old[start : len(old) - end], new[start : len(new) - end]
    if start:
        yield True, old[:start], new[:start]
    if _pairs(before, after) > _MOST:
        yield False, before, after
    else:
        matcher = SequenceMatcher(str.isspace, before, after, autojunk=False)
        for tag, i, j, k, m in matcher.get_opcodes():
            yield tag == "equal", before[i:j], after[k:m]
    if end:
        yield True, old[len(old) - end :], new[len(new) - end :]


def _pairs(before: list[str], after: list[str]) -> int:
    """How many pairs of equal parts SequenceMatcher would look at, again and again."""
    counts = Counter(part for part in before if not part.isspace())
    return sum(counts[part] for part in after)


def _without_lone_spaces(changes: list[Change]) -> Iterator[Change]:
    """A space that is all that two changes have between them is a part of both."""
    last = len(changes) - 1
    for place, change in enumerate(changes):
        inside = 0 < place < last and not change.text.strip()
        if (
            change.kind == "same"
            and inside
            and changes[place - 1].kind != "same" != changes[place + 1].kind
        ):
            yield Change("removed", change.text)
            yield Change("added", change.text)
        else:
            yield change


def _joined(changes: Iterable[Change]) -> list[Change]:
    """Neighbours of one kind as one; between two common parts, first what went, then what came."""
    found: list[Change] = []
    removed = added = same = ""

    def close() -> None:
        parts: tuple[tuple[Kind, str], ...] = (("removed", removed), ("added", added))
        found.extend(Change(kind, text) for kind, text in parts if text)

    for kind, text in changes:
        if kind == "same":
            if removed or added:
                close()
                removed = added = ""
            same += text
            continue
        if same and text:
            found.append(Change("same", same))
            same = ""
        removed += text if kind == "removed" else ""
        added += text if kind == "added" else ""
    close()
    if same:
        found.append(Change("same", same))
    return found
