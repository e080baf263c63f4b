"""Evidence: what samples of pages say of a block, even where they are full."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from models.blocks import Block
from models.evidence import SAMPLE, Evidence, Occurrence
from pipelines.boilerplate.evidence import Support, supports
from tests.factories import make_block, make_extraction, make_key
from tests.support.plain_evidence import plain_supports

PAGE = 999
BOX = make_block("Follow us for more", key=1, dom_path="new>p", dom_path_key=2)
EXTRACTION = make_extraction(blocks=(BOX, make_block("Its own words, and many", position=1)))


def occurrence(page: int) -> Occurrence:
    return Occurrence(page, make_key(f"text {page}"), page)


def use(page: int) -> Occurrence:
    return Occurrence(page, make_key(f"text {page}"), page, 10, 10)


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


def support(shown: range, used: range, everywhere: range) -> Support:
    """Of a text that some pages show with other names, under a path; another path is on all."""
    evidence = Evidence(
        blocks={7: tuple(map(occurrence, shown[:SAMPLE]))},
        dom_paths={2: tuple(map(use, used[:SAMPLE])), 3: tuple(map(use, everywhere[:SAMPLE]))},
    )
    loose = replace(BOX, loose_key=7)
    return supports(make_extraction(blocks=(loose,)), evidence, PAGE)[0]


def test_near_identical_texts_are_counted_in_the_order_of_pages_too() -> None:
    rare = support(shown=range(50, 900, 50), used=range(1, 900), everywhere=range(1, 900))
    assert rare.loose_pages == SAMPLE
    assert rare.loose_rate == 0.0
    usual = support(shown=range(1, 900), used=range(1, 900), everywhere=range(1, 900))
    assert usual.loose_rate == 1.0


def test_a_text_on_all_pages_of_a_series_is_rare_on_the_site() -> None:
    series = support(shown=range(10, 900, 10), used=range(10, 900, 10), everywhere=range(1, 900))
    assert series.loose_rate == 1.0
    assert series.site_rate < 0.2
    small = support(shown=range(1, 4), used=range(1, 4), everywhere=range(1, 11))
    assert small.site_rate == 0.3


TEXT_KEYS, PATH_KEYS, HEADLINE = range(1, 7), range(101, 104), "headline"


@st.composite
def blocks(draw: st.DrawFn) -> Block:
    path = draw(st.sampled_from(PATH_KEYS))
    return make_block(
        "word " * draw(st.integers(0, 12)),
        key=draw(st.sampled_from(TEXT_KEYS)),
        loose_key=draw(st.sampled_from((0, *TEXT_KEYS))),
        dom_path_key=path,
        kept=draw(st.booleans()),
        kind=draw(st.sampled_from(("paragraph", "heading"))),
        hint=draw(st.sampled_from(("", HEADLINE))),
    )


@st.composite
def sites(draw: st.DrawFn) -> Evidence:
    """Up to 30 pages, some of them copies, in samples that may be full and may name the page."""
    prints = draw(st.lists(st.integers(0, 20), min_size=1, max_size=30))
    orders = draw(st.permutations(range(len(prints))))
    pages = [Occurrence(n, own, orders[n]) for n, own in enumerate(prints)]
    pages.sort(key=lambda page: page.order)

    def sample(key: int) -> tuple[int, tuple[Occurrence, ...]]:
        found = draw(st.lists(st.sampled_from(pages), unique=True, max_size=len(pages)))
        uses = [
            one._replace(kept_words=min(one.page, one.order), words=one.page)
            if key in PATH_KEYS
            else one
            for one in sorted(found, key=lambda page: page.order)
        ]
        return key, tuple(uses[:SAMPLE])

    return Evidence(dict(map(sample, TEXT_KEYS)), dict(map(sample, PATH_KEYS)))


@given(st.lists(blocks(), max_size=8).map(tuple), sites(), st.integers(0, 3))
def test_support_is_what_its_plain_definition_says(
    page: tuple[Block, ...], evidence: Evidence, url_id: int
) -> None:
    extraction = make_extraction(blocks=page)
    assert supports(extraction, evidence, url_id) == plain_supports(extraction, evidence, url_id)
