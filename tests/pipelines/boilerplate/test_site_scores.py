"""What a site's evidence adds: the terms, their signs and their limits."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.blocks import Block
from pipelines.boilerplate.evidence import Support
from pipelines.boilerplate.site_scores import additions, path_odds, repeats
from tests.factories import make_block

FAR = 0.0  # similarity of a text to the page's description
BODY = Support(path_pages=4, path_rate=0.97, path_most=600, site_pages=4)
EDGE = Support(path_pages=4, path_rate=0.02, path_most=600, site_pages=4)
HEAD = Support(path_pages=4, path_rate=0.0, path_most=30, site_pages=4)
LEAD = "The ferry will sail again from Monday after eleven months of repairs."


def block(text: str = "A text of the page.", **parts: Any) -> Block:
    return make_block(text, **{"features": (FAR,), "hint": "other", "kept": False} | parts)


def added(support: Support, **parts: Any) -> float:
    return additions([block(**parts)], [support])[0]


def test_a_page_without_a_site_is_left_as_it_is() -> None:
    assert added(Support()) == 0.0


def test_a_place_where_the_sites_articles_stand_speaks_for_a_block() -> None:
    assert added(BODY) > 1.5


def test_a_place_where_they_do_not_speaks_against_it_but_less() -> None:
    assert -added(BODY) < added(EDGE) < 0


def test_what_its_own_words_call_related_gains_nothing_from_its_place() -> None:
    assert added(BODY, hint="related") == 0.0


def test_a_subheading_loses_nothing_by_the_boxes_that_share_its_place() -> None:
    assert added(EDGE, kind="heading") == 0.0


def test_a_block_that_the_page_model_did_not_score_is_not_brought_back() -> None:
    assert added(BODY, features=()) == 0.0


@given(st.integers(1, 16), st.floats(0, 1))
def test_more_pages_that_agree_are_never_worth_less(pages: int, rate: float) -> None:
    less = path_odds(BODY._replace(path_pages=pages, path_rate=rate))
    more = path_odds(BODY._replace(path_pages=pages + 1, path_rate=rate))
    assert abs(more) >= abs(less)


@given(st.integers(1, 16), st.floats(0, 1), st.floats(0, 1))
def test_a_place_that_is_article_more_often_is_never_worth_less(
    pages: int, one: float, other: float
) -> None:
    low, high = (
        path_odds(BODY._replace(path_pages=pages, path_rate=rate)) for rate in sorted((one, other))
    )
    assert low <= high


@pytest.mark.parametrize("pages", [1, 2])
def test_a_text_that_other_pages_show_too_is_doubted(pages: int) -> None:
    shown = EDGE._replace(pages=pages, rate=pages / 4 + 0.1)
    assert added(shown) < added(EDGE) - 0.9


def test_a_quote_that_two_stories_share_is_not() -> None:
    assert added(BODY._replace(pages=1, rate=0.4)) == added(BODY)


def test_a_text_on_nearly_all_pages_goes_wherever_it_stands() -> None:
    everywhere = BODY._replace(pages=4, rate=1.0, site_rate=1.0)
    assert repeats(block(), everywhere)
    assert added(everywhere) < -4


@pytest.mark.parametrize("text", ["The trial continues.", "Суд продолжается.", "审判仍在继续。"])
def test_a_sentence_of_one_series_stays_though_its_place_always_has_it(text: str) -> None:
    series = BODY._replace(pages=4, rate=1.0, site_rate=0.1)
    assert not repeats(block(text, kept=True), series)
    assert repeats(block(text, kept=True), series._replace(site_rate=1.0))
    # where the page itself would drop it, the memory has no doubt to respect
    assert repeats(block(text), series)


@pytest.mark.parametrize("parts", [{"features": (0.5, 0, 0, FAR)}, {"hint": "promo"}])
def test_a_call_amid_the_body_goes_if_a_section_of_the_pages_shows_it(
    parts: dict[str, Any],
) -> None:
    replaced = BODY._replace(pages=4, rate=0.4, site_rate=0.4)
    assert repeats(block(kept=True, **parts), replaced)
    assert not repeats(block(kept=True), replaced)
    assert not repeats(block(kept=True, **parts), replaced._replace(rate=0.2))
    assert not repeats(block(kept=True, kind="heading", **parts), replaced)


def test_the_pages_own_labels_lose_nothing_by_those_that_share_them() -> None:
    shared = BODY._replace(pages=4, rate=1.0, site_rate=1.0)
    path = {"dom_path": "article>div.body>h3", "kind": "heading", "kept": True}
    label = make_block("Zutaten", hint="", features=(FAR,), **path)
    answer = make_block("Zwei Eier und Mehl.", dom_path="article>div.body>p", position=1)
    assert additions([label, answer], [shared, BODY])[0] > 0
    assert additions([label, answer], [shared, shared])[0] < -4


def test_a_pages_own_standfirst_stays_where_others_tease_it() -> None:
    teased = HEAD._replace(pages=4, rate=1.0)
    assert not repeats(block(features=(0.9,)), teased)


def body() -> Block:
    return make_block(" ".join(["word"] * 40), dom_path="div.story>p", features=(FAR,))


def with_lead(support: Support, *more: Block, **parts: Any) -> float:
    lead = block(LEAD, dom_path="header>p.dek", **parts)
    blocks = [lead, *more, body()]
    return additions(blocks, [support] * len(blocks))[0]


def test_one_sentence_before_the_body_in_a_place_of_its_own_on_all_pages_is_a_standfirst() -> None:
    assert with_lead(HEAD) > 1.0


@pytest.mark.parametrize(
    ("support", "parts"),
    [
        (HEAD._replace(path_pages=1, site_pages=1), {}),
        (HEAD._replace(path_pages=2, site_pages=16), {}),
        (HEAD._replace(path_most=400), {}),
        (HEAD._replace(pages=1, rate=0.25), {}),
        (HEAD, {"hint": "caption"}),
        (HEAD, {"hint": "headline"}),
        (HEAD, {"kind": "heading"}),
        (HEAD, {"kind": "caption"}),
    ],
    ids=["one other page", "few pages", "a long place", "seen elsewhere", *["no prose"] * 4],
)
def test_what_else_stands_before_the_body_is_not(support: Support, parts: dict[str, str]) -> None:
    assert with_lead(support, **parts) <= 0.0


def test_one_teaser_of_several_in_a_place_is_not() -> None:
    teaser = block("Another sentence of the same kind in the same place as the first.")
    assert (
        with_lead(HEAD, replace(teaser, dom_path_key=block(dom_path="header>p.dek").dom_path_key))
        <= 0
    )


def test_nor_is_what_stands_after_the_body_begins() -> None:
    after = block(LEAD, dom_path="footer>p.note")
    assert additions([body(), after], [BODY, HEAD])[1] <= 0.0
