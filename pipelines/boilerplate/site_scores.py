"""What a site's evidence adds to a block's own log-odds: a few readable terms.

The weights are round numbers off a plateau: half or twice of each moves the figures on publishers
left out by less than a thousandth (`benchmarks/fit_page_model.py`). Boosted trees on the same
evidence learned the publishers that they were fitted on, and gained nothing on others.
"""

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from models.blocks import Block
from models.text import count_words
from pipelines.boilerplate.carried import carried
from pipelines.boilerplate.evidence import Support
from pipelines.boilerplate.recurring import PLAIN, own_texts, unspoken

_FOR: Final = 1.0  # weight of a DOM path that holds article text
_AGAINST: Final = 0.5  # of one that does not: there a page's own score knows better
_SUREST: Final = 0.05  # a path's rate is never taken as nearer to 0 or 1
_REPEATED: Final = 2.0  # log-odds against a text that other pages show
_OVERWHELMING: Final = 12.0  # log-odds: more than any page's own score and DOM path
_ENOUGH: Final = 3  # independent pages: no coincidence
_NEARLY_ALL: Final = 0.75  # of the pages with a path that holds article text
_MANY: Final = 0.3  # of the pages with another path, or if a link or words speak against a text
_BODY_RATE: Final = 0.8  # share of its words kept that makes a path one of article text
_OWN_LEAD: Final = 0.5  # similarity to the page's own description
_STANDFIRST: Final = 1.2  # log-odds for one
_STANDS_ON: Final = 0.6  # share of the site's pages that have its path
_STANDFIRST_KINDS: Final = frozenset({"paragraph", "other", "quote", "list"})
_STANDFIRST_WORDS: Final = range(8, 81)
_BODY_WORDS: Final = 12  # of the kept piece that begins the body
# No evidence adds more to a block: a path that is all text, and a standfirst.
MOST_ADDED: Final = _FOR * math.log((1 - _SUREST) / _SUREST) + _STANDFIRST


def additions(blocks: Sequence[Block], found: Sequence[Support]) -> list[float]:
    """For each block the log-odds that its site's evidence adds to its own; 0 without any."""
    leads = set(_standfirsts(blocks, found))
    against = list(map(_repetition, blocks, found))
    own = own_texts(blocks, [odds < 0 for odds in against])
    return [
        _addition(block, support, i in leads, 0.0 if i in own else odds)
        for i, (block, support, odds) in enumerate(zip(blocks, found, against, strict=True))
    ]


def _addition(block: Block, support: Support, standfirst: bool, against: float) -> float:
    if not block.features:  # far from any text: not scored
        return against
    usual = path_odds(support)
    if standfirst:
        return against + max(0.0, usual) * _FOR + _STANDFIRST
    if usual > 0:
        return against + usual * _FOR * (block.hint in PLAIN)
    # Templates have one path for subheadings and for the headings of boxes in the text.
    return against + usual * _AGAINST * (block.kind != "heading")


def path_odds(support: Support) -> float:
    """The log-odds that a block's DOM path holds article text, by independent pages."""
    if not support.path_pages:
        return 0.0
    rate = min(max(support.path_rate, _SUREST), 1 - _SUREST)
    return trust(support.path_pages) * math.log(rate / (1 - rate))


def trust(pages: int) -> float:
    """How much evidence counts: half from one other page, nearly whole from a full sample."""
    return pages / (pages + 1)


def _repetition(block: Block, support: Support) -> float:
    if repeats(block, support):
        return -_OVERWHELMING
    pages, rate = _shown(support)
    doubtful = support.path_rate < _BODY_RATE and rate >= _MANY
    return -_REPEATED * trust(pages) if doubtful and not _own_lead(block) else 0.0


def repeats(block: Block, support: Support) -> bool:
    """Whether so many pages show a text that it is boilerplate, if it is not the page's own label.

    Under a path of article text, and of headings, nearly all pages must show it: stories share
    quotes, background and rubrics. If nothing else speaks against a text there, they must be
    nearly all pages of the site: those of a series end and begin alike. If a link or its words do,
    three in ten are enough: a call of one section goes too, and one that the site replaces. A
    page's own standfirst is a teaser on others, and stays.
    """
    pages, rate = _shown(support)
    if pages < _ENOUGH or _own_lead(block):
        return False
    if not support.path_pages:  # a template that is new: what all pages had, these have
        return support.site_rate >= _NEARLY_ALL
    if support.path_rate < _BODY_RATE and block.kind != "heading":
        return rate >= _MANY
    if not block.kept or unspoken(block):
        return rate >= _NEARLY_ALL and (not block.kept or support.site_rate >= _NEARLY_ALL)
    return rate >= (_NEARLY_ALL if block.kind == "heading" else _MANY)


def _shown(support: Support) -> tuple[int, float]:
    """How many pages show a text, to the letter or nearly so, and their share."""
    return max((support.pages, support.rate), (support.loose_pages, support.loose_rate))


def _own_lead(block: Block) -> bool:
    return carried(block).lead_same > _OWN_LEAD


def _standfirsts(blocks: Sequence[Block], found: Sequence[Support]) -> Iterator[int]:
    """Blocks before the body of a sentence or two, alone under a path that all pages have.

    By itself a page takes most of them for a teaser or a caption.
    """
    held = Counter([block.dom_path_key for block in blocks])
    for i, (block, support) in enumerate(zip(blocks, found, strict=True)):
        # words are counted last, since that takes longest
        paragraph = block.kept and block.kind == "paragraph"
        if paragraph and count_words(block.text) >= _BODY_WORDS:
            return
        alone = held[block.dom_path_key] == 1 and _sentence_of_its_own(block, support)
        if alone and count_words(block.text) in _STANDFIRST_WORDS:
            yield i


def _sentence_of_its_own(block: Block, support: Support) -> bool:
    everywhere = support.path_pages >= max(2.0, _STANDS_ON * support.site_pages)
    short = support.path_most < _STANDFIRST_WORDS.stop
    plain = block.kind in _STANDFIRST_KINDS and block.hint not in {"caption", "headline"}
    return everywhere and short and plain and not support.pages and not support.loose_pages
