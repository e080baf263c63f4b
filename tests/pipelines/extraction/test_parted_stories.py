"""A second story in the element of the first is not kept; chapters and posts are."""

import pytest

from models.items import Hint
from pipelines.extraction.blocks import outline
from pipelines.extraction.declared_text import DeclaredText
from pipelines.extraction.further_stories import headline
from pipelines.extraction.parted_stories import parted_stories
from pipelines.extraction.spans import spans
from pipelines.extraction.tree import parse
from pipelines.page_reader import extract
from tests.support.papers import PAPERS
from tests.support.tales import STORIES, page, paragraphs

BOTH = sorted(STORIES.keys() & PAPERS.keys())
FORMS = (
    "{0}<hr><h2>{1}</h2><p>{2} | {3}</p>{4}",
    "<div>{0}</div><div><h2>{1}</h2><div>{2}</div><div>{3}</div>{4}</div>",
    "<div>{0}</div><div><h1>{1}</h1><p>{2}, {3}</p>{4}</div>",
    "<div class='a'>{0}</div><hr/><header><h2>{1}</h2></header><p>{2}</p><p>{3}</p>{4}",
)


@pytest.mark.parametrize("language", BOTH)
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("own", [True, False])
def test_a_second_story_goes_with_its_byline(own: bool, form: str, language: str) -> None:
    story, paper = STORIES[language], PAPERS[language]
    byline = f"<p>{paper.by} {story.names[2]}</p>" if own else ""
    first = f"<h1>{story.headline}</h1>{byline}{paragraphs(story.paragraphs)}"
    second = (story.other, f"{paper.by} {paper.writer}", paper.day, paragraphs(story.more))
    body = f"<article>{form.format(first, *second)}</article>"
    read = extract(page(body, language, story.headline), None, "https://p.example/a", Hint(), None)
    kept = [block.text for block in read.blocks if block.kept]
    assert set(story.paragraphs) <= set(kept)
    assert not {story.other, paper.day, *story.more} & set(kept)
    assert paper.writer not in read.metadata.authors
    assert read.metadata.published_at is None


def parted(body: str) -> list[str]:
    read = outline(parse(f"<html><body>{body}</body></html>".encode(), None))
    found = parted_stories(read, spans(read), headline(read, DeclaredText()))
    return [piece.text for start, stop in found for piece in read.pieces[start:stop]]


@pytest.mark.parametrize("language", BOTH)
def test_chapters_stay(language: str) -> None:
    story, paper = STORIES[language], PAPERS[language]
    first = f"<h1>{story.headline}</h1><p>{paper.day}</p>{paragraphs(story.paragraphs)}"
    more = paragraphs(story.more)
    assert (
        parted(f"{first}<hr><h2>{story.other}</h2>{more}<hr><h2>{paper.headline}</h2>{more}") == []
    )
    assert parted(f"{first}<h2>{story.other}</h2><p>{paper.writer} | {paper.day}</p>{more}") == []
    undated = f"<h1>{story.headline}</h1>{paragraphs(story.paragraphs)}"
    assert parted(f"{undated}<hr><h2>{story.other}</h2><p>{paper.day}</p>{more}") == []
    signed = f"{undated}<hr><h2>{story.other}</h2><p>{paper.by} {paper.writer}</p>{more}"
    assert parted(signed) == []


@pytest.mark.parametrize("language", BOTH)
def test_posts_of_one_day_stay(language: str) -> None:
    story, paper = STORIES[language], PAPERS[language]
    first = f"<div><h1>{story.headline}</h1>{paragraphs(story.paragraphs)}</div>"
    post = f"<h2>{story.other}</h2><p>{paper.writer} | {paper.day}</p>{paragraphs(story.more)}"
    assert parted(f"{first}<div>{post}</div>" * 1) != []
    assert parted(first + f"<div>{post}</div>" * 3) == []


def test_a_page_without_a_headline_has_none() -> None:
    assert parted("<p>Text</p>") == []


def test_a_story_that_is_dated_like_the_first_needs_no_name_and_is_not_much_longer() -> None:
    story, paper = STORIES["en"], PAPERS["en"]
    first = f"<h1>{story.headline}</h1><p>{paper.day}</p>{paragraphs(story.paragraphs)}"
    second = f"<hr><h2>{story.other}</h2><p>{paper.day}</p>{paragraphs(story.more)}"
    assert parted(first + second) == [story.other, paper.day, *story.more]
    assert parted(first + second + paragraphs(story.more) * 5) == []


@pytest.mark.parametrize(
    "signed",
    [
        "<p class='byline'>By Owen Castle</p><time itemprop='datePublished' datetime='{0}'></time>",
        "<a rel='author' href='/author/1'>Owen Castle</a><time pubdate datetime='{0}'>x</time>",
    ],
)
def test_marked_names_and_days_of_a_further_story_are_not_the_page_s(signed: str) -> None:
    story = STORIES["en"]
    second = f"<h1>{story.other}</h1>{signed.format('2024-03-14T10:00:00+01:00')}"
    body = (
        f"<article><h1>{story.headline}</h1>{paragraphs(story.paragraphs)}</article>"
        f"<article>{second}{paragraphs(story.more)}</article>"
    )
    read = extract(page(body, "en", story.headline), None, "https://p.example/a", Hint(), None)
    assert read.metadata.authors == ()
    assert read.metadata.published_at is None
