"""What trafilatura takes for the page's main content."""

from lxml.html import HtmlElement, fromstring, tostring

from pipelines.extraction.main_content import NAME, main_content

LINES = [
    f"The {name} of the town was opened again in June, after {n} years of repairs and waiting."
    for n, name in enumerate(("ferry", "bridge", "school", "library", "market", "museum"), 3)
]


def page(body: str) -> HtmlElement:
    menu = "<nav><a href='/'>Home</a><a href='/a'>About</a></nav>"
    return fromstring(f"<html><body>{menu}<main><article>{body}</article></main></body></html>")


def test_paragraphs_come_in_order_without_the_menu() -> None:
    tree = page("".join(f"<p>{line}</p>" for line in LINES))
    before = tostring(tree)
    assert main_content(tree) == LINES
    assert tostring(tree) == before


def test_bullets_are_no_text() -> None:
    items = "".join(f"<li>{line}</li>" for line in LINES[:3])
    tree = page(f"<p>{LINES[4]}</p><ul>{items}</ul><p>{LINES[5]}</p>")
    found = main_content(tree)
    assert LINES[0] in found


def test_a_page_without_text_has_none() -> None:
    empty = fromstring("<html><body></body></html>")
    assert main_content(empty) == []


def test_the_extractor_is_named_with_its_version() -> None:
    assert NAME.startswith("trafilatura/2.")
