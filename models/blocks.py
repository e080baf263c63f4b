"""A page's blocks, and the classification of each as article text or boilerplate."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from operator import attrgetter
from typing import Any, Final, NamedTuple

REASONS: Final = (  # for which a block is removed
    "repeated", "comment", "related", "advert", "promo", "cookie", "navigation", "caption",
    "headline", "rule", "other",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Block:
    """One piece of text of a page, in document order, with its DOM path.

    `kept` is the classification by this page alone, without the site's memory. The memory learns
    from it, never from its own results, so the order of pages does not matter.
    """

    position: int
    text: str  # NFC, spaces folded; lines of verse and of code, and rows of a table, are lines
    kind: str  # paragraph | heading | list | quote | caption | table | code | other
    dom_path: str  # path of tags and stable classes, e.g. 'article.story>div.body>p'
    key: int  # 63-bit hash of the normalised text (digits, case, dates folded)
    loose_key: int  # the same with names folded too; 0 where too little would be left
    dom_path_key: int  # 63-bit hash of `dom_path`
    kept: bool  # the classification by this page alone
    score: float  # the page-level log-odds of being article text
    features: tuple[float, ...] = ()  # input of the site-level classification besides evidence
    hint: str = ""  # the page's own reason for removal: comment, related, advert, ...

    def __reduce__(self) -> tuple[Any, ...]:
        """Half the time of what a frozen class does by itself: hundreds a second cross a pipe."""
        return Block, _values(self)


_values: Final = attrgetter(*(one.name for one in fields(Block)))


class RemovedRun(NamedTuple):
    """Neighbouring blocks that no classification can keep: menus, and what is far from any text.

    They are not remembered, looked up or stored one by one; `position` is the first one's.
    """

    position: int
    blocks: int  # how many
    reason: str  # as of BlockClassification
    score: float  # of the first, as of Block
    text: str  # of the first, its first 200 characters


@dataclass(frozen=True, slots=True)
class BlockClassification:
    """Whether one block is kept, and why."""

    position: int
    keep: bool
    changed: bool  # differs from the classification by the page alone
    reason: str  # one of REASONS
    evidence: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Classification:
    """The classification of all blocks of one page, and its certainty."""

    blocks: tuple[BlockClassification, ...]  # one for each block, in order
    certainty: float  # 0..1, from agreement and evidence
    refused: str | None = None  # why the memory's classification was not applied
