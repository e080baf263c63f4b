"""Text in dialogs is not the page's story."""

import pytest

from models.items import Hint
from pipelines.extraction.blocks import walk
from pipelines.extraction.dialogs import dialogs
from pipelines.extraction.spans import spans
from pipelines.extraction.tree import parse
from pipelines.page_reader import extract
from tests.support.tales import STORIES, page, paragraphs

OPENED = (
    "<div role='dialog' class='q7'>{}</div>",
    "<section role='alertdialog'><div>{}</div></section>",
    "<div aria-modal='true' data-testid='x'>{}</div>",
    "<dialog open>{}</dialog>",
    "<div style='position: fixed; bottom:0'>{}</div>",
)


@pytest.mark.parametrize("language", STORIES)
@pytest.mark.parametrize("opened", OPENED)
def test_text_in_a_dialog_is_not_kept(opened: str, language: str) -> None:
    story = STORIES[language]
    text = f"<h1>{story.headline}</h1>{paragraphs(story.paragraphs)}"
    body = f"<main><div class='b'>{text}{opened.format(paragraphs(story.more))}</div></main>"
    read = extract(page(body, language, story.headline), None, "https://p.example/a", Hint(), None)
    kept = [block.text for block in read.blocks if block.kept]
    assert set(story.paragraphs) <= set(kept)
    assert not set(story.more) & set(kept)


@pytest.mark.parametrize("opened", OPENED)
def test_a_dialog_that_holds_the_story_is_none(opened: str) -> None:
    story = STORIES["en"]
    body = opened.format(f"<h1>{story.headline}</h1><p>{story.more[0]}</p>")
    read, elements = walk(parse(f"{body}{paragraphs(story.paragraphs)}".encode(), None))
    assert dialogs(spans(read), elements, 0) == []
    assert dialogs(spans(read), elements, -1) == [(0, 2)]
    body = f"<h1>{story.headline}</h1>{opened.format(paragraphs(story.paragraphs))}"
    read, elements = walk(parse(body.encode(), None))
    assert dialogs(spans(read), elements, 0) == []


def test_a_page_without_dialogs_has_none() -> None:
    read, elements = walk(parse(b"<p>One</p><div style='position:absolute'><p>Two</p></div>", None))
    assert dialogs(spans(read), elements, -1) == []
