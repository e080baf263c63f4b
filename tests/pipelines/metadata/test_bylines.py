"""Bylines that stand in a page's text."""

import pytest
from lxml.html import fromstring

from pipelines.metadata.bylines import bylines, signed_lines


def found(body: str) -> list[tuple[str, ...]]:
    return list(bylines(fromstring(f"<html><body>{body}</body></html>")))


@pytest.mark.parametrize(
    "element",
    [
        "<span class=byline>Ada Lind</span>",
        "<span class=c-Author>Ada Lind</span>",
        "<a rel=author href=/x>Ada Lind</a>",
        "<a href=/authors/ada>Ada Lind</a>",
        "<span itemprop=author>Ada Lind</span>",
        "<span itemprop=author content='Ada Lind'></span>",
        "<div class=autor><p>Ada Lind</p></div>",
    ],
)
def test_an_element_that_is_named_for_it_holds_a_byline(element: str) -> None:
    assert found(f"<p>{element}</p>") == [("Ada Lind",)]


@pytest.mark.parametrize(
    "element",
    [
        "<span class=author-bio>Ada Lind</span>",
        "<div class=related><span class=byline>Ada Lind</span></div>",
        "<nav><span class=byline>Ada Lind</span></nav>",
        "<footer><span class=byline>Ada Lind</span></footer>",
        "<span class=authorised>Ada Lind</span>",
        "<a href=/authors/>All authors</a>",
        f"<span class=byline>{'x' * 121}</span>",
        "<span class=byline></span>",
    ],
)
def test_what_is_about_authors_or_elsewhere_is_none(element: str) -> None:
    assert found(f"<p>{element}</p>") == []


def test_the_innermost_counts_and_neighbours_are_one_byline() -> None:
    links = "<a href=/author/a>Ada Lind</a> <a href=/author/b>Bo Ek</a>"
    assert found(f"<div class=byline>{links}</div>") == [("Ada Lind", "Bo Ek")]
    listed = "<ul><li><a rel=author>Ada Lind</a></li><li><a rel=author>Bo Ek</a></li></ul>"
    assert found(listed) == [("Ada Lind", "Bo Ek")]
    apart = "<div><p class=byline>Ada Lind</p></div><div><p class=byline>Bo Ek</p></div>"
    assert found(apart) == [("Ada Lind",), ("Bo Ek",)]


def signed(body: str) -> list[str]:
    return list(signed_lines(fromstring(f"<html><body>{body}</body></html>")))


@pytest.mark.parametrize("line", ["By Ada Lind", "Von Ada Lind", "Text: Ada", "Written by Ada"])
def test_a_line_soon_after_the_heading_may_be_signed(line: str) -> None:
    expected = [] if line.startswith("Text:") else [line]
    assert signed(f"<h1>Ferry</h1><p>{line}</p>") == expected
    assert signed(f"<p>{line}</p><h1>Ferry</h1>") == []


def test_a_long_line_or_a_late_one_is_not() -> None:
    assert signed(f"<h1>F</h1><p>By {'x' * 77}</p>") == [f"By {'x' * 77}"]
    assert signed(f"<h1>F</h1><p>By {'x' * 78}</p>") == []
    assert signed("<h1>F</h1>" + "<p>x</p>" * 119 + "<p>By Ada</p>") == ["By Ada"]
    assert signed("<h1>F</h1>" + "<p>x</p>" * 120 + "<p>By Ada</p>") == []
