"""Evidence: what samples of pages say of a block, even where they are full."""

from models.evidence import SAMPLE, DomPathOccurrence, Evidence, Occurrence
from pipelines.boilerplate.evidence import supports
from tests.factories import make_block, make_extraction, make_key

PAGE = 999
BOX = make_block("Follow us for more", key=1, dom_path="new>p", dom_path_key=2)
EXTRACTION = make_extraction(blocks=(BOX, make_block("Its own words, and many", position=1)))


def occurrence(page: int) -> Occurrence:
    return Occurrence(page, make_key(f"text {page}"), page)


def use(page: int) -> DomPathOccurrence:
    return DomPathOccurrence(page, make_key(f"text {page}"), 10, 10, page)


def rate(shown: range, used: range) -> float:
    evidence = Evidence(
        blocks={1: (occurrence(PAGE), *map(occurrence, shown[: SAMPLE - 1]))},
        dom_paths={2: (use(PAGE), *map(use, used[: SAMPLE - 1]))},
    )
    return supports(EXTRACTION, evidence, PAGE)[0].rate


def test_a_box_on_every_page_is_not_rare_in_a_place_that_few_pages_have() -> None:
    assert rate(shown=range(1, 100), used=range(5, 100, 10)) == 1.0


def test_a_box_on_every_page_is_not_rare_after_a_redesign() -> None:
    assert rate(shown=range(1, 200), used=range(100, 200)) == 1.0


def test_a_box_on_a_third_of_the_pages_is_seen_as_that() -> None:
    assert 0.2 < rate(shown=range(3, 300, 3), used=range(1, 300)) < 0.45


def test_small_samples_are_counted_whole() -> None:
    assert rate(shown=range(1, 5), used=range(1, 9)) == 0.5
