"""What stands around each piece of a page: sums by container and by DOM path."""

import math

import pytest
from lxml.html import fromstring

from pipelines.extraction.blocks import outline
from pipelines.extraction.extractor_votes import ExtractorVotes
from pipelines.extraction.surroundings import PathSums, Surroundings, candidates, surroundings

TEXTS = [
    "Home",
    "The headline",
    "The night ferry sails again in June, at last.",
    "Read more about it",
    "A minister, two mayors and a brass band were there",
]
HTML = (
    f"<html><body><nav><a href='/'>{TEXTS[0]}</a></nav><h1>{TEXTS[1]}</h1><article>"
    f"<p>{TEXTS[2]}</p><div><a href='/x'>{TEXTS[3]}</a></div><p>{TEXTS[4]}</p>"
    "</article></body></html>"
)
PAGE = outline(fromstring(HTML))
KEPT = [0.0, 0.0, 1.0, 0.0, 0.6]
DOM_PATHS = ["nav", "h1", "p", "div", "p"]


def around(kept: list[float] = KEPT) -> Surroundings:
    vote = ExtractorVotes(kept, [False] * 5, [0.0] * len(PAGE.containers), [])
    return surroundings(PAGE, DOM_PATHS, vote)


def test_words_links_and_ends_are_of_each_piece() -> None:
    found = around()
    assert found.counts == [1, 2, 9, 4, 10]
    assert found.before == [0, 1, 3, 12, 16]
    assert found.logs == [math.log1p(count) for count in found.counts]
    assert found.links == [1.0, 0.0, 0.0, 1.0, 0.0]
    assert found.ends == [False, False, True, False, False]


def test_the_main_content_spans_long_pieces_that_are_kept() -> None:
    assert (around().first, around().last, around().h1) == (2, 4, 1)
    assert (around([0.0] * 5).first, around([0.0] * 5).last) == (5, -1)
    assert (around([0, 0, 0.5, 1, 0.51]).first, around([0, 0, 0.5, 1, 0.51]).last) == (4, 4)


def test_a_dom_path_adds_up_its_pieces() -> None:
    assert around().dom_paths["p"] == PathSums(19, 9 + 6.0, 9, 2)
    assert around().dom_paths["div"] == PathSums(4, 0.0, 0, 1)


def test_a_container_holds_all_that_stands_inside() -> None:
    holds = around().holds
    assert (holds.words[0], holds.kept[0], holds.linked[0]) == (26, 15.0, 5.0)
    article = [container.tag for container in PAGE.containers].index("article")
    assert (holds.words[article], holds.linked[article]) == (23, 4.0)


def test_the_page_as_a_whole_is_kept_in_part() -> None:
    assert around().page == (pytest.approx(math.log1p(15)), pytest.approx(15 / 26))
    assert around().top == 1.0
    assert around().seen == dict.fromkeys(TEXTS, 1)


def test_candidates_are_what_is_kept_or_worth_it_and_their_neighbours() -> None:
    short = outline(fromstring("<html><body>" + "<p>Menu</p>" * 6 + "</body></html>"))
    assert candidates(short, [0, 0, 0, 0.1, 0, 0]) == [False, False, True, True, True, False]
    assert candidates(short, [0.0] * 6) == [False] * 6
    assert candidates(PAGE, [0.0] * 5) == [False, True, True, True, True]
