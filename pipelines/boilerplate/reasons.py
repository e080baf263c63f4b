"""Why a block is no article text: one word for each, from its names, its words and its place."""

from typing import Final

from pipelines.boilerplate import vocabulary
from pipelines.extraction.selectors import KEEP, REMOVE

# The contract's reasons, in the order in which they are believed.
_BY_MASK: Final = (
    (vocabulary.COOKIE, "cookie"),
    (vocabulary.COMMENT | vocabulary.CALL, "comment"),
    (vocabulary.ADVERT, "advert"),
    (vocabulary.CAPTION, "caption"),
    (vocabulary.PROMO | vocabulary.SHARE, "promo"),
    (vocabulary.RELATED, "related"),
    (vocabulary.NAVIGATION, "navigation"),
)
_LINKED: Final = 0.8  # share of characters in links above which a block is a teaser


def hint_of(
    near: int, says: int, kind: str, tags: frozenset[str], same_as_title: bool, linked: float
) -> str:
    """The reason that the page alone would give for removing a block.

    `near` and `says` are masks of `hints`: of the names around the block, and of its words.
    """
    if same_as_title:
        return "headline"
    if kind == "caption":
        return "caption"
    if "nav" in tags:
        return "navigation"
    for mask in (says & ~vocabulary.CAPTION, near, says):
        for bits, reason in _BY_MASK:
            if mask & bits:
                return reason
    if linked > _LINKED:
        return "navigation" if tags & {"header", "footer"} else "related"
    return "other"


def is_rule(hint: str) -> bool:
    """Whether a site's own rules speak, which nothing learned overrules."""
    return hint in {KEEP, REMOVE}
