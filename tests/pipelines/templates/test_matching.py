"""Whether a page has its site's template: each reason for a search, on a page made for it."""

from dataclasses import replace

import pytest

from models.templates import LearnedBox, LearnedUse, Template, pack
from pipelines.extraction.blocks import Outline
from pipelines.extraction.open_boxes import open_outline
from pipelines.extraction.paths import dom_paths
from pipelines.extraction.tree import parse
from pipelines.templates.matching import (
    ENOUGH,
    Match,
    ReadTemplates,
    Searched,
    match,
    read_templates,
)
from pipelines.templates.text_classes import text_class

SENTENCE = "The night ferry sails again in June, eleven years after the last one was broken up."
P, LI, H1 = "div.text>p", "div.text>ul>li", "h1.title"


def use(
    kept: int, texts: int = 20, pages: int = 10, score: float = 5.0, nearest: float = 3.0
) -> LearnedUse:
    sign = 1 if kept else -1
    return LearnedUse(pages, texts, kept, sign * score, sign * nearest, texts * 16, 60)


def class_of(text: str) -> int:
    outline, _ = outline_of(f"<p>{text}</p>")
    return text_class(outline.pieces[0], 0)


def outline_of(html: str, closed: frozenset[str] = frozenset()) -> tuple[Outline, list]:
    found, _, passed = open_outline(parse(f"<body>{html}".encode(), "utf-8"), closed)
    return found, passed


SAID = class_of(SENTENCE)


def template(body: str = "div.text", **parts: object) -> Template:
    known = {
        "key": 7, "body": body, "pages": 10, "words": (60, 90), "closed": {}, "heads": {},
        "uses": {f"{body}>p": {SAID: use(20)}}, "open": frozenset({"body", body}),
    }  # fmt: skip
    return Template(**known | parts)


def matched(html: str, *templates: Template, hints: int = 0) -> Match | Searched:
    learned = read_templates(tuple(map(pack, templates)))
    outline, passed = outline_of(html, frozenset(learned.closed))
    paths = dom_paths(outline)
    kinds = ["heading" if path.endswith("h1") else "paragraph" for path in paths]
    return match(outline, paths, kinds, [hints] * len(paths), passed, learned)


def body(count: int = 4, more: str = "", name: str = "text") -> str:
    return f"<div class={name}>" + f"<p>{SENTENCE}</p>" * count + more + "</div>"


def known(html: str, *templates: Template, hints: int = 0) -> list[float | None]:
    found = matched(html, *templates, hints=hints)
    assert isinstance(found, Match), found
    return found.known


def test_texts_that_all_pages_kept_are_kept() -> None:
    found = matched(body(), template())
    assert isinstance(found, Match)
    assert (found.known, found.kept) == ([5.0] * 4, [1.0] * 4)
    assert found.words == 4 * 16


def test_a_page_without_text_in_any_learned_box_has_another_template() -> None:
    assert matched(body(name="other"), template()) == Searched.OTHER_TEMPLATE
    assert matched("", template()) == Searched.OTHER_TEMPLATE


def test_of_two_templates_the_one_with_more_of_the_page_is_its_own() -> None:
    both = template(), template("div.live", key=8, uses={"div.live>p": {SAID: use(20)}})
    for count, key in ((2, 7), (6, 8)):
        found = matched(body(4) + body(count, name="live"), *both)
        assert isinstance(found, Match)
        assert found.template.key == key


@pytest.mark.parametrize("path", ["h1.title", "h2.title"])
def test_a_page_without_a_headline_where_all_had_one_is_searched(path: str) -> None:
    heads = {"headline": {"h1.title": 10}}
    tag = path[:2]
    page = f"<{tag} class=title>The ferry sails</{tag}>{body()}"
    expected = path == "h1.title"
    assert isinstance(matched(page, template(heads=heads)), Match) == expected
    assert isinstance(matched(page, template(heads={"headline": {"h1.title": 9}})), Match)
    both = {"headline": {"h1.title": 6, "h2.title": 4}}
    assert isinstance(matched(page, template(heads=both)), Match)


