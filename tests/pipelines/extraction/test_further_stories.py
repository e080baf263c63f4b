"""Pages that go on with further stories keep their own alone."""

import pytest
from lxml.html import fromstring

from models.items import Hint
from pipelines.extraction.blocks import outline
from pipelines.extraction.declared_text import DeclaredText
from pipelines.extraction.further_stories import further_stories, headline
from pipelines.extraction.spans import spans
from pipelines.page_reader import extract
from tests.support.tales import STORIES, Tale, page, paragraphs


def article(headline: str, story: Tale, texts: tuple[str, ...]) -> str:
    return (
        f"<article class='story'><h1>{headline}</h1><div class='by'>{story.names[0]}</div>"
        f"<div class='on'>{story.date}</div><div class='txt'>{paragraphs(texts)}</div></article>"
    )


def sections(story: Tale) -> str:
    first, second = (
        f"<div class='x1 unit'><{tag}>{head}</{tag}><div>{story.names[0]}, {story.date}</div>"
        f"<div class='t'>{paragraphs(texts)}</div></div>"
        for tag, head, texts in (
            ("h1", story.headline, story.paragraphs),
            ("h2", story.other, story.more),
        )
    )
    return f"<div class='flow'>{first}{second}</div>"


def level(story: Tale) -> str:
    """Headlines and texts beside each other, in one element."""
    return "".join(
        f"<div class='top'><h1 class='hl'>{head}</h1><div>{story.names[0]} | {story.date}</div>"
        f"</div><div class='t'>{paragraphs(texts)}</div>"
        for head, texts in ((story.headline, story.paragraphs), (story.other, story.more))
    )


def articles(story: Tale) -> str:
    first = article(story.headline, story, story.paragraphs)
    return f"<main>{first}{article(story.other, story, story.more)}</main>"


def wrapped(story: Tale) -> str:
    first = article(story.headline, story, story.paragraphs)
    return f"{first}<div class='next'>{article(story.other, story, story.more)}</div>"


@pytest.mark.parametrize("language", STORIES)
@pytest.mark.parametrize("made", [articles, wrapped, sections, level])
def test_a_second_story_is_not_kept(made: object, language: str) -> None:
    story = STORIES[language]
    assert callable(made)
    body = page(made(story), language, story.headline)
    found = extract(body, "utf-8", "https://paper.example/2026/a", Hint(), None)
    kept = [block.text for block in found.blocks if block.kept]
    assert set(story.paragraphs) <= set(kept)
    assert not set(story.more) & set(kept)


def ranges(body: str, title: str = "") -> list[str]:
    read = outline(fromstring(f"<html><body>{body}</body></html>"))
    declared = DeclaredText((frozenset(title.lower().split()),) if title else ())
    found = further_stories(read, spans(read), headline(read, declared))
    return [piece.text for start, stop in found for piece in read.pieces[start:stop]]


@pytest.mark.parametrize("language", STORIES)
def test_chapters_of_one_story_are_its_own(language: str) -> None:
    story = STORIES[language]
    body, more = paragraphs(story.paragraphs), paragraphs(story.more)
    flat = f"<h1>{story.headline}</h1>{body}<h2>{story.other}</h2>{more}"
    assert ranges(flat) == []
    assert ranges(f"<section class='s'><h1>{story.headline}</h1>{body}</section>"
                  f"<section class='s'><h2>{story.other}</h2>{more}</section>") == []  # fmt: skip
    assert ranges(f"<article><h1>{story.headline}</h1>{body}"
                  f"<section><h1>{story.other}</h1>{more}</section></article>") == []  # fmt: skip


@pytest.mark.parametrize("language", STORIES)
def test_posts_of_a_live_blog_are_its_own(language: str) -> None:
    story = STORIES[language]
    posts = "".join(
        f"<article class='post'><h2>{story.other}</h2><span>14:{n}</span>{paragraphs(story.more)}"
        "</article>"
        for n in range(20, 25)
    )
    head = f"<header><h1>{story.headline}</h1>{paragraphs(story.paragraphs[:1])}</header>"
    assert ranges(f"<article class='live'>{head}<div>{posts}</div></article>") == []
    assert ranges(f"<main>{head}<div>{posts}</div></main>") == []


def test_the_headline_is_the_one_most_like_a_title() -> None:
    read = outline(fromstring("<body><h1>The Post</h1><h2>x</h2><h1>Ferry sails</h1></body>"))
    assert headline(read, DeclaredText((frozenset({"ferry", "sails", "again"}),))) == 2
    assert headline(read, DeclaredText()) == 0
    assert headline(outline(fromstring("<body><p>Text</p></body>")), DeclaredText()) == -1
