"""Classes of texts: under one DOM path a paragraph and a link to another story are told apart."""

from collections.abc import Sequence
from typing import Final

from pipelines.extraction.blocks import Piece
from pipelines.extraction.spans import ends_sentence

# words, up to which a text is a label, a line, a sentence, two, a paragraph
_LENGTHS: Final = (3, 7, 14, 30, 60)
_LINKED: Final = (0.2, 0.8)  # shares of characters in links: none to speak of, some, a link
_STRONG: Final = 0.8  # share of characters in bold or italics, of a text that is all so
SAYS: Final = 1  # the bit of texts whose own words hint at something


def text_class(piece: Piece, hints: int) -> int:
    """A number for texts of like length, links, type and end; `hints`: mask of its own words."""
    text = piece.text
    length = _rank(len(piece.tokens), _LENGTHS)
    linked = _rank(piece.linked / len(text), _LINKED)
    strong = piece.strong > _STRONG * len(text)
    return ((length * 3 + linked) * 8) + 4 * strong + 2 * ends_sentence(piece) + (hints > 0) * SAYS


def length_of(of: int) -> int:
    """The rank of a class by the length of its texts."""
    return of // (3 * 8)


def _rank(value: float, bounds: Sequence[float]) -> int:
    """How many of the bounds a value is above."""
    return sum(value > bound for bound in bounds)
