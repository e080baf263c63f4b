"""What a re-extraction would change: how differences are named, counted and kept."""

from hypothesis import given
from hypothesis import strategies as st
from pipelines.preview import LARGEST, Preview, Reading, difference

STORED = Reading("Ferry", "The ferry sails again.")


def test_each_difference_has_a_name() -> None:
    then = {
        "grown": Reading("Ferry", "The ferry sails again in June."),
        "shrunk": Reading("Ferry", "The ferry sails."),
        "changed": Reading("The ferry", STORED.text),
        "emptied": Reading(None, "", "nothing is left"),
    }
    for kind, reading in then.items():
        found = difference("https://example.test/1", STORED, reading)
        assert found is not None and found.kind == kind


def test_what_reads_the_same_or_was_never_an_article_is_no_difference() -> None:
    assert difference("u", STORED, STORED) is None
    assert difference("u", None, Reading(None, "", "a listing")) is None
    new = difference("u", None, STORED)
    assert new is not None and new.kind == "new"


@given(st.lists(st.integers(0, 30), max_size=20))
def test_the_largest_differences_are_kept_and_all_are_counted(sizes: list[int]) -> None:
    preview = Preview("example")
    for size in sizes:
        longer = Reading("Ferry", STORED.text + " more" * size)
        preview.add(difference("u", STORED, longer))
    grown = sorted((size for size in sizes if size), reverse=True)
    assert [found.size for found in preview.largest] == grown[:LARGEST]
    assert (preview.read, preview.same) == (len(sizes), len(sizes) - len(grown))
    assert preview.kinds["grown"] == len(grown)


def test_other_authors_are_a_difference_too() -> None:
    signed = Reading(STORED.title, STORED.text, facts=("by Ada Lind",))
    found = difference("u", STORED, signed)
    assert found is not None
    assert (found.kind, found.size) == ("changed", 3)
