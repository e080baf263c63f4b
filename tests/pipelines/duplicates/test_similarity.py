"""What two texts are to each other."""

import random
import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.template_pairs import made_up
from pipelines.duplicates.similarity import Kind, Similarity, same_story
from pipelines.duplicates.sketch import tokens
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


@pytest.mark.parametrize("seed", range(3))
def test_items_of_one_template_and_day_differ_by_what_is_in_their_slots(seed: int) -> None:
    merged = [pair for pair in made_up(60, seed) if pair.found.same]
    assert not merged


def test_an_edited_item_of_a_template_is_still_itself() -> None:
    for pair in made_up(40, 1):
        text = pair.one.text
        figure = re.search(r"\d+", text)
        assert figure is not None
        corrected = f"{text[: figure.start()]}7{text[figure.end() :]}"
        assert similarity(text, corrected, 2).kind == Kind.NEAR
        if len(tokens(text)) >= 120:
            framed = f"Nord, today.\n\n{text}\n\nRead more on our site."
            assert similarity(text, framed, 2).kind == Kind.NEAR


def test_another_number_alone_is_a_correction_on_one_day_only() -> None:
    one = "The council of the town met on Friday and talked for long about the new bridge. It is "
    one += "to cost {} million and nobody knows who pays for it, said the mayor after the meeting."
    three, four = one.format(3), one.format(4)
    assert similarity(three, four, 23).kind == Kind.NEAR
    assert similarity(three, four, 24).reason == "other numbers"
    assert similarity(three, four, None).reason == "other numbers"


def test_many_other_words_under_one_title_are_an_edit() -> None:
    words = COPY.split()[:100]
    other = [f"x{word}yz" if n % 15 == 7 else word for n, word in enumerate(words)]
    one, two = " ".join(words), " ".join(other)
    replaced = " ".join(
        "wholly" + "abcdefgh"[n // 15] if n % 15 == 7 else w for n, w in enumerate(words)
    )
    title = "Harbour of the north frozen since Monday"
    assert similarity(one, two).kind == Kind.NEAR  # other spellings
    assert similarity(one, replaced, 1, (title, "Another headline for it")).kind == Kind.DIFFERENT
    assert similarity(one, replaced, 1, (title, title)).kind == Kind.NEAR


@pytest.mark.parametrize("size", [0.8, 1.0, 1.25])
def test_a_page_of_two_stories_never_joins_both(size: float) -> None:
    one, other = wire_copy(1, 200), wire_copy(2, round(200 * size))
    for page in (f"{one}\n\n{other}", f"{other}\n\n{one}"):
        found = [similarity(one, page), similarity(other, page)]
        assert not all(pair.same for pair in found)
        assert all(pair.similar for pair in found)


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
