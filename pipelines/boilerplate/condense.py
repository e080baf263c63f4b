"""A page without the blocks that no classification can keep: of those, runs remain.

Seven blocks in ten of a news page are menus, or far from any text: whatever the site teaches, it
adds less than they lack. The page's own reason for their removal is the last word on them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Final

from models.blocks import Block, RemovedRun
from models.items import Extraction
from pipelines.boilerplate.interstitials import asks_to_subscribe
from pipelines.boilerplate.recurring import PLAIN
from pipelines.boilerplate.site_scores import MOST_ADDED
from pipelines.extraction.selectors import KEEP, REMOVE

EXCERPT: Final = 200  # characters of a run's first text, as readers see it


def condensed(extraction: Extraction) -> Extraction:
    """The same page, with `removed` runs in the place of blocks that nothing can keep.

    What was condensed already stays as it is.
    """
    open_: list[Block] = []
    runs, paywall_after = list(extraction.removed), _first_kept(extraction.blocks)
    for final, blocks in groupby(extraction.blocks, lambda b: _is_final(b, paywall_after)):
        if final:
            runs += _runs(list(blocks))
        else:
            open_ += blocks
    return replace(extraction, blocks=tuple(open_), removed=tuple(sorted(runs)))


def may_be_kept(block: Block) -> bool:
    """Whether what a site teaches, or one of its rules, can make a block article text."""
    if block.hint == KEEP:
        return True
    return bool(block.features) and block.score + MOST_ADDED > 0


def _is_final(block: Block, paywall_after: int) -> bool:
    """Whether nothing reads the block again.

    Without a hint of its own the site's memory gives the reason for its removal, and a call to
    subscribe behind the text tells that the text was cut.
    """
    if may_be_kept(block) or block.hint in PLAIN:
        return False
    return block.position < paywall_after or not asks_to_subscribe([block.text])


def _first_kept(blocks: Sequence[Block]) -> int:
    return next((block.position for block in blocks if block.kept), 0)


def _runs(blocks: Sequence[Block]) -> Iterator[RemovedRun]:
    """One for each run of a reason."""
    for reason, run in groupby(blocks, reason_of):
        first, *others = run
        yield RemovedRun(first.position, 1 + len(others), reason, first.score, first.text[:EXCERPT])


def reason_of(block: Block) -> str:
    """The page's own reason for removing a block, as of BlockClassification; '': it gives none."""
    return "rule" if block.hint == REMOVE else block.hint
