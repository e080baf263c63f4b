import random
from collections import Counter
from dataclasses import replace

import pytest

from benchmarks.sibling_model import model_of
from benchmarks.sibling_plans import KINDS, Plan, call_of, paywall_of, plans, url_like
from benchmarks.sibling_pool import Donor, Lender
from benchmarks.wall_pages import WORDING
from tests.benchmarks.pages import DONORS, SAMPLE


def _plans(count: int, donors: list[Donor]) -> list[Plan]:
    return plans(model_of(SAMPLE), Lender(donors, random.Random(2)), count)


def test_kinds_are_as_frequent_as_they_should_be() -> None:
    assert sum(KINDS.values()) == 100
    many = [
        Donor(f"{one.title} {n}", one.paragraphs, one.headings) for one in DONORS for n in range(9)
    ]
    found = Counter(plan.kind for plan in _plans(300, many))
    assert set(found) == set(KINDS)
    assert 180 < found["ordinary"] < 240


def test_pages_have_titles_and_addresses_of_their_own() -> None:
    made = _plans(20, DONORS)
    assert len({plan.title for plan in made}) == len({plan.url for plan in made}) == 20
    assert made == _plans(20, DONORS)


def test_a_page_teases_all_but_its_own_story() -> None:
    for plan in _plans(20, DONORS):
        assert plan.title not in plan.teasers
        assert not set(plan.said) & set(plan.paragraphs)
        assert all(title != plan.title for title, _ in plan.others)


@pytest.mark.parametrize(
    ("url", "like"),
    [
        ("https://a.example/2026/11/20/harbour-counts-its-boats.html",
         "https://a.example/2026/11/07/ferry-fares-rise-again.html"),
        ("https://a.example/news", "https://a.example/news/ferry-fares-rise-again"),
        ("https://a.example/s/2026-11-20/one-two-three",
         "https://a.example/s/2026-11-07/ferry-fares-rise-again"),
    ],
)  # fmt: skip
def test_an_address_keeps_its_form(url: str, like: str) -> None:
    assert url_like(url, "Ferry fares rise again", 7, random.Random(1)) == like


def test_numbers_in_an_address_are_others_as_long() -> None:
    made = url_like("https://a.example/a/article48213.html?id=778", "Any", 7, random.Random(1))
    assert made.startswith("https://a.example/a/article4")
    assert made != "https://a.example/a/article48213.html?id=778"
    assert len(made) == len("https://a.example/a/article48213.html?id=778")


@pytest.mark.parametrize("language", WORDING)
def test_calls_are_there_in_each_language(language: str) -> None:
    assert len(call_of(language)) > 20
    assert len(paywall_of(language)) > 10


def test_addresses_that_would_be_the_same_are_not() -> None:
    model = model_of(replace(SAMPLE, url="https://paper.example/a?id=123"))
    made = plans(model, Lender(DONORS, random.Random(2)), 20)
    assert len({plan.url for plan in made}) == 20
    assert any("-" in plan.url for plan in made)
