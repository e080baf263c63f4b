"""What a re-extraction would change: how differences are named, counted and kept."""

from hypothesis import given
from hypothesis import strategies as st

from pipelines.compare import LARGEST, ArticleText, Comparison, difference
from tests.factories import make_page

PAGE = make_page(url="https://example.test/1")
STORED = ArticleText("Ferry", "The ferry sails again.")


def test_each_difference_has_a_name() -> None:
    then = {
        "grown": ArticleText("Ferry", "The ferry sails again in June."),
        "shrunk": ArticleText("Ferry", "The ferry sails."),
        "changed": ArticleText("The ferry", STORED.text),
        "emptied": ArticleText(None, "", "nothing is left"),
    }
    for kind, reading in then.items():
        found = difference(PAGE, STORED, reading)
        assert found is not None and found.kind == kind


def test_what_reads_the_same_or_was_never_an_article_is_no_difference() -> None:
    assert difference(PAGE, STORED, STORED) is None
    hyphened = ArticleText("Fer\u00adry", "The fer\u00adry\u00a0sails again.")
    assert difference(PAGE, hyphened, STORED) is None
    assert difference(PAGE, None, ArticleText(None, "", "a listing")) is None
    new = difference(PAGE, None, STORED)
    assert new is not None and new.kind == "new"


@given(st.lists(st.integers(0, 30), max_size=20))
def test_the_largest_differences_are_kept_and_all_are_counted(sizes: list[int]) -> None:
    found = Comparison("example")
    for size in sizes:
        longer = ArticleText("Ferry", STORED.text + " more" * size)
        found.add(difference(PAGE, STORED, longer))
    grown = sorted((size for size in sizes if size), reverse=True)
    assert [one.size for one in found.largest] == grown[:LARGEST]
    assert (found.read, found.same) == (len(sizes), len(sizes) - len(grown))
    assert found.kinds["grown"] == len(grown)


def test_other_authors_are_a_difference_too() -> None:
    signed = ArticleText(STORED.title, STORED.text, facts=("by Ada Lind",))
    found = difference(PAGE, STORED, signed)
    assert found is not None
    assert (found.kind, found.size) == ("changed", 3)
