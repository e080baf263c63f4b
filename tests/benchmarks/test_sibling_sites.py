import random
from itertools import islice
from statistics import mean

import pytest

from benchmarks.pages import BENCH
from benchmarks.sibling_changes import CHANGES
from benchmarks.sibling_pages import Sibling
from benchmarks.sibling_sites import SiblingSite, changed, share_of, sites

pytestmark = [
    pytest.mark.slow,  # reads all pages of the sets for their words
    pytest.mark.skipif(
        not BENCH.is_dir(), reason="../shared/bench is not here: pages of publishers are not ours"
    ),
]


@pytest.fixture(scope="module")
def made() -> list[SiblingSite]:
    return list(sites(8, 2))


def test_a_site_has_as_many_pages_as_asked_for(made: list[SiblingSite]) -> None:
    assert [len(site.pages) for site in made] == [8, 8]
    assert len({page.url for site in made for page in site.pages}) == 16
    assert {page.set for site in made for page in site.pages} == {"siblings"}
    assert all(isinstance(page, Sibling) for page in made[0].pages)


def test_the_blocks_of_a_page_give_its_truth(made: list[SiblingSite]) -> None:
    shares = [share_of(page) for site in made for page in site.pages]
    assert mean(shares) > 0.98
    assert min(shares) >= 0.95


def test_no_paragraph_is_on_two_pages_of_a_site(made: list[SiblingSite]) -> None:
    for site in made:
        lines = [plan.paragraphs for plan in site.plans if plan.kind != "interview"]
        told = [line for paragraphs in lines for line in paragraphs]
        assert len(set(told)) == len(told)


def test_sites_are_the_same_each_time(made: list[SiblingSite]) -> None:
    random.seed(4)
    (again,) = islice(sites(8), 1)
    assert again.pages == made[0].pages


@pytest.mark.parametrize("how", CHANGES)
def test_a_changed_page_has_its_truth_in_another_template(
    made: list[SiblingSite], how: str
) -> None:
    long = next(n for n, plan in enumerate(made[0].plans) if plan.kind == "ordinary")
    before, after = made[0].page(long), changed(made[0], how).page(long)
    assert before.url == after.url
    assert before.body != after.body
    assert share_of(after) > 0.98
    assert (len(after.text) < len(before.text)) == (how == "cut")


def test_a_change_that_nobody_knows_is_refused(made: list[SiblingSite]) -> None:
    with pytest.raises(ValueError, match="no such change: shuffled"):
        changed(made[0], "shuffled")
