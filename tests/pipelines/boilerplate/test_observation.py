"""What one page teaches its site, from its extraction alone."""

from dataclasses import replace

import pytest

from models.items import Extraction
from pipelines.boilerplate.observation import EXCERPT, MOST, keys_of, observation_of, page_hash
from tests.factories import NOW, make_block, make_extraction, make_key

URL = "https://example.test/a"


def blocks(count: int, **parts: object) -> Extraction:
    return make_extraction(
        blocks=tuple(make_block(f"Text {n} of {count}", position=n, **parts) for n in range(count))
    )


def test_a_page_teaches_its_keys_with_an_excerpt_and_its_places_with_their_words() -> None:
    long = make_block("word " * 100, loose_key=7, dom_path="main>p")
    menu = make_block("Home and away", position=1, kept=False, dom_path="nav>a")
    found = observation_of(URL, 5, NOW, make_extraction(blocks=(long, menu), template_key=9))
    assert found.blocks == {
        long.key: long.text[:EXCERPT], 7: long.text[:EXCERPT], menu.key: "Home and away",
    }  # fmt: skip
    assert {use.path: (use.kept_words, use.words) for use in found.dom_paths.values()} == {
        "main>p": (100, 100), "nav>a": (0, 3),
    }  # fmt: skip
    assert (found.page, found.template_key, found.fetched_at) == (5, 9, NOW)
    assert found.classified_on == {}


def test_a_loose_key_that_is_none_is_not_taught() -> None:
    assert 0 not in observation_of(URL, 5, NOW, blocks(3)).blocks


def test_a_page_teaches_so_many_keys_and_no_more() -> None:
    assert len(observation_of(URL, 5, NOW, blocks(MOST - 1)).blocks) == MOST - 1
    assert len(observation_of(URL, 5, NOW, blocks(MOST + 50)).blocks) == MOST


@pytest.mark.parametrize("count", [0, 3, MOST // 2 + 5, MOST + 50])
@pytest.mark.parametrize("loose", [0, 7])
def test_the_keys_alone_are_those_of_the_observation(count: int, loose: int) -> None:
    page = blocks(count, loose_key=loose)
    page = replace(page, blocks=(*page.blocks, make_block("Last", dom_path="nav>a")))
    whole, keys = observation_of(URL, 5, NOW, page), keys_of(5, page)
    assert keys == (5, whole.blocks.keys(), whole.dom_paths.keys())


def test_the_same_page_teaches_the_same_and_copies_have_one_fingerprint() -> None:
    one = observation_of(URL, 5, NOW, blocks(3))
    assert one == observation_of(URL, 5, NOW, blocks(3))
    other = observation_of("https://example.test/b", 6, NOW, blocks(3))
    assert one.fingerprint == other.fingerprint
    assert one.page_hash != other.page_hash
    assert one.fingerprint != observation_of(URL, 5, NOW, blocks(4)).fingerprint


def test_a_page_s_hash_is_of_its_key_and_has_63_bits() -> None:
    assert page_hash(URL) == page_hash(f"{URL}/?utm_source=x")
    assert all(0 <= page_hash(f"{URL}{n}") < 2**63 for n in range(50))
    assert make_key("x") >= 0
