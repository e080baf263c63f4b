"""What a page shows of its template: where it has what, and nothing that rules decide."""

import pytest

from models.items import Metadata
from models.templates import ClosedBox, combined
from pipelines.extraction.blocks import outline
from pipelines.extraction.tree import parse
from pipelines.page_blocks import Scored, blocks_of, scored
from pipelines.page_reader import measured
from pipelines.templates.learning import body_path, box_of, template_key, template_page
from pipelines.templates.reading_off import SiteTemplates
from tests.factories import make_extraction
from tests.support.template_site import LANGUAGES, Look, changed, lesson_of, read, story

BODY = "main>article.story>div.story-text"


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_shows_where_its_text_and_its_head_are(language: str) -> None:
    shown = lesson_of(story(1, language))
    assert shown.body == BODY
    assert shown.heads == {
        "headline": "main>article.story>h1",
        "byline": "main>article.story>p.by",
        "date": "main>article.story",
    }
    kept = {path: sum(use.kept for use in uses.values()) for path, uses in shown.uses.items()}
    assert {path: count for path, count in kept.items() if count} == {f"{BODY}>p": 6}
    assert shown.words == sum(use.words for use in shown.uses[f"{BODY}>p"].values())


def test_menus_are_closed_and_what_may_become_text_is_open() -> None:
    shown = lesson_of(story(1))
    assert shown.closed["header.top"].reason == "navigation"
    assert shown.closed["header.top>nav>ul"].characters > 10
    assert {"body", "main", BODY, f"{BODY}>p", "main>article.story>h1"} <= shown.open
    assert not shown.open & combined(7, [shown]).closed.keys()


def test_of_one_path_the_fullest_box_counts() -> None:
    lines = ("<div class=ad><p>Buy</p></div>", "<div class=ad><p>Buy more of it</p></div>")
    head = "<header class=top><nav>{}</nav></header>"
    both = [
        story(1, look=Look(after=head.format("".join(order)))) for order in (lines, lines[::-1])
    ]
    boxes = [lesson_of(page).closed["main>header.top>nav>div.ad"] for page in both]
    assert boxes == [ClosedBox(len("Buy more of it"), "navigation")] * 2


@pytest.mark.parametrize("body", ["", "<p>Only a few words here, of which nobody learns.</p>"])
def test_a_page_without_text_teaches_nothing(body: str) -> None:
    taught = SiteTemplates(teaches=True)
    assert read(story(1, body=body), taught).lesson is None


def test_a_page_that_a_sample_has_no_room_for_teaches_nothing() -> None:
    assert read(story(1), SiteTemplates(teaches=False)).lesson is None


def test_what_other_than_its_place_decides_of_a_text_is_in_no_class() -> None:
    page = measured(parse(story(1).html, "utf-8"))
    found = scored(page)
    blocks = blocks_of(page, found, ruled=False)
    bare = make_extraction(blocks=blocks)

    def texts(other: Scored) -> int:
        shown = template_page(page, other, blocks, bare, Metadata())
        assert shown is not None
        return sum(use.texts for use in shown.uses[f"{BODY}>p"].values())

    assert texts(found) == 6
    at = next(i for i, block in enumerate(blocks) if block.dom_path.endswith("story-text>p"))
    placed = [score - 9 * (i == at) for i, score in enumerate(found.placed)]  # a table kept it
    assert texts(found._replace(placed=placed)) == 5


def test_what_a_byline_decides_says_nothing_of_its_place() -> None:
    assert lesson_of(story(1)).uses["main>article.story>p.by"] == {}


def test_body_is_the_box_with_most_kept_words() -> None:
    paths = ["main>div.a>p", "main>div.a>p", "main>div.b>p", "main>div.b>h2"]
    assert body_path(paths, [10, 10, 30, 0]) == "main>div.b"
    assert body_path(paths, [20, 10, 0, 30]) == "main>div.b"  # of equals the same, each time
    assert body_path(paths, [0, 0, 0, 0]) == ""
    assert body_path([], []) == ""
    assert (box_of("main>div.a>p"), box_of("p")) == ("main>div.a", "")


def test_pages_without_text_are_told_apart_by_their_skeleton() -> None:
    one, same, other = (
        outline(parse(html, None))
        for html in (b"<div class=a><p>x", b"<div class=a><p>y<p>z", b"<div class=b><p>x")
    )
    assert template_key("", one) == template_key("", same) != template_key("", other)
    assert template_key("main>div.a", one) == template_key("main>div.a", other)


def test_no_box_is_closed_from_the_headline_to_the_end_of_the_text() -> None:
    start = '<article class="story">'
    call = "<div class=call><p>Subscribe</p></div>"
    page = changed(story(1, look=Look(lead=call)), start, "<div class=heading>")
    shown = lesson_of(changed(page, "</time>", f"</time></div>{start}"))
    assert "header.top>nav" in shown.closed
    assert {"main>div.heading>h1", "main>article.story>div.story-text>div.call"} <= shown.open
