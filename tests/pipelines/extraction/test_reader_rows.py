"""Readers' comments are known by their shape; posts, statements and entries of a story stay."""

import pytest
from lxml.html import fromstring

from models.items import Hint
from pipelines.extraction.blocks import outline
from pipelines.extraction.reader_rows import reader_rows
from pipelines.extraction.spans import spans
from pipelines.page_reader import extract
from tests.support.tales import STORIES, Tale, page, paragraphs


def said(story: Tale) -> list[str]:
    return [*story.more, story.paragraphs[1].replace("1", "2") + "!"]


def divs(story: Tale) -> str:
    return "".join(
        f"<div class='a1 b2'><div class='q'>{name}, {ago}</div><div class='t'><p>{text}</p></div>"
        "</div>"
        for name, ago, text in zip(story.names, story.ago, said(story), strict=True)
    )


def items(story: Tale) -> str:
    return "".join(
        f"<li><b>{name}</b><div>{ago}</div><div>{text}</div><div><a href='#'>{story.reply}</a>"
        "</div></li>"
        for name, ago, text in zip(story.names, story.ago, said(story), strict=True)
    )


@pytest.mark.parametrize("language", STORIES)
@pytest.mark.parametrize(
    ("made", "around"), [(divs, "div class='z'"), (items, "ol"), (divs, "section")]
)
def test_comments_without_a_word_for_it_in_their_markup_are_not_kept(
    made: object, around: str, language: str
) -> None:
    story = STORIES[language]
    assert callable(made)
    rows = f"<{around}>{made(story)}</{around.split(maxsplit=1)[0]}>"
    head = f"<h1>{story.headline}</h1>"
    body = f"<div class='k'>{head}<div class='b'>{paragraphs(story.paragraphs)}</div>{rows}</div>"
    found = extract(page(body, language, story.headline), None, "https://p.example/a", Hint(), None)
    kept = [block.text for block in found.blocks if block.kept]
    assert set(story.paragraphs) <= set(kept)
    assert not set(said(story)) & set(kept)
    assert {block.hint for block in found.blocks if block.text in said(story)} <= {"comment", ""}


def ranges(body: str) -> list[tuple[int, int]]:
    read = outline(fromstring(f"<html><body>{body}</body></html>"))
    return reader_rows(read, spans(read))


@pytest.mark.parametrize("language", STORIES)
def test_posts_of_a_live_blog_are_no_rows_of_readers(language: str) -> None:
    story = STORIES[language]
    intro = paragraphs(story.paragraphs)
    texts = [*story.more, *story.paragraphs[1:]]
    timed = "".join(f"<div><b>14:{n}</b><p>{text}</p></div>" for n, text in enumerate(texts, 10))
    assert ranges(f"{intro}<div>{timed}</div>") == []
    titled = "".join(
        f"<div><h3>{name}, 14:{n}</h3><p>{text}</p></div>"
        for n, (name, text) in enumerate(zip(story.names, said(story), strict=True), 10)
    )
    assert ranges(f"{intro}<div>{titled}</div>") == []


@pytest.mark.parametrize("language", STORIES)
def test_people_asked_in_the_street_are_the_story(language: str) -> None:
    story = STORIES[language]
    asked = "".join(
        f"<div><div>{name}, {age}</div><p>{text}</p><p>{text}</p></div>"
        for name, age, text in zip(story.names, (34, 71, 19), said(story), strict=True)
    )
    assert ranges(f"{paragraphs(story.paragraphs[:1])}<div>{asked}</div>") == []


@pytest.mark.parametrize("language", STORIES)
def test_numbered_chapters_are_the_story(language: str) -> None:
    story = STORIES[language]
    chapters = "".join(
        f"<div><div>{n}. {name}</div><p>{text}</p></div>"
        for n, (name, text) in enumerate(zip(story.names, story.paragraphs, strict=True), 1)
    )
    assert ranges(f"{paragraphs(story.paragraphs)}<div>{chapters}</div>") == []
    rows = chapters.replace("2. ", "8. ")
    assert len(ranges(f"{paragraphs(story.paragraphs)}<div>{rows}</div>")) == 3


@pytest.mark.parametrize("language", STORIES)
def test_rows_without_an_element_of_their_own_are_readers_too(language: str) -> None:
    story = STORIES[language]
    rows = "".join(
        f"<p><b>{name}</b> · {ago}</p><p>{text}</p><p><a href='#r'>{story.reply}</a></p>"
        for name, ago, text in zip(
            story.names, story.ago, (*story.more, story.more[0]), strict=True
        )
    )
    text = paragraphs(story.paragraphs)
    body = f"<article><h1>{story.headline}</h1>{text}</article><section>{rows}</section>"
    read = extract(page(body, language, story.headline), None, "https://p.example/a", Hint(), None)
    kept = [block.text for block in read.blocks if block.kept]
    assert set(story.paragraphs) <= set(kept)
    assert not {*story.more, story.reply} & set(kept)


@pytest.mark.parametrize("language", STORIES)
def test_a_refrain_makes_no_rows(language: str) -> None:
    story = STORIES[language]
    verse = "".join(f"<p>{text}</p><p>{story.reply}</p>" for text in story.paragraphs)
    body = f"<article><h1>{story.headline}</h1>{verse}{verse}</article>"
    read = extract(page(body, language, story.headline), None, "https://p.example/a", Hint(), None)
    kept = [block.text for block in read.blocks if block.kept]
    assert set(story.paragraphs) <= set(kept)


def test_the_first_of_level_rows_is_as_long_as_the_second() -> None:
    story = STORIES["en"]
    row = "<p>{} · {}</p><p>{}</p><p>Reply</p>"
    rows = [
        row.format(*parts)
        for parts in zip(story.names, story.ago, (*story.more, "So it is."), strict=True)
    ]
    read = outline(
        fromstring(
            f"<body><div>{paragraphs(story.paragraphs)}</div><div>{''.join(rows)}</div></body>"
        )
    )
    assert reader_rows(read, spans(read)) == [(3, 6), (6, 9), (9, 12)]
    cut = f"<div>{paragraphs(story.paragraphs)}</div><div><p>Reply</p>{''.join(rows[:2])}</div>"
    read = outline(fromstring(f"<body>{cut}</body>"))
    assert reader_rows(read, spans(read)) == []
