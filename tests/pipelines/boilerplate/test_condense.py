"""A page keeps the blocks that something can keep; of the others, runs with their reasons."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.blocks import Block, RemovedRun
from models.evidence import SAMPLE
from pipelines.boilerplate.condense import EXCERPT, condensed, may_be_kept
from pipelines.boilerplate.evidence import Support
from pipelines.boilerplate.site_scores import MOST_ADDED, additions
from pipelines.extraction.selectors import KEEP, REMOVE
from tests.factories import make_block, make_extraction

FAR = {"kept": False, "score": -6.0, "hint": "navigation"}
NEAR = {"features": (0.1,), "score": 2.0}
LOW = {"features": (0.1,), "kept": False, "score": -MOST_ADDED, "hint": "related"}

rates = st.floats(0, 1)
pages = st.integers(0, SAMPLE)
supports = st.builds(
    Support, pages, pages, rates, pages, rates, st.integers(0, 200), pages, st.just(())
)


def page(*parts: dict[str, Any]) -> tuple[Block, ...]:
    return tuple(make_block(f"Text {n}.", position=n, **part) for n, part in enumerate(parts))


def test_neighbours_of_one_reason_become_a_run() -> None:
    advert = {**FAR, "hint": "advert"}
    found = condensed(make_extraction(blocks=page(FAR, FAR, advert, NEAR, LOW, FAR, FAR)))
    assert [block.position for block in found.blocks] == [3]
    assert found.removed == (
        RemovedRun(0, 2, "navigation", -6.0, "Text 0."),
        RemovedRun(2, 1, "advert", -6.0, "Text 2."),
        RemovedRun(4, 1, "related", -MOST_ADDED, "Text 4."),
        RemovedRun(5, 2, "navigation", -6.0, "Text 5."),
    )


def test_a_run_shows_the_beginning_of_its_first_text() -> None:
    [run] = condensed(make_extraction(blocks=(make_block("x" * 500, **FAR),))).removed
    assert run.text == "x" * EXCERPT


@pytest.mark.parametrize(
    "stays",
    [
        {**LOW, "score": -MOST_ADDED + 0.01},  # a site may know better
        {**FAR, "hint": KEEP},  # its rule does
        {**FAR, "hint": "other"},  # the site's memory gives the reason
        {**FAR, "hint": ""},
    ],
)
def test_what_something_reads_again_stays_a_block(stays: dict[str, Any]) -> None:
    found = condensed(make_extraction(blocks=page(FAR, stays, FAR)))
    assert [block.position for block in found.blocks] == [1]
    assert [run.position for run in found.removed] == [0, 2]


def test_a_call_to_subscribe_behind_the_text_stays_and_before_it_does_not() -> None:
    call = "Subscribe to continue reading."
    blocks = (
        make_block(call, position=0, **FAR),
        make_block(position=1, **NEAR),
        make_block(call, position=2, **FAR),
    )
    found = condensed(make_extraction(blocks=blocks))
    assert [block.position for block in found.blocks] == [1, 2]


def test_what_a_rule_removes_is_removed_by_that_rule() -> None:
    [run] = condensed(make_extraction(blocks=page({**FAR, "hint": REMOVE}))).removed
    assert run.reason == "rule"


def test_what_is_condensed_stays_so() -> None:
    once = condensed(make_extraction(blocks=page(FAR, NEAR, LOW, NEAR, FAR)))
    assert condensed(once) == once


@given(supports, st.booleans(), st.sampled_from(["paragraph", "heading", "other"]))
def test_no_evidence_keeps_what_may_not_be_kept(found: Support, scored: bool, kind: str) -> None:
    text = "A sentence of some twelve words which could well be the standfirst."
    block = make_block(
        text, kind=kind, hint="", kept=False, features=(0.1,) * scored,
        score=-MOST_ADDED if scored else -6.0,
    )  # fmt: skip
    assert not may_be_kept(block)
    [added] = additions([block], [found])
    assert block.score + added <= 0
