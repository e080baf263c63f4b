"""Teasers beside a story are known by their linked headings."""

import pytest
from lxml.html import fromstring

from pipelines.extraction.blocks import outline
from pipelines.extraction.spans import spans
from pipelines.extraction.teaser_rows import teaser_rows
from tests.support.tales import STORIES, Tale, paragraphs


def rows(story: Tale, link: str = "a href='/x'") -> str:
    tag = link.split(maxsplit=1)[0]
    return "".join(
        f"<div class='w'><h4><{link}>{name} {story.other}</{tag}></h4><div>{text}</div></div>"
        for name, text in zip(story.names, (*story.more, story.paragraphs[1]), strict=True)
    )


def found(body: str, headline: int = 0) -> list[str]:
    read = outline(fromstring(f"<html><body>{body}</body></html>"))
    ranges = teaser_rows(read, spans(read), headline)
    return [piece.text for start, stop in ranges for piece in read.pieces[start:stop]]


@pytest.mark.parametrize("language", STORIES)
def test_rows_beside_the_story_are_teasers(language: str) -> None:
    story = STORIES[language]
    body = f"<h1>{story.headline}</h1>{paragraphs(story.paragraphs)}"
    assert set(story.more) < set(found(f"<div>{body}</div><div class='q'>{rows(story)}</div>"))
    boxed = f"<div class='q'><div><h3>{story.reply}</h3><div>{rows(story)}</div></div></div>"
    assert set(story.more) < set(found(f"<div>{body}</div>{boxed}"))


@pytest.mark.parametrize("language", STORIES)
def test_rows_inside_the_story_are_its_own(language: str) -> None:
    story = STORIES[language]
    text = paragraphs(story.paragraphs)
    inside = f"<div>{text}<div>{rows(story)}</div>{text}</div>"
    assert found(f"<h1>{story.headline}</h1>{inside}") == []
    assert found(f"<div>{text}</div><div>{rows(story)}</div>", -1) == []


@pytest.mark.parametrize("language", STORIES)
def test_rows_without_links_and_pages_of_entries_are_no_teasers(language: str) -> None:
    story = STORIES[language]
    body = f"<div><h1>{story.headline}</h1>{paragraphs(story.paragraphs)}</div>"
    assert found(f"{body}<div>{rows(story, 'b')}</div>") == []
    few = f"<div><h1>{story.headline}</h1><p>{story.more[1]}</p></div>"
    assert found(f"{few}<div>{rows(story) * 4}</div>") == []