def test_a_headline_in_a_closed_box_is_not_missed() -> None:
    box = LearnedBox(10, 40, "headline")
    closed = {"div.head": box, "div.head>h1": box}
    shut = template(heads={"headline": {"div.head>h1": 10}}, closed=closed)
    page = f"<div class=head><h1>The ferry sails</h1></div>{body()}"
    assert isinstance(matched(page, shut), Match)


@pytest.mark.parametrize(("many", "full"), [(8, False), (100, True)])
def test_a_closed_box_that_holds_much_more_is_noticed(many: int, full: bool) -> None:
    shut = template(closed={"aside.more": LearnedBox(10, 100, "related")})
    page = body() + f"<aside class=more>{'<p>Mill moves</p>' * many}</aside>"
    assert (matched(page, shut) == Searched.FULL_BOX) == full


def test_an_article_that_is_much_shorter_than_any_is_noticed() -> None:
    assert matched(body(1), template()) == Searched.SHORT
    assert isinstance(matched(body(2), template()), Match)


@pytest.mark.parametrize(
    "learned",
    [
        use(20, pages=ENOUGH - 1),  # on too few pages
        use(19),  # one of them was removed
        use(1),
        use(20, nearest=-2.5),  # a text as unsure may be removed
        use(20, nearest=-4.0),
        use(0, nearest=-0.5),  # a text as unsure may be kept
    ],
)
def test_a_place_that_tells_nothing_leaves_its_texts_open(learned: LearnedUse) -> None:
    seen = {P: {SAID: use(20)}, LI: {SAID: learned}}
    page = body(4, f"<ul><li>{SENTENCE}</ul>")
    assert known(page, template(uses=seen))[-1] is None


@pytest.mark.parametrize(("pages", "told"), [(4, False), (5, True)])
def test_a_new_class_is_told_by_its_path_if_enough_pages_agree(pages: int, told: bool) -> None:
    seen = {P: {SAID: use(20)}, LI: {SAID: use(0, pages=pages)}}
    page = body(4, "<ul><li>The mill</ul>")
    assert (known(page, template(uses=seen))[-1] is not None) == told


def test_a_text_that_says_what_it_is_is_not_told_by_its_path() -> None:
    assert known(body(), template(), hints=4) == [None] * 4


def test_a_new_place_is_open_and_counts_for_nothing() -> None:
    found = matched(body(4, f"<div class=box><p>{SENTENCE}</p></div>"), template())
    assert isinstance(found, Match)
    assert (found.known[-1], found.kept[-1], found.odds[-1]) == (None, 0.0, 0.0)


def test_a_place_that_is_never_kept_is_removed() -> None:
    seen = {P: {SAID: use(20)}, LI: {SAID: use(0)}}
    found = matched(body(4, f"<ul><li>{SENTENCE}</ul>"), template(uses=seen))
    assert isinstance(found, Match)
    assert (found.known[-1], found.kept[-1], found.odds[-1] < 0) == (-5.0, 0.0, True)


def of(*templates: Template) -> ReadTemplates:
    return read_templates(tuple(map(pack, templates)))


def test_a_box_that_one_template_opens_is_closed_in_none() -> None:
    boxes = {
        "aside.more": LearnedBox(10, 90, "related"),
        "nav.top": LearnedBox(10, 9, "navigation"),
    }
    live = template("aside.more", key=8, open=frozenset({"aside.more"}))
    assert of(template(closed=boxes)).closed.keys() == boxes.keys()
    assert of(template(closed=boxes), live).closed.keys() == {"nav.top"}


@pytest.mark.parametrize(("pages", "shut"), [((2,), False), ((3,), True), ((2, 1), True)])
def test_a_box_is_closed_that_enough_pages_of_the_site_had(
    pages: tuple[int, ...], shut: bool
) -> None:
    made = [
        template(f"div.t{n}", key=n, closed={"nav": LearnedBox(count, 9 * count, "navigation")})
        for n, count in enumerate(pages)
    ]
    assert ("nav" in of(*made).closed) == shut
    if shut:
        assert of(*made).closed["nav"] == LearnedBox(3, 9 * max(pages), "navigation")


def test_templates_are_known_by_their_body() -> None:
    assert of(template(), template("div.live", key=8)).by_body.keys() == {"div.text", "div.live"}


def test_a_match_is_the_same_each_time() -> None:
    again = matched(body(), template())
    assert again == matched(body(), replace(template()))
