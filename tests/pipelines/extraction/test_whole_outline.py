"""What only a hidden source holds is in the outline; what the page shows is there once."""

import pytest
from lxml.html import HtmlElement

from pipelines.extraction.blocks import Outline
from pipelines.extraction.tree import parse
from pipelines.extraction.whole_outline import prepared, whole_outline
from tests.support.tales import STORIES, page, paragraphs


@pytest.mark.parametrize("language", STORIES)
def test_a_text_in_a_template_alone_is_read(language: str) -> None:
    story = STORIES[language]
    hidden = f"<script type='text/template'>{paragraphs(story.paragraphs)}</script>"
    body = page(f"<h1>{story.headline}</h1><main>{hidden}</main>", language, story.headline)
    found, elements = _outline(body)
    assert [piece.text for piece in found.pieces] == [story.headline, *story.paragraphs]
    assert len(elements) == len(found.containers)


@pytest.mark.parametrize("language", STORIES)
def test_a_text_that_the_page_shows_is_read_once(language: str) -> None:
    story = STORIES[language]
    shown = paragraphs(story.paragraphs)
    body = page(f"<main>{shown}</main><noscript>{shown}</noscript>", language, story.headline)
    found, _ = _outline(body, " ".join(story.paragraphs))
    assert [piece.text for piece in found.pieces] == list(story.paragraphs)


def _outline(body: bytes, article_body: str = "") -> tuple[Outline, list[HtmlElement]]:
    tree = parse(body, None)
    return whole_outline(tree, prepared(tree, article_body))
