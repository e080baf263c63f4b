"""Directives in the style of real ones: each becomes a selector, or has its reason."""

from models.sites.ftr.rules import read_rules
from models.sites.ftr.selectors import Translated, translated

PAPER = """# The Paper
title: //h1[@class='headline']
author: //a[@rel='author']
date: //time/@datetime
body: //article[contains(concat(' ',normalize-space(@class),' '),' story ')]
body: //div[@id='text'] | //div[@class='gallery']
strip: //aside
strip: //div[contains(@class, "teaser") and not(contains(@class, 'full'))]
strip: //p[contains(., 'Read more:')]
strip://ul[@class="share"]/li[1]
strip: //nav/following-sibling::*
strip_id_or_class: newsletter-box
strip_id_or_class: "quoted'
strip_image_src: /pixel.gif
strip_attr: //img/@srcset
prune: no
tidy: no
find_string: <h5>
replace_string: <h2>
replace_string(<b>): <i>
next_page_link: //a[@rel='next']
test_url: https://paper.example/1
"""


def of(text: str) -> Translated:
    return translated(read_rules(text.encode(), "paper.example.txt"))


def test_selectors_are_in_order_with_their_lines() -> None:
    found = of(PAPER)
    assert found.selectors("body") == {"article.story": 5, "div#text, div[class='gallery']": 6}
    assert found.selectors("remove") == {
        "aside": 7,
        "div[class*='teaser']:not([class*='full'])": 8,
        "p:contains('Read more:')": 9,
        "ul[class='share'] > li:nth-of-type(1)": 10,
        "nav ~ *": 11,
        "[class*='newsletter-box'], [id*='newsletter-box']": 12,
        "[class*='quoted'], [id*='quoted']": 13,
        "img[src*='/pixel.gif']": 14,
    }


def test_each_other_directive_has_its_reason() -> None:
    found = of(PAPER)
    assert [left.directive.line for left in found.left_out] == [2, 3, 4, *range(15, 23)]
    assert all(left.reason for left in found.left_out)
    reasons = {left.directive.name: left.reason for left in found.left_out}
    assert "the title of every page by itself" in reasons["title"]
    assert "further pages of a story" in reasons["next_page_link"]


def test_a_body_below_one_that_is_left_out_is_left_out() -> None:
    found = of("body: //main\nbody: (//article)[1]\nbody: //div[@id='a']\nstrip: //nav\n")
    assert found.selectors("body") == {"main": 1}
    assert found.selectors("remove") == {"nav": 4}
    assert found.left_out[1].reason == "the body of line 2 goes first, and is left out"


def test_a_body_that_never_matches_hides_none() -> None:
    found = of("body: //article[\nbody:\nbody: //main\n")
    assert found.selectors("body") == {"main": 3}
    assert [left.reason for left in found.left_out] == [
        "no XPath: it ends too early at character 11", "it has no value",
    ]  # fmt: skip


def test_a_condition_is_left_out_with_what_it_is_of() -> None:
    found = of("strip: //nav\nbody: //main\nif_page_contains: //p\nbody: //article\n")
    assert found.selectors("remove") == {"nav": 1}
    assert found.selectors("body") == {}
    assert "if_page_contains below" in found.left_out[0].reason
    assert "the body of line 2 goes first" in found.left_out[2].reason


def test_words_that_nobody_knows_are_said_with_the_nearest() -> None:
    found = of("body: //main\nstirp: //nav\nxyz: 1\nhello\nstrip_id_or_class: '\nfootnotes: x\n")
    assert [left.reason for left in found.left_out] == [
        "unknown directive stirp; did you mean strip?", "unknown directive xyz",
        "it is no directive; write NAME: VALUE", "it has no value",
        "[extraction] has no key for it",
    ]  # fmt: skip


def test_a_selector_that_is_there_twice_keeps_its_first_line() -> None:
    assert of("strip: //nav\nstrip: //nav[1=1]\nstrip: //nav\n").selectors("remove") == {"nav": 1}
