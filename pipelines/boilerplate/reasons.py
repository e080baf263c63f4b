"""Why a block is no article text: one word, by its names, its own words and its DOM path."""

from functools import reduce
from operator import or_
from typing import Final

from pipelines.extraction import vocabulary

# The contract's reasons, in the order in which they are believed.
_BY_MASK: Final = (
    (vocabulary.COOKIE, "cookie"),
    (vocabulary.COMMENT | vocabulary.CALL | vocabulary.ROW, "comment"),
    (vocabulary.ADVERT, "advert"),
    (vocabulary.CAPTION | vocabulary.COUNTER | vocabulary.LINE, "caption"),
    (vocabulary.PROMO | vocabulary.SHARE | vocabulary.ASKS, "promo"),
    (vocabulary.RELATED | vocabulary.STORY, "related"),
    (vocabulary.NAVIGATION, "navigation"),
)
_ANY: Final = reduce(or_, [bits for bits, _ in _BY_MASK])
_LINKED: Final = 0.8  # share of characters in links above which a block is a teaser


def hint_of(
    near: int, word_hints: int, kind: str, tags: frozenset[str], same_as_title: bool, linked: float
) -> str:
    """The reason that the page alone would give for removing a block.

    `near` and `word_hints` are masks of `vocabulary`: of the names around it, of its own words.
    """
    if same_as_title:
        return "headline"
    if kind == "caption":
        return "caption"
    if "nav" in tags:
        return "navigation"
    for mask in (word_hints & ~vocabulary.CAPTION, near, word_hints):
        if not mask & _ANY:
            continue
        for bits, reason in _BY_MASK:
            if mask & bits:
                return reason
    if linked > _LINKED:
        return "navigation" if tags & {"header", "footer"} else "related"
    return "other"
