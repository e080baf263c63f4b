"""Tree into pieces: what is one text, where it stands, what counts as the same text."""

import pytest

from models.text import words
from pipelines.extraction.blocks import outline
from pipelines.extraction.keys import keys
from pipelines.extraction.paths import dom_paths, learned_path
from pipelines.extraction.tree import parse


def pieces(html: str) -> list[str]:
    return [piece.text for piece in outline(parse(html.encode(), None)).pieces]


def places(html: str) -> list[str]:
    return dom_paths(outline(parse(html.encode(), None)))


def key(text: str) -> int:
    return keys(text, words(text))[0]


def loose(text: str) -> int:
    return keys(text, words(text))[1]


def test_block_elements_part_texts_and_inline_elements_do_not() -> None:
    html = "<div>one <b>bold</b> <a href=x>link</a> text<p>two</p>three</div><ul><li>four</ul>"
    assert pieces(html) == ["one bold link text", "two", "three", "four"]


def test_two_line_breaks_part_texts_and_one_does_not() -> None:
    assert pieces("<div>one<br>still one<br><br>two</div>") == ["one still one", "two"]


def test_what_no_reader_sees_is_no_text() -> None:
    html = "<p>seen</p><script>x</script><style>y</style><noscript>z</noscript><svg>w</svg>"
    assert pieces(html) == ["seen"]


def test_generated_class_names_do_not_change_a_place() -> None:
    first = '<div class="story css-1a2b3c Body-text__x7Gh2"><p>text</p></div>'
    second = '<div class="story css-9z8y7x Body-text__Qw3rT"><p>text</p></div>'
    assert places(first) == places(second) == ["div.Body-text.story>p"]


def test_numbers_in_names_do_not_change_a_place() -> None:
    assert places('<div id="post-123"><p>a</p></div>') == places('<div id="post-9"><p>a</p></div>')


def test_nameless_wrappers_do_not_change_a_place() -> None:
    assert places('<main class="m"><div><p>a</p></div></main>') == places(
        '<main class="m"><div><div><p>a</p></div></div></main>'
    )


def test_case_numbers_and_dates_do_not_change_a_key() -> None:
    assert key("Updated 12 March 2024, 10:15") == key("UPDATED 3 May 2025 at".replace(" at", ", 7"))
    assert key("12 comments") == key("345 Comments")
    assert key("one text") != key("other text")


def test_names_do_not_change_a_loose_key() -> None:
    one = "This story was first published by Jane Miller of the Evening Post"
    two = "This story was first published by Omar Haddad of the Morning News"
    assert key(one) != key(two)
    assert loose(one) == loose(two) != 0


def test_a_sentence_of_names_alone_has_no_loose_key() -> None:
    assert loose("By Jane Miller and Omar Haddad") == 0


def test_very_deep_nesting_loses_no_text() -> None:
    assert "deep" in " ".join(pieces("<div>" * 1500 + "deep" + "</div>" * 1500))


@pytest.mark.slow  # for its size
def test_fifty_thousand_blocks_are_read() -> None:
    assert len(pieces("<p>some words here</p>" * 50_000)) == 50_000


def test_pages_of_a_site_are_compared_by_the_end_of_a_place() -> None:
    assert learned_path("main>article.live>div.story>section.body>p") == "div.story>section.body>p"
    assert learned_path("p") == "p"
