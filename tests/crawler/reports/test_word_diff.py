"""Word differences: what they are in examples, and what is true of all."""

from itertools import pairwise
from time import perf_counter

from hypothesis import given
from hypothesis import strategies as st

from crawler.reports.word_diff import Change, word_diff

TEXT = st.text(alphabet="ab ,.\n\u3042\u3044", max_size=60)


def test_a_changed_word_is_removed_and_added() -> None:
    assert word_diff("The harbour froze on Monday.", "The harbour thawed on Monday.") == [
        Change("same", "The harbour "),
        Change("removed", "froze"),
        Change("added", "thawed"),
        Change("same", " on Monday."),
    ]


def test_words_with_a_space_between_change_together() -> None:
    assert word_diff("a small boat", "two ships here") == [
        Change("removed", "a small boat"),
        Change("added", "two ships here"),
    ]


def test_a_new_paragraph_leaves_the_others_alone() -> None:
    old = "First one.\n\nLast one."
    assert word_diff(old, "First one.\n\nA new one.\n\nLast one.") == [
        Change("same", "First one.\n\n"),
        Change("added", "A new one.\n\n"),
        Change("same", "Last one."),
    ]


def test_another_sentence_is_replaced_as_a_whole() -> None:
    old, new = "The ferry left the bay at noon.", "Nobody knows where the storm is heading to."
    assert word_diff(f"{old} End.", f"{new} End.") == [
        Change("removed", f"{old} "),
        Change("added", f"{new} "),
        Change("same", "End."),
    ]


def test_scripts_without_spaces_are_compared_by_character() -> None:
    assert word_diff("\u6771\u4eac\u306f", "\u6771\u5317\u306f") == [
        Change("same", "\u6771"),
        Change("removed", "\u4eac"),
        Change("added", "\u5317"),
        Change("same", "\u306f"),
    ]


def test_equal_and_empty_texts() -> None:
    assert word_diff("", "") == []
    assert word_diff("same", "same") == [Change("same", "same")]
    assert word_diff("", "new") == [Change("added", "new")]
    assert word_diff("old", "") == [Change("removed", "old")]


@given(TEXT, TEXT)
def test_the_parts_make_both_texts(old: str, new: str) -> None:
    changes = word_diff(old, new)
    assert "".join(c.text for c in changes if c.kind != "added") == old
    assert "".join(c.text for c in changes if c.kind != "removed") == new
    assert all(c.text for c in changes)
    for one, other in pairwise(changes):
        assert one.kind != other.kind
        assert (one.kind, other.kind) != ("added", "removed")


def test_long_texts_take_no_second() -> None:
    words = " ".join(f"word{n % 997} of the{'.' * (n % 20 == 0)}" for n in range(10_000))
    other = words.replace("word5 ", "other ")
    began = perf_counter()
    changes = word_diff(words, other)
    assert perf_counter() - began < 1
    assert Change("removed", "word5") in changes


def test_a_passage_that_is_too_long_to_compare_changed_as_a_whole() -> None:
    old, new = ("a b " * 1_000).strip(), ("c b " * 1_000).strip()
    assert [change.kind for change in word_diff(old, new)] == ["removed", "added"]


def test_a_long_text_with_an_edit_in_each_sentence_is_compared_word_by_word() -> None:
    old = " ".join(f"The {n}th boat of the fleet left at {n} for the bay." for n in range(600))
    changes = word_diff(old, old.replace("left", "sailed"))
    assert len([change for change in changes if change == ("removed", "left")]) == 600
