"""A live blog keeps the times and headings of its posts, in order."""

import pytest

from models.items import Hint
from pipelines.extraction.blocks import outline
from pipelines.extraction.posts import posts, restored
from pipelines.extraction.tree import parse
from pipelines.page_reader import extract
from tests.support.tales import STORIES, Tale, page

FORMS = (
    "<div class='post'><time>{0}</time><h3>{1}</h3><p>{2}</p></div>",
    "<article><p class='timestamp'>{0}</p><h2>{1}</h2><p>{2}</p></article>",
    "<section><div><time>{0}</time><span>Ada</span></div><h2>{1}</h2><p>{2}</p></section>",
    "<li><span>{0}</span><h3>{1}</h3><div>{2}</div></li>",
    "<section><h3>{1}</h3><div class='time'>{0}</div><p>{2}</p></section>",
)
CLOCKS = ("15:42", "14h58", "14.20", "13時05分", "12:47", "11:01")


def told(story: Tale) -> list[tuple[str, str, str]]:
    texts = (*story.paragraphs, *story.more)
    return [
        (clock, f"{story.other} {n}", text)
        for n, (clock, text) in enumerate(zip(CLOCKS, texts, strict=False))
    ]


@pytest.mark.parametrize("language", STORIES)
@pytest.mark.parametrize("form", FORMS)
def test_times_and_headings_stay_in_order(form: str, language: str) -> None:
    story = STORIES[language]
    rows = told(story)
    body = (
        f"<article><h1>{story.headline}</h1>{''.join(form.format(*row) for row in rows)}</article>"
    )
    read = extract(page(body, language, story.headline), None, "https://p.example/a", Hint(), None)
    kept = [block.text for block in read.blocks if block.kept]
    for clock, heading, text in rows:
        assert {heading, text} <= set(kept)
        assert any(one.startswith(clock) for one in kept)
    clocks = [one[:5] for one in kept if one.startswith(CLOCKS)]
    assert clocks == [row[0][:5] for row in rows]


def found(body: str, score: float = 1.0) -> tuple[list[str], list[str]]:
    read = outline(parse(f"<html><body>{body}</body></html>".encode(), None))
    count = len(read.pieces)
    times, headings = restored(read, [score] * count, [False] * count)
    return [read.pieces[i].text for i in times], [read.pieces[i].text for i in headings]


TEXT = "The bakers go on working through the night, the council said."


def test_rows_without_times_or_with_links_are_no_posts() -> None:
    assert found(f"<div><b>{CLOCKS[0]}</b><p>{TEXT}</p></div>" * 3) == ([CLOCKS[0]] * 3, [])
    assert found(f"<div><b>{CLOCKS[0]}</b><p>{TEXT}</p></div>" * 2) == ([], [])
    assert found(f"<div><b>Maud</b><p>{TEXT}</p></div>" * 3) == ([], [])
    teaser = f"<div><b>{CLOCKS[0]}</b><h3><a href='/1'>Bread</a></h3><p>{TEXT}</p></div>"
    assert found(teaser * 3) == ([], [])


def test_what_is_not_told_has_no_time() -> None:
    assert found(f"<div><b>{CLOCKS[0]}</b><h3>Bread</h3><p>{TEXT}</p></div>" * 3, -1.0) == ([], [])
    read = outline(parse(b"<p>One</p>", None))
    assert posts(read) == []
