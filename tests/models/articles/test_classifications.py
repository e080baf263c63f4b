"""What became of a page's blocks: one row a run of neighbours with one fate."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.articles import classifications
from models.articles.classifications import REASONS, fates, summary
from models.blocks import BlockClassification, RemovedRun
from models.db.database import Database
from models.items import Extraction
from tests.factories import (
    NOW,
    known_site,
    known_url,
    make_article,
    make_block,
    make_block_classification,
    make_blocks,
    make_classification,
    make_extraction,
    store_article,
)

PAGE = make_extraction(blocks=make_blocks(["One", "Two", "Three", "", "Five"]))


def rows(*found: BlockClassification) -> list[tuple[Any, ...]]:
    return [tuple(row.values()) for row in summary(PAGE, found)]


def test_neighbours_with_one_fate_are_one_row_with_the_first_one_s_evidence() -> None:
    first = make_block_classification(0, evidence={"pages": 9})
    assert rows(
        make_block_classification(1), first, make_block_classification(2, reason="advert")
    ) == [
        (0, "removed", "One", "repeated", {"pages": 9, "blocks": 2}),
        (2, "removed", "Three", "advert", {"blocks": 1}),
    ]


def test_what_was_kept_all_along_or_is_empty_is_no_news() -> None:
    kept = make_block_classification(0, keep=True, changed=False)
    restored = make_block_classification(1, keep=True, reason="other")
    assert rows(kept, restored, make_block_classification(3)) == [
        (1, "restored", "Two", "other", {"blocks": 1})
    ]


def test_runs_that_nothing_can_keep_join_their_neighbours_of_the_same_reason() -> None:
    menu = RemovedRun(0, 4, "navigation", -6.0, "Home")
    behind = RemovedRun(6, 3, "related", -6.0, "More")
    blocks = tuple(make_block(text, position=n) for n, text in ((4, "Log in"), (5, "News")))
    page = make_extraction(blocks=blocks, removed=(menu, behind))
    found = [
        make_block_classification(4, reason="navigation"),
        make_block_classification(5, keep=True, changed=False),
    ]
    assert [tuple(row.values()) for row in summary(page, found)] == [
        (0, "removed", "Home", "navigation", {"score": -6.0, "blocks": 5}),
        (6, "removed", "More", "related", {"score": -6.0, "blocks": 3}),
    ]


@st.composite
def decided(draw: st.DrawFn) -> tuple[Extraction, list[bool], list[str]]:
    """A page of which some blocks are runs, some have no text, and neighbours often fare alike."""
    fate = st.tuples(st.booleans(), st.booleans(), st.sampled_from(("", *REASONS[:2])))
    found = draw(st.lists(st.tuples(fate, st.booleans(), st.booleans()), max_size=12))
    blocks = [
        (make_block("Text" if said else "", position=n, kept=kept), keep, reason)
        for n, ((keep, kept, reason), said, run) in enumerate(found)
        if not run
    ]
    runs = [RemovedRun(n, 2, one[0][2], -6.0, "Home") for n, one in enumerate(found) if one[2]]
    page = make_extraction(blocks=tuple(block for block, *_ in blocks), removed=tuple(runs))
    return page, [keep for _, keep, _ in blocks], [reason for *_, reason in blocks]


@given(decided())
def test_fates_are_those_of_the_rows(of: tuple[Extraction, list[bool], list[str]]) -> None:
    page, keeps, reasons = of
    classified = [
        BlockClassification(block.position, keep, keep != block.kept, reason)
        for block, keep, reason in zip(page.blocks, keeps, reasons, strict=True)
    ]
    rows = [(row["position"], row["action"], row["reason"]) for row in summary(page, classified)]
    assert fates(page, keeps, reasons) == rows


@pytest.mark.parametrize("renewed", [(), (make_block_classification(4),)])
def test_classifications_take_the_place_of_the_ones_before(
    sqlite: Database, renewed: tuple[BlockClassification, ...]
) -> None:
    with sqlite.transaction() as conn:
        site_id = known_site(conn)
        article = make_article(url_id=known_url(conn, site_id))
        article_id = store_article(conn, site_id, article, NOW).article_id
        first = make_classification(
            [make_block_classification(0), make_block_classification(2, keep=True)]
        )
        classifications.replace(conn, article_id, PAGE, first)
        assert classifications.load(conn, [article_id]) == {
            article_id: [(0, "removed", "repeated"), (2, "restored", "repeated")]
        }
        classifications.replace(conn, article_id, PAGE, make_classification(renewed))
        found = classifications.load(conn, [article_id]).get(article_id, [])
        assert found == [(4, "removed", "repeated") for _ in renewed]
        classifications.replace(conn, article_id, PAGE, None)
        assert classifications.load(conn, [article_id]) == {}
