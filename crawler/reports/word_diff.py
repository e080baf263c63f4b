"""The difference of two texts, word by word. Pure."""

import re
from collections.abc import Iterable, Iterator
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
_MOST: Final = 1_000_000  # pairs of words to be compared; past that, a passage changed as a whole


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


def _compared(old: str, new: str, levels: tuple[re.Pattern[str], ...]) -> Iterator[Change]:
    """By paragraphs; those that changed by sentences, and these by words."""
    pattern, *finer = levels or (_TOKEN,)
    before, after = ([part for part in pattern.findall(text) if part] for text in (old, new))
    for same, gone, came in _aligned(before, after):
        if same:
            yield Change("same", gone)
        elif levels and gone and came:
            yield from _compared(gone, came, tuple(finer))
        else:
            yield Change("removed", gone)
            yield Change("added", came)


def _aligned(old: list[str], new: list[str]) -> Iterator[tuple[bool, str, str]]:
    """Whether a part is common, what it is in `old`, and in `new`; in order."""
    most = min(len(old), len(new))
    start = next((n for n in range(most) if old[n] != new[n]), most)
    most -= start
    end = next((n for n in range(most) if old[-1 - n] != new[-1 - n]), most)
    if start:
        common = "".join(old[:start])
        yield True, common, common
    before, after = old[start : len(old) - end], new[start : len(new) - end]
    if len(before) * len(after) > _MOST:
        yield False, "".join(before), "".join(after)
    else:
        matcher = SequenceMatcher(str.isspace, before, after, autojunk=False)
        for tag, i, j, k, m in matcher.get_opcodes():
            yield tag == "equal", "".join(before[i:j]), "".join(after[k:m])
    if end:
        common = "".join(old[len(old) - end :])
        yield True, common, common


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
