"""Why a block is no article text: one word for each."""

import pytest

from pipelines.boilerplate.reasons import hint_of
from pipelines.extraction import vocabulary as v

NONE = frozenset[str]()


@pytest.mark.parametrize(
    ("near", "says", "reason"),
    [
        (0, v.COMMENT, "comment"),
        (0, v.CALL, "comment"),
        (v.COMMENT, v.ADVERT, "advert"),  # words are believed before names
        (v.COMMENT, v.CAPTION, "comment"),  # but a credit is said by prose too
        (0, v.CAPTION, "caption"),
        (v.PROMO | v.COOKIE, 0, "cookie"),
        (v.SHARE, 0, "promo"),
        (v.NAVIGATION | v.RELATED, 0, "related"),
        (v.NAVIGATION, 0, "navigation"),
        (v.BODY, v.META, "other"),
        (0, 0, "other"),
    ],
)
def test_words_and_names_give_the_reason(near: int, says: int, reason: str) -> None:
    assert hint_of(near, says, "paragraph", NONE, False, 0.0) == reason


def test_what_a_block_is_goes_before_what_it_says() -> None:
    assert hint_of(v.COMMENT, 0, "caption", frozenset({"nav"}), True, 1.0) == "headline"
    assert hint_of(v.COMMENT, 0, "caption", frozenset({"nav"}), False, 1.0) == "caption"
    assert hint_of(v.COMMENT, 0, "list", frozenset({"nav"}), False, 1.0) == "navigation"


@pytest.mark.parametrize(
    ("tags", "linked", "reason"),
    [
        (NONE, 0.8, "other"),
        (NONE, 0.81, "related"),
        ({"footer"}, 0.81, "navigation"),
        ({"header"}, 0.81, "navigation"),
        ({"header"}, 0.8, "other"),
    ],
)
def test_a_block_of_links_is_a_teaser_or_a_menu(tags: set[str], linked: float, reason: str) -> None:
    assert hint_of(0, 0, "list", frozenset(tags), False, linked) == reason


def test_structure_gives_reasons() -> None:
    for bit, reason in (
        (v.STORY, "related"),
        (v.ROW, "comment"),
        (v.LINE, "caption"),
        (v.DIALOG, "other"),
    ):
        assert hint_of(0, bit, "paragraph", frozenset(), False, 0.0) == reason
