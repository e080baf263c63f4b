"""Tables of data between two texts of an article: they are part of it, and fall with neither."""

from collections.abc import Sequence
from typing import Final

from pipelines.extraction import vocabulary
from pipelines.extraction.blocks import Container, Outline

_GIVEN: Final = 0.2  # log-odds of a table that the texts around it keep
_LINKED: Final = 0.5  # share of characters in links of a table that is a menu
_OTHERS: Final = (
    vocabulary.RELATED | vocabulary.NAVIGATION | vocabulary.SHARE | vocabulary.PROMO
    | vocabulary.ADVERT | vocabulary.COMMENT | vocabulary.AUTHOR | vocabulary.META
)  # fmt: skip


def tables(page: Outline) -> list[bool]:
    """Which pieces are whole tables right between two texts that stand in the same container."""
    found = [False] * len(page.pieces)
    for at, piece in enumerate(page.pieces[1:-1], 1):
        container = page.containers[piece.container]
        if container.tag == "table" and "\n" in piece.text and not container.own & _OTHERS:
            neighbours = (page.pieces[at - 1].container, page.pieces[at + 1].container)
            beside = all(_beside(page.containers, one, container.parent) for one in neighbours)
            found[at] = beside and piece.linked <= _LINKED * len(piece.text)
    return found


def with_tables(page: Outline, scores: Sequence[float]) -> list[float]:
    """The scores, with those of tables between two kept texts above 0."""
    given = list(scores)
    for at, is_table in enumerate(tables(page)):
        if is_table and scores[at - 1] > 0 and scores[at + 1] > 0:
            given[at] = max(given[at], _GIVEN)
    return given


def _beside(containers: Sequence[Container], text: int, parent: int) -> bool:
    return text == parent or containers[text].parent == parent
