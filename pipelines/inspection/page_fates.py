"""What became of each text of a page: stored blocks and decisions, and the page itself. Pure.

The stored positions count the texts of a search. A page that was read off a template skips boxes,
and a story over several pages goes beyond its first one: their blocks are found by their texts.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any, Final, NamedTuple

from models.articles.classifications import EXCERPT
from models.blocks import Block
from models.items import Extraction
from models.text import count_words
from pipelines.extraction.selectors import KEEP, REMOVE
from pipelines.inspection.page_texts import PageText

KEPT, REMOVED, RESTORED, UNREAD = "kept", "removed", "restored", "unread"
RULE: Final = "rule"


@dataclass(frozen=True, slots=True)
class Decision:
    """A run of neighbouring blocks that were removed or restored, as v1_removed_blocks has it."""

    position: int
    action: str  # removed | restored
    reason: str
    evidence: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TextFate:
    """One text of a page, and what became of it."""

    number: int  # on this page, from 0, in document order
    position: int | None  # as stored; None: what is stored does not have it
    text: str
    kind: str  # paragraph, heading, …; '' if unknown
    fate: str  # kept | removed | restored | unread
    reason: str  # of REASONS; '' if kept by the page alone
    evidence: Mapping[str, Any]
    score: float | None  # log-odds of being article text, by the page alone
    dom_path: str
    element: int | None  # the number of its element; None: this page shows none

    @property
    def ruled(self) -> bool:
        """Whether a rule of the site decided."""
        return self.reason == RULE

    @property
    def tint(self) -> str:
        """The fate as pages show it: as `fate`, or rule-kept | rule-removed."""
        if self.ruled:
            return "rule-kept" if self.is_kept else "rule-removed"
        return self.fate

    @property
    def is_kept(self) -> bool:
        """Whether the article has it."""
        return self.fate in (KEPT, RESTORED)

    @property
    def words(self) -> int:
        """How many words it has."""
        return count_words(self.text)


class _Part(NamedTuple):
    """A stored block, or a stored run of removed ones, and its fate."""

    position: int
    size: int  # texts that it stands for
    text: str  # of a run: the beginning of its first
    block: Block | None
    fate: str
    reason: str
    evidence: Mapping[str, Any]
    score: float


def page_fates(
    extraction: Extraction, decisions: Sequence[Decision], texts: Sequence[PageText] = ()
) -> list[TextFate]:
    """The fate of each text, in document order.

    Without `texts` (the archived copy is gone) a run of removed blocks is one text. What this
    page shows and the stored reading does not have is `unread`.
    """
    parts = list(_decided(_parts(extraction), decisions))
    found: list[tuple[_Part | None, str, int | None]] = []  # part, text, its number on the page
    shown = 0  # texts before this one are in `found`
    for part, span in zip(parts, _spans(parts, [one.text for one in texts]), strict=True):
        if not span:
            found.append((part, part.text, None))
            continue
        found += [(None, texts[n].text, n) for n in range(shown, span.start)]
        found += [(part, texts[n].text, n) for n in span]
        shown = span.stop
    found += [(None, texts[n].text, n) for n in range(shown, len(texts))]
    return [
        _fate(number, part, text, None if at is None else texts[at].element)
        for number, (part, text, at) in enumerate(found)
    ]


def not_read(texts: Sequence[PageText]) -> list[TextFate]:
    """The texts of a page that was not read at all."""
    return [_fate(number, None, one.text, one.element) for number, one in enumerate(texts)]


def _parts(extraction: Extraction) -> list[_Part]:
    blocks = [
        _Part(
            b.position, 1, b.text, b, KEPT,
            RULE if b.hint == KEEP else "", {"score": b.score}, b.score,
        )
        for b in extraction.blocks
        if b.text
    ]  # fmt: skip
    runs = [
        _Part(run.position, run.blocks, run.text, None, REMOVED, run.reason, {}, run.score)
        for run in extraction.removed
    ]
    return sorted([*blocks, *runs], key=lambda part: part.position)


def _decided(parts: Sequence[_Part], decisions: Sequence[Decision]) -> Iterator[_Part]:
    """The parts with what was decided of them: a decision counts the blocks that it is about."""
    by_position = {one.position: one for one in decisions}
    current: Decision | None = None
    left = 0
    for part in parts:
        if one := by_position.get(part.position):
            current, left = one, int(one.evidence.get("blocks", 1))
        if current is None or left <= 0:
            yield part._replace(reason=part.reason if part.block is None else _own(part.block))
            continue
        left -= part.size
        # the evidence is that of the first block of the run
        first = part.position == current.position
        evidence = current.evidence if first else {"score": part.score}
        yield part._replace(fate=current.action, reason=current.reason, evidence=evidence)


def _own(block: Block) -> str:
    """The reason of a block that nothing removed or restored: a rule's, if one names it."""
    return RULE if block.hint in {KEEP, REMOVE} else ""


def _spans(parts: Sequence[_Part], texts: Sequence[str]) -> list[range]:
    """For each part the texts of the page that it stands for; empty: the page shows none."""
    if all(_says(texts, part.position, part.text) for part in parts):
        return [range(part.position, min(part.position + part.size, len(texts))) for part in parts]
    starts: list[int | None] = [None] * len(parts)
    said, shown = [part.text[:EXCERPT] for part in parts], [text[:EXCERPT] for text in texts]
    for of_part, of_page, size in SequenceMatcher(
        None, said, shown, autojunk=False
    ).get_matching_blocks():
        for n in range(size):
            starts[of_part + n] = of_page + n
    spans: list[range] = []
    stop = 0
    for i, (part, start) in enumerate(zip(parts, starts, strict=True)):
        if part.block is not None:
            span = range(0) if start is None else range(start, start + 1)
        else:  # a box that was skipped: all up to the next text that is known
            after = next((n for n in starts[i + 1 :] if n is not None), len(texts))
            span = range(stop if start is None else start, after)
        stop = span.stop if span else stop
        spans.append(span)
    return spans


def _says(texts: Sequence[str], at: int, text: str) -> bool:
    return at < len(texts) and texts[at][:EXCERPT] == text[:EXCERPT]


def _fate(number: int, part: _Part | None, text: str, element: int | None) -> TextFate:
    if part is None:
        return TextFate(number, None, text, "", UNREAD, "", {}, None, "", element)
    block = part.block
    return TextFate(
        number=number,
        position=part.position,
        text=text,
        kind=block.kind if block else "",
        fate=part.fate,
        reason=part.reason,
        evidence=part.evidence,
        score=part.score,
        dom_path=block.dom_path if block else "",
        element=element,
    )
