"""The page-level features of a block that the classification by site reads again."""

from typing import Final, NamedTuple

from models.blocks import Block


class Carried(NamedTuple):
    """What a block carries besides its text, as shares from 0 to 1."""

    link_density: float = 0.0  # of its characters, in links
    strong: float = 0.0  # of its characters, in bold or italics
    area_form: float = 0.0  # 1 inside a form
    lead_same: float = 0.0  # similarity to the page's own description


NAMES: Final = Carried._fields  # as in features.NAMES, in the order of Block.features
_NONE: Final = Carried()


def carried(block: Block) -> Carried:
    """What the block carries; pages stored before the others were carried have `lead_same` alone.

    Nothing for blocks that were not scored.
    """
    features = block.features
    if len(features) == len(NAMES):
        return Carried(*features)
    return _NONE._replace(lead_same=features[-1]) if features else _NONE
