"""The head of an article ends where its text begins, and leaves out what is of others."""

import pytest
from lxml.html import HtmlElement, fromstring

from pipelines.metadata.head import Head, article_head, other_heads
from tests.support.papers import PAPERS
from tests.support.tales import STORIES, paragraphs

PROSE = f"<p id=prose>{'The council decided to keep the ferry. ' * 6}</p>"


def head(body: str, title: str = "Winter ferry stays") -> Head:
    return article_head(fromstring(f"<html><body>{body}</body></html>"), [title])


def names(found: Head) -> list[str]:
    return [element.get("id", element.tag) for element in found.elements]


def test_it_goes_on_behind_the_heading_until_the_third_paragraph_of_prose() -> None:
    found = head(f"<h1>Winter ferry stays</h1><i id=a></i>{PROSE * 4}<i id=b></i>")
    assert names(found) == ["a", "prose", "prose"]


@pytest.mark.parametrize("text", ["冬季渡船将继续运行。" * 8, "The ferry stays here. " * 8])
def test_prose_is_shorter_in_scripts_without_spaces(text: str) -> None:
    assert names(head(f"<h1>Winter ferry stays</h1>{f'<p>{text}</p>' * 4}")) == ["p", "p"]


def test_what_stands_directly_before_the_heading_belongs_to_it() -> None:
    top = "<div><b id=masthead>x</b></div>"
    found = head(f"{top}<main><div><i id=a></i><h1>Winter ferry stays</h1></div></main>")
    assert names(found) == ["a"]


@pytest.mark.parametrize("tag", ["nav", "aside", "footer", "article", "form", "script"])
def test_what_stands_apart_is_left_out(tag: str) -> None:
    other = f"<{tag}><i id=a>{'x' * 130}</i></{tag}>"
    assert "a" not in names(head(f"<h1>Winter ferry stays</h1>{other}<p>x</p>"))


def test_a_short_aside_can_be_the_byline() -> None:
    assert "a" in names(head("<h1>Winter ferry stays</h1><aside><i id=a>Ada</i></aside>"))


@pytest.mark.parametrize(
    ("page", "heading"),
    [
        ("<h1>The Post</h1><h1>Winter ferry stays</h1>", "Winter ferry stays"),
        ("<h1>The Post</h1><h2>Winter ferry stays</h2>", "Winter ferry stays"),
        ("<h1>Another ferry</h1><h2>More</h2>", "Another ferry"),
        ("<h2>More</h2><h3>Winter ferry stays</h3>", "Winter ferry stays"),
        ("<h2>More</h2>", None),
        ("<h1></h1>", None),
    ],
)
def test_the_heading_is_that_with_the_words_of_the_title(page: str, heading: str | None) -> None:
    found = head(page).heading
    assert (None if found is None else found.text) == heading
    assert head(page).heading is not None or head(page).elements == ()


def by_id(found: Head, name: str) -> HtmlElement:
    return next(element for element in found.elements if element.get("id") == name)


def test_a_short_text_with_a_headline_in_a_link_is_another_article_s() -> None:
    link = "<a href=/x>Mayor opens the new winter harbour</a>"
    found = head(f"<h1>Winter ferry stays</h1><li>{link} <i id=a>x</i></li><p><i id=b>y</i></p>")
    assert found.is_teaser(by_id(found, "a")) and not found.holds(by_id(found, "a"))
    assert not found.is_teaser(by_id(found, "b")) and found.holds(by_id(found, "b"))


def test_a_byline_with_links_is_no_teaser() -> None:
    line = "<p>By <a id=a href=/x>Ada Lind</a> in <a href=/y>Ferries</a></p>"
    found = head(f"<h1>Winter ferry stays</h1>{line}")
    assert found.holds(by_id(found, "a"))


@pytest.mark.parametrize("language", sorted(STORIES.keys() & PAPERS.keys()))
def test_the_head_of_a_further_story_is_not_the_page_s(language: str) -> None:
    story, paper = STORIES[language], PAPERS[language]
    first = f"<h1>{story.headline}</h1>{paragraphs(story.paragraphs)}"
    signed = f"<p id=by>{paper.by} {paper.writer}</p><time id=on>{paper.day}</time>"
    page = f"<article>{first}<h2>{story.other}</h2>{signed}{paragraphs(story.more)}</article>"
    found = head(page, story.headline)
    assert {element.get("id") for element in found.others} == {"by", "on"}
    assert not {"by", "on"} & set(names(found))


def test_a_note_on_the_author_and_the_first_heading_are_the_page_s_own() -> None:
    note = f"{PROSE * 2}<h2>About</h2><p id=by>Ada Lind</p><p>She sails.</p>"
    for body in (f"<h1>Ferry</h1>{note}", f"<h1>Ferry</h1><h2>Stays</h2><p id=by>Ada</p>{PROSE}"):
        tree = fromstring(f"<html><body>{body}</body></html>")
        assert other_heads(tree, tree.find(".//h1")) == set()
