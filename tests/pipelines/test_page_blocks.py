"""Pieces measured and scored: what is known needs no features, and a rule has the last word."""

import pytest

from models.sites.config import ExtractionRules
from pipelines.extraction import selectors
from pipelines.extraction.tree import parse
from pipelines.page_blocks import MeasuredPage, blocks_of, scored
from pipelines.page_reader import measured
from tests.factories import make_metadata
from tests.support.template_site import BY, LANGUAGES, Look, MadePage, story


def measure(page: MadePage) -> MeasuredPage:
    return measured(parse(page.html, "utf-8"), url=page.url)


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_piece_is_a_block_in_its_order(language: str) -> None:
    page = measure(story(1, language))
    found = scored(page, make_metadata(authors=(BY,)))
    blocks = blocks_of(page, found, ruled=False)
    assert [block.position for block in blocks] == list(range(len(page.outline.pieces)))
    assert [block.text for block in blocks] == [piece.text for piece in page.outline.pieces]
    assert [block.text for block in blocks if block.kept] == list(story(1, language).paragraphs)
    assert [block.kept for block in blocks] == [block.score > 0 for block in blocks]


def test_what_is_known_is_scored_without_features() -> None:
    page = measure(story(1))
    kept = [score > 0 for score in scored(page).scores]
    known = page._replace(rows=[None] * len(kept), known=[4.0 if keep else -4.0 for keep in kept])
    found = scored(known)
    assert [score > 0 for score in found.scores] == kept
    blocks = blocks_of(known, found, ruled=False)
    assert all(block.features for block in blocks)
    measured_ones = [block for block in blocks_of(page, scored(page), ruled=False) if block.kept]
    kept_ones = [block for block in blocks if block.kept]
    assert [one.features for one in kept_ones] == [one.features for one in measured_ones]


def test_what_is_neither_known_nor_measured_is_far_from_any_text() -> None:
    page = measure(story(1))
    bare = page._replace(rows=[None] * len(page.rows), known=[None] * len(page.rows))
    blocks = blocks_of(bare, scored(bare), ruled=False)
    assert not any(block.kept or block.features for block in blocks)


def test_a_rule_says_why_a_block_goes() -> None:
    tree = parse(story(1, look=Look(lead="<div class=call>Read our letter.</div>")).html, "utf-8")
    assert not selectors.mark(tree, ExtractionRules(remove=("div.call",)))
    page = measured(tree)
    blocks = blocks_of(page, scored(page), ruled=False)
    assert [block.hint for block in blocks if block.text == "Read our letter."] == [
        selectors.REMOVE
    ]
    assert {block.hint for block in blocks_of(page, scored(page), ruled=True)} == {selectors.REMOVE}
