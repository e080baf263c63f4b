"""What two texts are to each other."""

import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.duplicates.similarity import Kind, Similarity, same_story
from tests.support.stories import wire_copy

DAY = datetime(2026, 3, 1, tzinfo=UTC)
COPY = wire_copy(1, 400)
PARTS = COPY.split("\n\n")
RATES = (
    "The dollar stood at {} and the euro at {} when the exchange closed. The index lost {} points "
    "and ended at {}. Traders spoke of a quiet day without news from abroad. Gold cost {} an ounce."
)


def similarity(one: str, other: str, hours: float | None = 0.0, titles: tuple[str, str] = ("", "")):
    later = None if hours is None else DAY + timedelta(hours=hours)
    found = same_story(titles[0], one, DAY, titles[1], other, later)
    assert found == same_story(titles[1], other, later, titles[0], one, DAY)
    return found


def test_equal_words_are_exact_whatever_the_date() -> None:
    assert similarity(COPY, COPY.upper().replace(".", "!"), 24 * 400).kind == Kind.EXACT


def test_a_lost_paragraph_and_an_added_box_are_near() -> None:
    edited = "Advertisement: boats for sale.\n\n" + "\n\n".join(PARTS[:6] + PARTS[7:])
    found = similarity(COPY, edited)
    assert (found.kind, found.reason) == (Kind.NEAR, "near-duplicate")


def test_two_stories_are_different() -> None:
    assert similarity(COPY, wire_copy(2, 400)) == Similarity(
        Kind.DIFFERENT, 0, 0, "too little shared"
    )


def test_a_fifth_of_a_story_is_an_excerpt() -> None:
    assert similarity(COPY, "\n\n".join(PARTS[:2])).kind == Kind.EXCERPT


def test_half_of_a_story_is_a_shortened_copy() -> None:
    shortened = similarity(
        "\n\n".join(PARTS[:4]) + " Read more on our site today.", wire_copy(1, 370)
    )
    assert (shortened.kind, shortened.reason) == (Kind.NEAR, "shortened copy")


def test_a_statement_quoted_late_in_a_longer_text_is_no_copy_of_it() -> None:
    statement = wire_copy(5, 160)
    report = wire_copy(6, 150) + "\n\n" + statement + "\n\n" + wire_copy(7, 60)
    assert similarity(statement, report).kind == Kind.EXCERPT


def test_two_reports_that_share_a_statement_are_different() -> None:
    statement = wire_copy(5, 120)
    one, other = wire_copy(6, 200) + statement, wire_copy(7, 220) + statement
    assert similarity(one, other).kind == Kind.DIFFERENT


def test_items_of_one_template_differ_by_their_numbers() -> None:
    one, other = RATES.format(101, 202, 31, 4001, 1900), RATES.format(103, 205, 17, 3984, 1902)
    assert similarity(one, other).kind == Kind.DIFFERENT


def test_items_of_one_template_differ_by_their_dates() -> None:
    one = wire_copy(1, 150)
    other = one.replace(one.split()[70], "elsewhere")
    assert similarity(one, other, 24).kind == Kind.NEAR
    assert similarity(one, other, 48).reason == "published days apart"
    assert similarity(one, other, None).kind == Kind.NEAR


def test_a_long_text_is_one_story_however_late_it_is_printed_again() -> None:
    assert similarity(COPY, "\n\n".join(PARTS[1:]), 24 * 90).kind == Kind.NEAR


def test_a_short_text_is_equal_or_different() -> None:
    assert (
        similarity("one two three four five six", "one two three four five seven").kind
        == "different"
    )


def test_one_title_in_two_days_needs_less_shared_text() -> None:
    chance = random.Random(1)
    words = [
        w if n % 15 else "".join(chance.choices("xyz", k=7)) for n, w in enumerate(COPY.split())
    ]
    rewritten = " ".join(words[:260])
    title = "Harbour of the north frozen since Monday"
    found = similarity(COPY, rewritten, 2, (title, f"{title} | The Paper"))
    assert found.reason == "same title, rewritten in part"
    assert similarity(COPY, rewritten, 49, (title, title)).kind == Kind.DIFFERENT
    assert similarity(COPY, rewritten, 2, (title, "Other words for it all")).kind == Kind.DIFFERENT


@pytest.mark.parametrize(
    "language", ["北京今天下雪道路结冰请市民注意安全", "กรุงเทพมหานครวันนี้มีฝนตกหนัก"]
)
def test_scripts_without_spaces_are_compared_by_character(language: str) -> None:
    chance = random.Random(9)
    text = "".join(chance.choices(language, k=500))
    assert similarity(text, text[:400] + "。", None).kind == Kind.NEAR


@given(st.text(max_size=200), st.text(max_size=200))
def test_the_order_of_two_texts_does_not_matter(one: str, other: str) -> None:
    found = similarity(one, other)
    assert 0 <= found.jaccard <= found.containment <= 1


@given(st.text(max_size=200))
def test_a_text_with_words_equals_itself(text: str) -> None:
    assert similarity(text, text).kind in (Kind.EXACT, Kind.DIFFERENT)
    assert similarity(text + " word", text + " word").kind == Kind.EXACT
