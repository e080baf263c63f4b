"""Differences with what stands next to them."""

from hypothesis import given
from hypothesis import strategies as st

from crawler.look.diffs import AROUND, in_context
from crawler.reports.word_diff import Change, word_diff

LONG = "word " * 200


def test_a_long_passage_between_two_changes_is_cut() -> None:
    found = in_context([Change("removed", "a"), Change("same", LONG), Change("added", "b")])
    assert found[0] == Change("removed", "a") and found[2] == Change("added", "b")
    assert found[1].text == f"{LONG[:AROUND]}…{LONG[-AROUND:]}"


def test_before_the_first_and_behind_the_last_change_one_end_is_enough() -> None:
    found = in_context([Change("same", LONG), Change("added", "b"), Change("same", LONG)])
    assert found[0].text == f"…{LONG[-AROUND:]}" and found[2].text == f"{LONG[:AROUND]}…"


@given(st.text("ab \n", max_size=400), st.text("ab \n", max_size=400))
def test_no_change_is_lost_and_short_texts_stay_whole(old: str, new: str) -> None:
    changes = word_diff(old, new)
    found = in_context(changes)
    assert [one for one in found if one.kind != "same"] == [
        one for one in changes if one.kind != "same"
    ]
    assert all(len(one.text) <= 2 * AROUND + 1 for one in found if one.kind == "same")
