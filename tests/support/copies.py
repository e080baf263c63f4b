"""Copies of a page that differ in how much of its text they have."""

from typing import Any

from models.items import Article, Signs
from tests.factories import (
    make_article,
    make_block_classification,
    make_blocks,
    make_classification,
    make_extraction,
)

CALL = "Subscribe to continue reading"


def text_of(words: int, start: int = 0) -> str:
    """So many words of its own, ten a paragraph."""
    lines = range(start, start + words, 10)
    return "\n\n".join(
        " ".join(f"w{n}" for n in range(at, min(at + 10, start + words))) for at in lines
    )


def copy(text: str, *behind: str, signs: Signs = Signs(), **parts: Any) -> Article:  # noqa: B008 - frozen
    """A copy with these blocks behind its text."""
    blocks = make_blocks([*text.split("\n\n"), *behind])
    kept = len(blocks) - len(behind)
    classified = [make_block_classification(n, keep=n < kept) for n in range(len(blocks))]
    extraction = make_extraction(blocks=blocks, signs=signs)
    return make_article(
        text, extraction=extraction, classification=make_classification(classified), **parts
    )
