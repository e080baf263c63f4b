"""The text of an article: the blocks of its page that are kept."""

import pytest

from pipelines.kept_text import kept_text, text_alone, text_of
from tests.factories import (
    make_block_classification,
    make_blocks,
    make_classification,
    make_extraction,
)

PAGE = make_extraction(blocks=make_blocks(["Das Eis", "Подпишитесь", "港は開いている"]))


def test_kept_blocks_are_parted_by_a_blank_line() -> None:
    kept = [make_block_classification(n, keep=n != 1) for n in range(3)]
    text = "Das Eis\n\n港は開いている"
    assert text_of(PAGE, make_classification(kept)) == text
    assert kept_text(PAGE, [True, False, True]) == text
    assert kept_text(PAGE, [False] * 3) == ""


def test_alone_the_page_keeps_what_its_own_blocks_say() -> None:
    kept = [block.text for block in PAGE.blocks if block.kept]
    assert text_alone(PAGE) == "\n\n".join(kept)


def test_each_block_needs_its_decision() -> None:
    with pytest.raises(ValueError, match="zip"):
        kept_text(PAGE, [True])
