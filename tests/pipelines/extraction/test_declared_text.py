"""What a page says of its own text: titles, description, articleBody, that it is an article."""

import pytest
from lxml.html import fromstring

from pipelines.extraction.declared_text import DeclaredText, declared_text


def declared(head: str) -> DeclaredText:
    return declared_text(fromstring(f"<html><head>{head}</head><body></body></html>"))


def script(text: str) -> str:
    return f'<script type="application/ld+json">{text}</script>'


def test_a_page_may_say_nothing() -> None:
    assert declared("") == DeclaredText()


def test_titles_are_sets_of_words_each_once() -> None:
    found = declared(
        '<title>Night Ferry</title><meta property="og:title" content="night ferry">'
        '<meta name="twitter:title" content="She sails">'
    )
    assert set(found.titles) == {frozenset({"night", "ferry"}), frozenset({"she", "sails"})}


def test_soft_hyphens_part_no_word_of_a_title() -> None:
    found = declared("<title>Die Ge&shy;meinde&shy;rats&shy;sitzung</title>")
    assert found.titles == (frozenset({"die", "gemeinderatssitzung"}),)


def test_the_first_description_is_the_lead() -> None:
    found = declared(
        '<meta name="description" content=""><meta name="Description" content="She sails">'
        '<meta property="og:description" content="Other">'
    )
    assert found.lead == {"she", "sails"}


@pytest.mark.parametrize(
    ("head", "story"),
    [
        ('<meta property="og:type" content="Article">', True),
        ('<meta property="og:type" content="website">', False),
        (script('{"@type": "NewsArticle"}'), True),
        (script('{"@type": ["Report", "x"]}'), True),
        (script('{"@type": "WebPage"}'), False),
        ('<script>{"@type": "NewsArticle"}</script>', False),
    ],
)
def test_a_page_may_say_that_it_is_an_article(head: str, story: bool) -> None:
    assert declared(head).story is story


@pytest.mark.parametrize(
    ("body", "plain"),
    [
        ('"Night <b>Ferry</b>\\nsails"', "nightferrysails"),
        ('"F&auml;hre \\"x\\""', 'fähre"x"'),
        (r'"bad \q escape"', r"bad\qescape"),
        ('"never ends', ""),
    ],
)
def test_the_body_is_read_however_broken_the_json_is(body: str, plain: str) -> None:
    assert declared(script('{"articleBody" : ' + body + ", oops}")).body == plain


def test_the_longest_of_several_bodies_counts() -> None:
    assert declared(script('{"articleBody": "a"}') + script('{"articleBody": "bcd"}')).body == "bcd"
