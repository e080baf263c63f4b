"""A tree without its menus: what goes, and what must stay."""

import pytest
from lxml.html import fromstring

from pipelines.extraction.blocks import outline, walk
from pipelines.extraction.narrowing import beside, narrow, prose_like

LINE = "The night ferry sails again in June, eleven years after the last one was broken up."
MENU = "<ul>" + "".join(f"<li><a href='/{i}'>Section {i}</a></li>" for i in range(9)) + "</ul>"


def narrowed(body: str) -> str:
    tree = fromstring(f"<html><body>{body}</body></html>")
    narrow(*walk(tree))
    return " ".join(" ".join(tree.itertext()).split())


def test_what_has_some_words_that_are_no_links_is_like_prose() -> None:
    body = f"<p>{LINE}</p><p>Three short words</p><p><a href='/x'>{LINE}</a></p>"
    assert prose_like(outline(fromstring(f"<body>{body}</body>"))) == [True, False, False]


def test_beside_is_one_to_each_side() -> None:
    assert beside([False, False, True, False, False]) == [False, True, True, True, False]
    assert beside([]) == []


@pytest.mark.parametrize("tag", ["nav", "footer", "aside", "figure"])
def test_what_is_never_an_article_goes_even_if_it_is_prose(tag: str) -> None:
    page = f"<main><p>{LINE}</p></main>"
    assert narrowed(f"{page}<{tag}><p>Some other words in a row.</p></{tag}>") == LINE


def test_menus_go_and_the_text_after_them_stays() -> None:
    assert narrowed(f"<div><p>First.</p>{MENU}tail <p>{LINE}</p></div>").endswith(f"tail {LINE}")
    assert "Section 5" not in narrowed(f"<div><p>{LINE}</p>{MENU}<p>{LINE}</p></div>")


def test_what_is_beside_prose_stays_wherever_it_is() -> None:
    links = "<div><a href='/a'>By Ada Lind</a></div>"
    assert narrowed(f"<div>{MENU}</div>{links}<div><p>{LINE}</p></div>") == f"By Ada Lind {LINE}"


def test_short_texts_stay_near_prose_and_go_elsewhere() -> None:
    names = "".join(f"<li>{name}</li>" for name in ("Ada", "Ben", "Cy", "Di", "Eve"))
    near = f"<div><article><p>{LINE}</p><div><ul>{names}</ul></div></article></div>"
    assert narrowed(near) == f"{LINE} Ada Ben Cy Di Eve"
    alone = f"<div><div><div><div><ul>{names}</ul></div></div></div></div>"
    far = f"<div><article><p>{LINE}</p></article></div>{MENU}{alone}"
    assert narrowed(far) == f"{LINE} Section 0"


def test_a_page_without_prose_is_left_with_nothing() -> None:
    assert narrowed(f"<div>{MENU}</div>") == ""
    assert narrowed("") == ""
