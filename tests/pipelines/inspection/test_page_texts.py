"""The texts of an archived page, each with the element that shows it."""

import pytest

from models.errors import ExtractionFailed
from models.items import Hint
from pipelines.extraction.tree import parse
from pipelines.inspection.page_texts import PageTexts, elements, page_texts
from tests.factories import NOW

PAGE = b"""<html lang="en"><head><title>Harbour frozen | The Post</title>
<meta property="og:title" content="Harbour frozen"><meta name="author" content="Imogen Vance">
<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Harbour frozen",
"datePublished": "2026-11-20T08:00:00Z"}</script></head><body>
<nav><a href="/">Home</a></nav><article><h1>Harbour frozen</h1>
<p>The harbour froze <b>on Sunday</b>.</p><div>Before it <p>A box inside.</p> and after it.</div>
</article></body></html>"""


def read(body: bytes = PAGE) -> PageTexts:
    return page_texts(body, None, "https://example.test/harbour", Hint(), NOW)


def test_each_text_names_the_element_that_shows_it() -> None:
    numbered = elements(parse(PAGE, None))
    shown = [(one.text, numbered[one.element].tag) for one in read().texts if one.element]
    assert shown == [
        ("Home", "nav"),
        ("Harbour frozen", "h1"),
        ("The harbour froze on Sunday.", "p"),
        ("Before it", "div"),
        ("A box inside.", "p"),
        ("and after it.", "div"),
    ]


def test_what_only_a_hidden_source_holds_has_no_element() -> None:
    prose = "The ice is thirty centimetres thick and carries a lorry, the harbour master said. "
    body = PAGE.replace(b"</article>", b"</article><template><p>%s</p></template>" % (
        (prose * 12).encode()
    ))  # fmt: skip
    hidden = [one for one in read(body).texts if one.text.startswith("The ice")]
    assert [one.element for one in hidden] == [None]


def test_the_metadata_names_each_value_and_its_source() -> None:
    given = read().metadata
    assert [(one.source, one.value) for one in given if one.field == "title"] == [
        ("meta", "Harbour frozen"),
        ("jsonld", "Harbour frozen"),
        ("heading", "Harbour frozen"),
        ("title", "Harbour frozen | The Post"),
    ]
    assert ("authors", "meta", "Imogen Vance") in given
    assert ("published_at", "jsonld", "2026-11-20 08:00 UTC") in given


def test_what_is_no_html_raises() -> None:
    with pytest.raises(ExtractionFailed, match="a PDF"):
        read(b"%PDF-1.7")
