"""The text of an article: the blocks of its page that are kept. Pure."""

from collections.abc import Sequence

from models.blocks import Classification
from models.items import Extraction


def text_of(extraction: Extraction, classification: Classification) -> str:
    """The article's text: the kept blocks, separated by one blank line."""
    return kept_text(extraction, [classified.keep for classified in classification.blocks])


def kept_text(extraction: Extraction, keeps: Sequence[bool]) -> str:
    """As `text_of`; `keeps` has one flag per block, in order: whether it is kept."""
    kept = [block.text for block, keep in zip(extraction.blocks, keeps, strict=True) if keep]
    return "\n\n".join(kept)


def text_alone(extraction: Extraction) -> str:
    """The text by the page alone, whatever its site's memory knows by now."""
    return kept_text(extraction, [block.kept for block in extraction.blocks])
