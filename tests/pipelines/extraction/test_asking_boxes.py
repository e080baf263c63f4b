"""A small box with a button is no part of the story, in any language."""

import pytest

from models.items import Hint
from pipelines.extraction.asking_boxes import asking_boxes, cookie_bars
from pipelines.extraction.blocks import walk
from pipelines.extraction.inline import join_sentences
from pipelines.extraction.spans import spans
from pipelines.extraction.tree import parse
from pipelines.page_reader import extract
from tests.support.papers import PAPERS
from tests.support.tales import page, paragraphs

BARS = (
    "<div>{0}<button>{1}</button></div>{2}",
    "{2}<div class='q1'><div><p>{0}</p></div><form><input type=submit value='{1}'></form></div>",
    "<p>{0} <a href='#'>{1}</a></p>{2}",
    "<div><p>{0}</p><p><a href='/ok?c=1'>{1}</a></p></div>{2}",
    "<div>{0}</div><header>x</header>{2}",
    "<main>{2}</main><div>{0} <a href='/p'>{1}</a></div>",
    "<div><p>{0}</p><div onclick='f()'>{1}</div></div>{2}",
    "<main>{2}</main><section><p>{0}</p><span><button>{1}</button></span></section>",
)


@pytest.mark.parametrize("language", PAPERS)
@pytest.mark.parametrize("bar", BARS)
def test_a_bar_around_a_brief_is_not_kept(bar: str, language: str) -> None:
    paper = PAPERS[language]
    story = f"<article><h1>{paper.headline}</h1>{paragraphs(paper.brief)}</article>"
    body = bar.format(paper.cookies, paper.accept, story)
    read = extract(page(body, language, paper.headline), None, "https://p.example/a", Hint(), None)
    kept = [block.text for block in read.blocks if block.kept]
    assert set(paper.brief) <= set(kept)
    assert not any(paper.cookies in text for text in kept)
    gone = [
        *(block.text for block in read.blocks if not block.kept),
        *(r.text for r in read.removed),
    ]
    assert any(paper.cookies[:60] in text for text in gone)


@pytest.mark.parametrize("language", PAPERS)
def test_a_box_with_a_field_amid_the_story_is_not_kept(language: str) -> None:
    paper = PAPERS[language]
    first, second = (paragraphs(paper.brief), paragraphs(paper.brief[::-1]))
    box = f"<div class='k'><p>{paper.calls[4]}</p><form><input type=email></form></div>"
    body = f"<article><h1>{paper.headline}</h1>{first}{box}{second}</article>"
    read = extract(page(body, language, paper.headline), None, "https://p.example/a", Hint(), None)
    kept = [block.text for block in read.blocks if block.kept]
    assert paper.calls[4] not in kept
    assert set(paper.brief) <= set(kept)


def boxes(body: str, headline: int = 0) -> list[str]:
    tree = parse(f"<html><body>{body}</body></html>".encode(), None)
    join_sentences(tree)
    read, elements = walk(tree)
    found = asking_boxes(read, spans(read), elements, headline)
    return [piece.text for start, stop in found for piece in read.pieces[start:stop]]


EN = PAPERS["en"]
STORY = f"<h1>{EN.headline}</h1>{paragraphs(EN.brief)}"
BUTTON = "<button>Share</button>"


@pytest.mark.parametrize("language", PAPERS)
def test_the_story_has_buttons_too(language: str) -> None:
    paper = PAPERS[language]
    text = paragraphs(paper.brief)
    assert boxes(f"<div><h1>{paper.headline}</h1>{text}{BUTTON}</div>") == []
    assert boxes(f"<h1>{paper.headline}</h1><div>{text}<div>{BUTTON}</div></div>") == []
    ticked = f"<h1>{paper.headline}</h1>{text}<ul><li>{paper.about}{BUTTON}</li></ul>"
    assert boxes(ticked) == []


def test_posts_and_products_have_a_button_each() -> None:
    items = [
        f"<div class=i><h3>{n}</h3><p>{text}</p>{BUTTON}</div>" for n, text in enumerate(EN.calls)
    ]
    assert boxes(STORY + "".join(items)) == []
    assert boxes(STORY + items[0]) == ["0", EN.calls[0]]
    assert boxes(STORY + items[0] * 4) == ["0", EN.calls[0]] * 4  # one advert, many times


def test_code_has_a_button_that_copies_it() -> None:
    assert boxes(f"{STORY}<div><pre>let one = two + three + four;</pre>{BUTTON}</div>") == []


def test_a_paragraph_of_the_story_may_end_with_a_button() -> None:
    assert boxes(f"{STORY}<p>{EN.about} {BUTTON}</p>{paragraphs(EN.brief)}") == []


def test_a_long_box_is_none() -> None:
    assert boxes(f"{STORY}<div>{paragraphs(EN.calls)}{BUTTON}</div>") == []
    assert boxes(f"<h1>{EN.headline}</h1><p>{EN.calls[0]}</p><div>{EN.about}{BUTTON}</div>") == []


def bars(body: str, headline: int = 0) -> list[str]:
    read, _ = walk(parse(f"<html><body>{body}</body></html>".encode(), None))
    found = cookie_bars(read, spans(read), headline)
    return [piece.text for start, stop in found for piece in read.pieces[start:stop]]


@pytest.mark.parametrize("language", PAPERS)
def test_a_story_about_cookies_names_them(language: str) -> None:
    paper = PAPERS[language]
    text = paragraphs((*paper.brief, paper.cookies))
    story = f"<article><h1>{paper.headline}</h1>{text}</article>"
    assert bars(story) == []
    assert bars(f"<main><h1>{paper.headline}</h1><div>{text}</div></main>") == []
    assert bars(f"<h1>{paper.cookies}</h1>{text}") == []
    assert bars(f"<div>{paper.cookies}</div>{story}", 1) == [paper.cookies]
    assert bars(f"{story}<div>{paper.cookies}</div>") == [paper.cookies]
    assert bars(f"{story}<div>{paper.cookies}</div>", -1) == []
    assert bars(f"{story}<div>{paper.cookies * 20}</div>") == []


def test_a_box_above_the_headline_needs_no_cookies() -> None:
    assert boxes(f"<div>{EN.calls[0]}{BUTTON}</div>{STORY}", 1) == [EN.calls[0]]
    assert boxes(f"<div>{EN.calls[0]}</div>{STORY}", 1) == []
